/** Whether SELinux has a say: the next boot uses it, and its policy can be loaded from the maintenance shell. */
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'

/** For a script that asks other things, too: one round trip less. */
export const ASK_SELINUX =
  'grep "^SELINUX=" /etc/selinux/config 2>/dev/null | sed "s/^/selinux /"; ' +
  '[ -x /usr/sbin/load_policy ] && echo load_policy'

/** By the lines that were answered to `ASK_SELINUX`. */
export function saysSelinux(lines: readonly string[]): boolean {
  return (
    lines.includes('load_policy') &&
    tagged(lines, 'selinux').some((line) => /^SELINUX=\s*(?:enforcing|permissive)\b/i.test(line))
  )
}

/** @throws RescueError `look-unreadable` */
export async function usesSelinux(shell: Shell, signal: AbortSignal): Promise<boolean> {
  const script = `export LC_ALL=C; ${ASK_SELINUX}; echo end`
  return saysSelinux(await ask(shell, [script], signal, 'selinux'))
}
