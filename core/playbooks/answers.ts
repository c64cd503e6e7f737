/** How a look asks: one script of `sh` whose lines begin with a word that says what they are, and end with `end`. */
import type { Shell } from '../shell/shell.ts'
import { unreadable } from './inspect.ts'

/** Part of a script: whether the next boot uses SELinux, and its policy can be loaded here. */
export const SELINUX =
  'grep "^SELINUX=" /etc/selinux/config 2>/dev/null | sed "s/^/selinux /"; ' +
  '[ -x /usr/sbin/load_policy ] && echo load_policy'

/** `script` and its parameters, `$0` first. @throws RescueError `look-unreadable` */
export async function ask(shell: Shell, script: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const { output } = await shell.run(['/bin/sh', '-c', ...script], signal)
  const lines = output.split(/\r?\n/)
  if (!lines.includes('end')) throw unreadable('what system it is', output)
  return lines
}

export function tagged(lines: readonly string[], tag: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`${tag} `)).map((line) => line.slice(tag.length + 1))
}

export function usesSelinux(lines: readonly string[]): boolean {
  return (
    lines.includes('load_policy') &&
    tagged(lines, 'selinux').some((line) => /^SELINUX=\s*(?:enforcing|permissive)\b/i.test(line))
  )
}
