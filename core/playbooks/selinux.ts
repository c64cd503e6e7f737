/** Whether SELinux has a say: the next boot uses it, and its policy can be loaded from the maintenance shell. */
import type { Shell } from '../shell/shell.ts'
import { unreadable } from './inspect.ts'

/** For a script of `sh` that asks other things, too: one round trip less. */
export const ASK_SELINUX = [
  'grep "^SELINUX=" /etc/selinux/config 2>/dev/null',
  '[ -x /usr/sbin/load_policy ] && echo load_policy',
].join('; ')

/** By the lines that were answered to `ASK_SELINUX`. */
export function saysSelinux(lines: readonly string[]): boolean {
  return lines.includes('load_policy') && lines.some((line) => /^SELINUX=\s*(?:enforcing|permissive)\b/i.test(line))
}

/** @throws RescueError `look-unreadable` */
export async function usesSelinux(shell: Shell, signal: AbortSignal): Promise<boolean> {
  const { output } = await shell.run(['/bin/sh', '-c', `export LC_ALL=C; ${ASK_SELINUX}; echo end`], signal)
  const lines = output.split(/\r?\n/)
  if (!lines.includes('end')) throw unreadable('whether it uses SELinux', output)
  return saysSelinux(lines)
}
