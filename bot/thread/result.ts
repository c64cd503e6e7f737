/** How it ended: what happened, what was changed, what to do next. */
import type { KnownBlock } from '@slack/types'
import { canBeUndone } from '../../core/record/changes.ts'
import type { EventOf } from '../../core/record/events.ts'
import type { RescueState } from '../../core/record/state.ts'
import { actions, button, context, header, type MessageBody, message, preformatted, section } from '../slack/blocks.ts'
import { ACTIONS } from '../slack/names.ts'
import { joined, plain, say } from '../slack/text.ts'
import { proofWords } from './milestones.ts'
import type { Thread } from './thread.ts'
import { duration, endingWords, instanceName, requester, type Voice } from './words.ts'

export function resultMessage(voice: Voice, { rescue, state }: Thread): MessageBody {
  const words = voice.text.thread.result
  const { ended } = state
  if (ended === undefined) return message(rescue, [])
  const outcome = voice.text.thread.ended[ended.outcome]
  const { happened, next } = endingWords(voice, state)
  const text = say(words.text, { rescue, outcome, happened: { mrkdwn: happened } })
  return message(text, [
    header(outcome),
    section([happened, ...proofs(voice, state)].join('\n')),
    section(
      [
        words.machine[ended.machine],
        byHandWords(voice, state) ?? changedWords(voice, ended),
        leftoverWords(voice, state),
      ]
        .join(' ')
        .trim(),
    ),
    section(say(words.next, { next: { mrkdwn: next } })),
    context(requester(voice, state).mrkdwn, say(words.took, { duration: howLong(voice, state) }), rescue),
    ...screen(voice, ended),
    ...undoButton(voice, rescue, state),
  ])
}

/** Who may press it is asked then: it starts a rescue of its own. */
function undoButton({ text }: Voice, rescue: string, state: RescueState): readonly KnownBlock[] {
  if (!state.changed.some(canBeUndone)) return []
  const { undo, undoLabel, undoConfirm } = text.thread.result
  const names = { rescue, instance: instanceName(state) }
  return [
    actions(
      button({
        label: undo,
        action: ACTIONS.undo,
        value: rescue,
        spoken: plain(undoLabel, names),
        confirm: { ...undoConfirm, text: plain(undoConfirm.text, names), style: 'danger' },
      }),
    ),
  ]
}

/** A login that was proved is the point of it all; what failed is told by the ending itself. */
function proofs(voice: Voice, { ended, proofs }: RescueState): readonly string[] {
  if (ended?.outcome !== 'recovered') return []
  return proofs.filter((proof) => proof.kind !== 'login-prompt').map((proof) => proofWords(voice, proof))
}

/** What people have typed may have changed anything: nothing is claimed about it. */
function byHandWords({ text }: Voice, { shell }: RescueState): string | undefined {
  return shell === undefined || shell.lines.length === 0 ? undefined : text.thread.result.byHand
}

function changedWords({ text }: Voice, { changed, details }: EventOf<'ended'>): string {
  const words = text.thread.result
  const doubt = details.inDoubt ? say(words.inDoubt, { paths: details.inDoubt }) : ''
  if (changed.length === 0) return doubt === '' ? words.unchanged : doubt
  const files = changed.map(({ path, backup }) => ({
    mrkdwn: backup === null ? say(words.file, { path }) : say(words.fileWithBackup, { path, backup }),
  }))
  return `${say(words.changed, { files: joined(files) })} ${doubt}`.trim()
}

function leftoverWords({ text }: Voice, { debts }: RescueState): string {
  const words = text.thread.result
  if (debts.length === 0) return ''
  return say(words.leftover, { debts: debts.map((debt) => words.debt[debt.kind]).join(', ') })
}

function howLong(voice: Voice, { request, ended }: RescueState): string {
  if (request === undefined || ended === undefined) return '-'
  return duration(voice, Date.parse(ended.at) - Date.parse(request.at))
}

function screen({ text }: Voice, { screen, outcome }: EventOf<'ended'>): readonly KnownBlock[] {
  if (screen === undefined || outcome !== 'failed') return []
  const { thread } = text
  return [context(thread.result.screen), preformatted(screen.join('\n'), thread.tail.nothing)]
}
