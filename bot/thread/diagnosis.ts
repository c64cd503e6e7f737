/** What a diagnosis found, for a tired person: a sentence, how sure it is, the lines it rests on, and the repair as a button. */
import type { Button, KnownBlock } from '@slack/types'
import { explain } from '../../core/i18n/catalogue.ts'
import { bundleFor, type DiagnosisRecord, type Finding, requestFor } from '../../core/record/findings.ts'
import { actions, button, context, header, type MessageBody, message, preformatted, section } from '../slack/blocks.ts'
import { repairAction } from '../slack/names.ts'
import { repairReference } from '../slack/reference.ts'
import { clean, clip, plain, say } from '../slack/text.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, type Voice } from './words.ts'

/** The first explains most; what follows is often its consequence. */
const FINDINGS_SHOWN = 3
const EVIDENCE_SHOWN = 5
const LONGEST_ROW = 160
/** As much as explains itself without scrolling. */
const LAST_ROWS = 16

export function diagnosisMessage(voice: Voice, thread: Thread, { event }: ItemOf<'diagnosis'>): MessageBody {
  const words = voice.text.thread.diagnosis
  const { diagnosis, source } = event
  const names = { instance: instanceName(thread.state) }
  const title = plain(words.title[titleOf(diagnosis)], names)
  const { findings } = diagnosis
  const hidden = findings.length - FINDINGS_SHOWN
  return message(say(words.text, { rescue: thread.rescue, summary: title }), [
    header(title),
    ...(findings.length === 0 ? [section(nothingFound(voice, diagnosis))] : []),
    ...findings.slice(0, FINDINGS_SHOWN).flatMap((finding) => findingBlocks(voice, finding)),
    ...(hidden > 0 ? [context(say(words.more, { count: hidden }))] : []),
    ...(titleOf(diagnosis) === 'unclear' ? lastLines(voice, diagnosis) : []),
    context(words.source[source]),
    ...repairs(voice, thread, findings),
  ])
}

function titleOf({ findings, reached }: DiagnosisRecord): 'found' | 'healthy' | 'unclear' {
  if (findings.some(({ confidence }) => confidence !== 'unclear')) return 'found'
  if (findings.length > 0) return 'unclear'
  return reached === 'login-prompt' || reached === 'services' ? 'healthy' : 'unclear'
}

function nothingFound({ text }: Voice, { log, system = '', reached, sshd }: DiagnosisRecord): string {
  const words = text.thread.diagnosis
  if (log !== 'linux') return say(words.log[log], { system })
  if (reached !== 'login-prompt' && reached !== 'services') return words.log.linux
  return `${say(words.healthy, { reached: words.reached[reached], sshd: { mrkdwn: words.sshd[sshd] } })} ${words.outside}`
}

function findingBlocks({ text }: Voice, finding: Finding): readonly KnownBlock[] {
  const words = text.thread.diagnosis
  const shown = (value: string) => say('{value}', { value })
  const details = Object.entries(finding.details).map(([name, value]) => [name, shown(value)])
  // A class of another version stands for itself.
  const named = { class: shown(finding.class), details: Object.fromEntries(details) }
  const { happened, next = '' } = explain(text, named)
  const names = { sure: words.sure[finding.confidence], happened: { mrkdwn: happened }, next: { mrkdwn: next } }
  const sentence = say(words.finding, names)
  const rows = finding.evidence.slice(0, EVIDENCE_SHOWN).map(({ text }) => clip(clean(text, LONGEST_ROW), LONGEST_ROW))
  return [section(sentence.trim()), ...(rows.length > 0 ? [preformatted(rows.join('\n'), '-')] : [])]
}

function lastLines({ text }: Voice, diagnosis: DiagnosisRecord): readonly KnownBlock[] {
  const rows = diagnosis.lastLines.slice(-LAST_ROWS).map(({ text }) => clean(text, LONGEST_ROW))
  const { last } = text.thread.diagnosis
  return rows.length === 0 ? [] : [context(last), preformatted(rows.join('\n'), text.thread.tail.nothing)]
}

/** One button for each repair that can begin without more words, and one for all of them. */
function repairs(voice: Voice, { rescue, state }: Thread, findings: readonly Finding[]): readonly KnownBlock[] {
  const words = voice.text.thread.diagnosis
  const names = { instance: instanceName(state) }
  const known: Readonly<Record<string, string>> = words.what
  const make = (which: number | 'all', label: string): Button =>
    button({
      label,
      action: repairAction(which),
      value: repairReference({ rescue, which }),
      spoken: plain(words.repairLabel, { ...names, what: label }),
      confirm: { ...words.confirm, text: plain(words.confirm.text, names) },
    })
  const seen = new Set<string>()
  const each = findings.flatMap((finding, index) => {
    const what = finding.playbook === null ? undefined : known[finding.playbook]
    const request = JSON.stringify(requestFor(finding) ?? finding.playbook)
    if (what === undefined || seen.has(request)) return []
    seen.add(request)
    return [make(index, plain(words.repair, { what }))]
  })
  const all = bundleFor(findings) === undefined ? [] : [make('all', words.repairAll)]
  if (each.length > 0) return [actions(...all, ...each.slice(0, FINDINGS_SHOWN))]
  return findings.some(({ playbook }) => playbook !== null) ? [context(words.byHand)] : []
}
