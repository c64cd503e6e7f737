/**
 * Titles of entries as a menu shows them: cut off where the box ends, and with a question mark, on GRUB's own serial
 * terminal, for each character that is not ASCII.
 */

/** Whether `shown`, from a box `width` columns wide, can be the title `wanted`. */
export function canBeTitle(shown: string, wanted: string, width: number): boolean {
  const cut = isCut(shown, width)
  const visible = cut ? shown.slice(0, -1) : shown
  const expected = (cut ? wanted.slice(0, visible.length) : wanted).trimEnd()
  if ([...expected].length !== [...visible.trimEnd()].length) return false
  return [...expected].every((character, index) => isShownAs(character, [...visible][index] ?? ''))
}

/** GRUB marks a title that goes on. (grub-core/normal/menu_text.c: print_entry) */
function isCut(shown: string, width: number): boolean {
  return shown.length === width && /[>→]$/.test(shown)
}

function isShownAs(character: string, shown: string): boolean {
  if (character === shown) return true
  return /[^ -~]/.test(character) && (shown === '?' || /[^ -~]/.test(shown))
}

/** The title in the first line of an entry's source, if it is there. (grub-core/commands/menuentry.c: setparams_prefix) */
export function titleInSource(line: string): string | undefined {
  const quoted = /^setparams '(?<title>(?:[^']|'\\'')*)'/.exec(line)?.groups?.title
  return quoted?.replaceAll("'\\''", "'")
}

/** The same kernel in another mode is no older one. */
export function isOtherMode(title: string): boolean {
  return /recovery|rescue|fallback|debug|memtest/i.test(title)
}

/** A kernel's version in a title or a path, e.g. `6.1.0-18-amd64`. */
export function kernelVersion(text: string): string | undefined {
  return /(?<![\d.])\d+\.\d+\.\d+(?:[-._+~]?\w+)*/.exec(text)?.[0]
}

/** Negative when `one` is older than `other`: numbers by value, the rest by the alphabet. */
export function compareVersions(one: string, other: string): number {
  const ones = parts(one)
  const others = parts(other)
  for (let index = 0; index < Math.max(ones.length, others.length); index += 1) {
    const [a = '', b = ''] = [ones[index], others[index]]
    if (a === b) continue
    if (/^\d+$/.test(a) && /^\d+$/.test(b)) return Number(a) - Number(b)
    return a < b ? -1 : 1
  }
  return 0
}

/**
 * The newest of the kernels that is older than `current`. When nobody knows that, the newest of all is what boots, as it
 * is by default everywhere.
 */
export function newestBefore<T extends { readonly version: string }>(
  kernels: readonly T[],
  current: string | undefined,
): T | undefined {
  const newestFirst = kernels.toSorted((one, other) => compareVersions(other.version, one.version))
  const newest = current ?? newestFirst[0]?.version ?? ''
  return newestFirst.find(({ version }) => compareVersions(version, newest) < 0)
}

function parts(version: string): string[] {
  return version.match(/\d+|[a-z]+/gi) ?? []
}
