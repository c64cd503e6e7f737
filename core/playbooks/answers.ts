/** How a look asks: one script of `sh` whose lines begin with a word that says what they are, and end with `end`. */
import type { Shell } from '../shell/shell.ts'
import { unreadable } from './inspect.ts'

/** `script` and its parameters, `$0` first; `about` what it asks. @throws RescueError `look-unreadable` */
export async function ask(
  shell: Shell,
  script: readonly string[],
  signal: AbortSignal,
  about = 'system',
): Promise<readonly string[]> {
  const { output } = await shell.run(['/bin/sh', '-c', ...script], signal)
  const lines = output.split(/\r?\n/)
  if (!lines.includes('end')) throw unreadable(about, output)
  return lines
}

export function tagged(lines: readonly string[], tag: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`${tag} `)).map((line) => line.slice(tag.length + 1))
}
