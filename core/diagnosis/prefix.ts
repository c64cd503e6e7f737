/** What loggers write before a message: host, time, level. A rule looks at what comes behind it. */

/** `Nov 27 09:40:01 host `, `2025-11-27T09:40:01.123456+00:00 host `, with the kernel as a program. */
const SYSLOG =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?) (?:(?!\[)[\w.-]+ (?=[\w./()@-]+(?:\[\d+\])?: ))?(?:kernel: )?/
/** What a terminal program or `dmesg -T` puts before a line. */
const STAMP =
  /^\[(?:\d{4}-\d\d-\d\d[T ])?(?:[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ )?\d\d:\d\d:\d\d(?:[.,]\d+)?(?: \d{4})?\] */
const LEVEL = /^<\d{1,3}>/
/** The kernel's own: seconds since it began, and with some kernels the task or the processor. */
export const UPTIME = /^\[ *(?<uptime>\d{1,7}\.\d{6})\](?:\[ *[TC]\d+\])? ?/

/** How long the prefixes are that a line has besides the kernel's time. */
export function prefixLength(text: string): number {
  let at = 0
  for (const pattern of [STAMP, SYSLOG, LEVEL]) at += pattern.exec(text.slice(at))?.[0].length ?? 0
  return at
}

/** The message alone, and when the kernel says that it came. */
export function withoutPrefix(text: string): { readonly said: string; readonly uptime: number | undefined } {
  const rest = mayHavePrefix(text) ? text.slice(prefixLength(text)) : text
  const uptime = rest.startsWith('[') ? UPTIME.exec(rest) : null
  if (uptime === null) return { said: rest, uptime: undefined }
  const said = rest.slice(uptime[0].length)
  return { said: said.startsWith('<') ? said.replace(LEVEL, '') : said, uptime: Number(uptime.groups?.uptime) }
}

/** Most lines of a log have none of them, and their first character tells so. */
function mayHavePrefix(text: string): boolean {
  return /^[[<\dA-Z]/.test(text)
}
