/**
 * What is wrong with a machine, by the log of its console: the last boot, held against the
 * rules, without what the same boot got over, and with causes before their symptoms.
 */
import { bootsOf } from './boots.ts'
import type { Diagnosis, Evidence, Finding, LogKind, Reached } from './finding.ts'
import { type Found, foundIn, foundInMended } from './found.ts'
import { type Line, linesOf } from './line.ts'
import { isBinary, textOf } from './log-text.ts'
import { otherSystem } from './other-system.ts'
import { rank } from './rank.ts'
import { reachedBy, sshdBy } from './reached.ts'
import { type Row, rowsOf } from './rows.ts'
import { isCauseOf } from './rule.ts'
import { RULES } from './rules.ts'
import { beforeShutdown } from './shutdown.ts'

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
  const findings = findAll(beforeShutdown(lines), boots.slice(1))
  const reached = reachedBy(lines)
  return {
    log: reached === 'nothing' && findings.length === 0 ? 'no-boot' : 'linux',
    reached,
    sshd: sshdBy(lines),
    findings: findings.map(({ finding }) => finding),
    before: findings.length > 0 || hasComeUp(reached) ? [] : beforeLast(boots.slice(1)),
    lastLines: lastOf(lines),
  }
}

/** A machine that panics and starts over is often caught while it does so. */
function beforeLast([boot, ...earlier]: readonly (readonly Row[])[]): readonly Finding[] {
  const found = boot === undefined ? [] : findAll(beforeShutdown(linesOf(boot)), earlier)
  return found.map(({ finding }) => finding)
}

function hasComeUp(reached: Reached): boolean {
  return reached === 'services' || reached === 'login-prompt'
}

/** Also what a bad line hides, where what it left whole is not the end of the story. */
function findAll(lines: readonly Line[], earlierBoots: readonly (readonly Row[])[]): readonly Found[] {
  const found = rank(foundIn(lines, earlierBoots))
  if (isExplained(found, lines)) return found
  const classes = found.map(({ finding }) => finding.class)
  const hidden = foundInMended(lines, earlierBoots).filter(({ finding }) => !classes.includes(finding.class))
  return hidden.length === 0 ? found : rank([...found, ...hidden])
}

/** Whether the first finding has no cause among our rules, or the boot came up with nothing to explain. */
function isExplained(found: readonly Found[], lines: readonly Line[]): boolean {
  const first = found[0]?.rule
  if (first === undefined) return lines.some(({ mark }) => mark === 'up')
  return !RULES.some((rule) => isCauseOf(rule, first))
}

function nothingIn(log: LogKind): Diagnosis {
  return { log, reached: 'nothing', sshd: 'unseen', findings: [], before: [], lastLines: [] }
}

function lastOf(lines: readonly Line[]): readonly Evidence[] {
  return lines
    .filter(({ text }) => text.trim() !== '')
    .slice(-LAST_LINES)
    .map(({ number, text }) => ({ line: number, text }))
}
