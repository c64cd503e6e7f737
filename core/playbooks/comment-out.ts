/** A configuration file without some of its lines: they stay, as comments that say since when. Text in, text out. */

/** `lines` are counted from 1. */
export function withoutLines(text: string, lines: readonly number[], note: string): string {
  return text
    .split('\n')
    .map((line, index) => (lines.includes(index + 1) ? `# ${note}: ${line}` : line))
    .join('\n')
}
