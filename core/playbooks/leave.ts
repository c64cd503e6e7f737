/**
 * How to leave a maintenance shell whose process 1 is that shell: there is no init to ask, so
 * the reboot is forced.
 */

/** The tutorial's path first; `reboot -f` there calls reboot(2) itself. Then the kernel's own way, which asks nobody. */
const SCRIPT = [
  'sync',
  'mount -o remount,ro / 2>/dev/null',
  'for r in /usr/sbin/reboot /sbin/reboot; do [ -x $r ] && $r -f; done',
  '[ -e /proc/sysrq-trigger ] || mount -t proc proc /proc',
  'echo b >/proc/sysrq-trigger',
].join('; ')

/**
 * The command that reboots the machine at once, with everything written; it finds the way that the machine has.
 * It does not return: whoever types it waits for the firmware, not for an exit code.
 */
export function rebootCommand(): readonly string[] {
  return ['/bin/sh', '-c', SCRIPT]
}
