/** Versions of other people's programs, as far as we depend on them: major and minor. */
export type Version = readonly [major: number, minor: number]

/** The first two numbers in `text`, e.g. of `7.0.15`; undefined when there are none. */
export function readVersion(text: string): Version | undefined {
  const { major, minor } = /(?<major>\d+)\.(?<minor>\d+)/.exec(text)?.groups ?? {}
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)]
}

export function isAtLeast([major, minor]: Version, [leastMajor, leastMinor]: Version): boolean {
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}
