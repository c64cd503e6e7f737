/** How far a boot came, and what it says about SSH: what can be told of a machine with nothing wrong inside. */
import type { Diagnosis, Reached } from './finding.ts'
import type { Line } from './line.ts'

const LOGIN = /^(?!Last)[\w.-]+ login:(?: |$)/
const SSHD_UP =
  /(?:Started|Listening on|Finished) .*(?:OpenSSH (?:server|Daemon|per-connection)|OpenBSD Secure Shell)|Started ssh(?:d)?\.service|Starting sshd: *\[ *OK|sshd\[\d+\]: Server listening on /
const SSHD_FAILED =
  /Failed to (?:start|listen on) .*(?:OpenSSH (?:server|Daemon)|OpenBSD Secure Shell)|Starting sshd: *\[ *FAILED|ssh(?:d)?\.service: Failed with result/

export function reachedBy(lines: readonly Line[]): Reached {
  if (lines.some(({ said }) => LOGIN.test(said))) return 'login-prompt'
  if (lines.some(({ mark }) => mark === 'up')) return 'services'
  return lines.findLast(({ stage }) => stage !== undefined)?.stage ?? 'nothing'
}

export function sshdBy(lines: readonly Line[]): Diagnosis['sshd'] {
  const last = lines.findLast(({ said }) => SSHD_UP.test(said) || SSHD_FAILED.test(said))
  if (last === undefined) return 'unseen'
  return SSHD_FAILED.test(last.said) ? 'failed' : 'up'
}
