/** Whether SELinux has a say: the next boot uses it, and its policy can be loaded from the maintenance shell. */
import type { Shell } from '../shell/shell.ts'
import { unreadable } from './inspect.ts'

const SCRIPT = [
  'export LC_ALL=C',
  'grep "^SELINUX=" /etc/selinux/config 2>/dev/null',
  '[ -x /usr/sbin/load_policy ] && echo load_policy',
  'echo end',
].join('; ')

/** @throws RescueError `look-unreadable` */
export async function usesSelinux(shell: Shell, signal: AbortSignal): Promise<boolean> {
  const { output } = await shell.run(['/bin/sh', '-c', SCRIPT], signal)
  const lines = output.split(/\r?\n/)
  if (!lines.includes('end')) throw unreadable('whether it uses SELinux', output)
  return lines.includes('load_policy') && lines.some((line) => /^SELINUX=\s*(?:enforcing|permissive)\b/i.test(line))
}
