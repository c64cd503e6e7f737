/**
 * The story of a diagnosis: what the console history says costs nothing and comes first. Only when that explains
 * nothing is a watched reboot offered, at gate 1, and that boot is read as it happens.
 */
import { within } from '../base/deadline.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import type { Diagnosis } from '../diagnosis/finding.ts'
import type { PlaybookRequest } from '../record/playbooks.ts'
import type { Ending } from './ending.ts'
import { historyOf } from './history-of.ts'
import type { Journal } from './journal.ts'
import { passFirstGate, type Stage } from './stage.ts'
import { rebootAndListen } from './watched-boot.ts'

/** Of one finding: enough to believe it, and to find it again in the log. */
const MOST_EVIDENCE = 12
/** Of one line, in characters. */
const LONGEST_EVIDENCE = 400
const MOST_FINDINGS = 12

export async function diagnosis(stage: Stage, request: PlaybookRequest): Promise<Ending> {
  const { journal, context, stoppable } = stage
  await journal.append({ type: 'phase-began', phase: 'capture' })
  using toRead = within(stoppable, context.settings.workLimitMs)
  const fromHistory = diagnose(await historyOf(stage, toRead.signal))
  await tellDiagnosis(journal, 'history', fromHistory)
  if (explains(fromHistory)) return diagnosed(fromHistory)

  const refused = await passFirstGate(stage, request)
  if (refused !== undefined) return refused
  using toWatch = within(stoppable, context.settings.workLimitMs)
  const fromBoot = diagnose(await rebootAndListen(stage, 'RESET', toWatch.signal))
  await tellDiagnosis(journal, 'boot', fromBoot)
  return diagnosed(fromBoot)
}

/** A machine that came up with nothing wrong is an answer, too: the fault is outside of it, or it is over. */
function explains({ findings, reached }: Diagnosis): boolean {
  if (findings.length > 0) return findings.some(({ confidence }) => confidence !== 'unclear')
  return reached === 'login-prompt' || reached === 'services'
}

function diagnosed({ findings, reached }: Diagnosis): Ending {
  const [first] = findings
  const healthy = reached === 'login-prompt' || reached === 'services' ? 'nothing-wrong' : 'unclear'
  const code = first === undefined ? healthy : 'diagnosed'
  return { outcome: 'done', code, details: first === undefined ? {} : { class: first.class } }
}

/** Evidence is console text: masked like all of it. */
export async function tellDiagnosis(journal: Journal, source: 'history' | 'boot', diagnosis: Diagnosis): Promise<void> {
  const shown = (text: string) => journal.mask(text.slice(0, LONGEST_EVIDENCE))
  const rows = (lines: Diagnosis['lastLines']) => lines.map(({ line, text }) => ({ line, text: shown(text) }))
  const findings = diagnosis.findings.slice(0, MOST_FINDINGS).map(({ evidence, details, ...finding }) => ({
    ...finding,
    evidence: rows(evidence.slice(0, MOST_EVIDENCE)),
    details: Object.fromEntries(Object.entries(details).map(([name, value]) => [name, shown(value)])),
  }))
  // Field by field: what is not named here has not been masked.
  const { log, system, reached, sshd } = diagnosis
  const known = { log, reached, sshd, ...(system === undefined ? {} : { system }) }
  const record = { ...known, findings, lastLines: rows(diagnosis.lastLines) }
  await journal.append({ type: 'diagnosed', source, diagnosis: record })
}
