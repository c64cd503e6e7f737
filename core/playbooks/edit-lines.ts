/** A configuration file with some of its lines changed. Text in, text out; lines are counted from 1. */

/** `edit` gets a line without its newline; a carriage return before that is part of it. */
export function onLines(text: string, lines: readonly number[], edit: (line: string) => string): string {
  return text
    .split('\n')
    .map((line, index) => (lines.includes(index + 1) ? edit(line) : line))
    .join('\n')
}

/** They stay, as comments that say why. */
export function withoutLines(text: string, lines: readonly number[], why: string): string {
  return onLines(text, lines, (line) => `# ${why}: ${line}`)
}
