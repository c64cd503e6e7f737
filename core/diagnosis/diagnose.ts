/**
 * What is wrong with a machine, by the log of its console: the last boot, held against the
 * rules, without what the same boot got over, and with causes before their symptoms.
 */
import { bootsOf } from './boots.ts'
import type { Diagnosis, Evidence, Finding, LogKind } from './finding.ts'
import { foundIn } from './found.ts'
import { type Line, linesOf } from './line.ts'
import { isBinary, textOf } from './log-text.ts'
import { otherSystem } from './other-system.ts'
import { rank } from './rank.ts'
import { reachedBy, sshdBy } from './reached.ts'
import { rowsOf } from './rows.ts'

/** As much as a terminal shows. */
const LAST_LINES = 24

export function diagnose(log: Uint8Array | string): Diagnosis {
  if (isBinary(log)) return nothingIn('binary')
  const text = textOf(log)
  if (text.replaceAll('\u0000', '').trim() === '') return nothingIn('empty')
  const boots = bootsOf(rowsOf(text))
  const lines = linesOf(boots[0] ?? [])
  const system = otherSystem(lines)
  if (system !== undefined) return { ...nothingIn('other-system'), system, lastLines: lastOf(lines) }
  const findings = rank(foundIn(lines, boots.slice(1)))
  const reached = reachedBy(lines)
  return {
    log: reached === 'nothing' && findings.length === 0 ? 'no-boot' : 'linux',
    reached,
    sshd: sshdBy(lines),
    findings: findings.map(({ finding }): Finding => finding),
    lastLines: lastOf(lines),
  }
}

function nothingIn(log: LogKind): Diagnosis {
  return { log, reached: 'nothing', sshd: 'unseen', findings: [], lastLines: [] }
}

function lastOf(lines: readonly Line[]): readonly Evidence[] {
  return lines
    .filter(({ text }) => text.trim() !== '')
    .slice(-LAST_LINES)
    .map(({ number, text }) => ({ line: number, text }))
}
