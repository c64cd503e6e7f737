/** A boot that ended as it should: what services say while they are stopped is no trouble. */
import type { Line } from './line.ts'

const BEGINS =
  /Stopped target .*(?:Multi-User System|Graphical Interface|Login Prompts|Timer)|^INIT: Switching to runlevel: [06]/
const ENDS =
  /Reached target .*(?:Shutdown|System (?:Reboot|Power Off|Halt)|Reboot|Power-Off|Halt)\.?$|systemd-shutdown\[1\]: |(?:^|reboot: )(?:Restarting system|Power down)|^INIT: Switching to runlevel: [06]/

/** The lines up to where the machine began to stop, as it was told to. */
export function beforeShutdown(lines: readonly Line[]): readonly Line[] {
  const end = lines.findLastIndex(({ said }) => ENDS.test(said))
  const begin = lines.findLastIndex(({ said }, at) => at <= end && BEGINS.test(said))
  const panics = lines.slice(Math.max(0, end)).some(({ said }) => said.includes('Kernel panic'))
  return begin === -1 || panics ? lines : lines.slice(0, begin)
}
