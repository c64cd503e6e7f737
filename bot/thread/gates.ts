/** The two messages that ask for approval, and what becomes of them once somebody has decided. */
import type { KnownBlock } from '@slack/types'
import type { Change, ChangePlan, DowntimePlan, Owner } from '../../core/record/plan.ts'
import { type Gate, openGate, type RescueState } from '../../core/record/state.ts'
import {
  actions,
  button,
  type ConfirmParts,
  context,
  header,
  type MessageBody,
  message,
  preformatted,
  section,
} from '../slack/blocks.ts'
import { ACTIONS } from '../slack/names.ts'
import { gateReference } from '../slack/reference.ts'
import { clean, escapeMrkdwn, joined, mentionUser, moment, plain, say } from '../slack/text.ts'
import { keyDiff, MOST_KEYS_SHOWN } from './key-diff.ts'
import type { ItemOf, Thread } from './thread.ts'
import { decisionWords, keyWords, requester, stateSentence, type Voice } from './words.ts'

/** Two boots of one to two minutes each on a virtual machine, and the work between them. */
const DOWNTIME_MINUTES = 5
/** Each is notified; more than a few would not make it faster. */
const MOST_MENTIONED = 8
/** Of more files than this, each would have too little room to be judged. */
const FILES_SHOWN = 3
/** Room for the keys of all files together, in characters: Slack refuses messages from about 11,000. */
const KEYS_ROOM = 5000

export function gateMessage(voice: Voice, thread: Thread, { gate: number }: ItemOf<'gate'>): MessageBody {
  const gate = thread.state.gates[number]
  if (gate === undefined) return message(thread.rescue, [])
  const names = { rescue: thread.rescue, instance: gate.plan.instance.name }
  const { gate1, gate2 } = voice.text.thread
  const said = gate.plan.gate === 1 ? gate1 : gate2
  return message(say(said.text, names), [
    header(plain(said.title, names)),
    ...(gate.plan.gate === 1 ? downtime(voice, gate.plan) : changes(voice, gate.plan)),
    ...ending(voice, thread, gate),
  ])
}

function downtime(voice: Voice, plan: DowntimePlan): readonly KnownBlock[] {
  const { gate1, card } = voice.text.thread
  return [
    section(`${say(gate1.whatHappens, { minutes: DOWNTIME_MINUTES })}\n${gate1.noChangeYet}`),
    section(
      [
        `*${card.user}*  ${escapeMrkdwn(clean(plan.user))}`,
        `*${card.key}*  ${keyWords(voice, plan.key)}`,
        `*${card.existingKeys}*  ${plan.keepExisting ? card.keep : card.replace}`,
      ].join('\n'),
    ),
  ]
}

function changes(voice: Voice, plan: ChangePlan): readonly KnownBlock[] {
  const { gate2 } = voice.text.thread
  const files = plan.changes.filter((change) => change.kind === 'replace-file')
  const hidden = plan.changes.length - plan.changes.filter((change) => isShown(change, files)).length
  return [
    section(`${say(gate2.user, { user: plan.user })} ${gate2.down}`),
    ...plan.changes
      .filter((change) => isShown(change, files))
      .flatMap((change) => changeBlocks(voice, change, Math.min(FILES_SHOWN, files.length))),
    ...(hidden > 0 ? [context(say(gate2.moreChanges, { count: hidden }))] : []),
    ...(plan.selinux ? [context(gate2.selinux)] : []),
  ]
}

function isShown(change: Change, files: readonly Change[]): boolean {
  return change.kind !== 'replace-file' || files.indexOf(change) < FILES_SHOWN
}

function changeBlocks(voice: Voice, change: Change, files: number): readonly KnownBlock[] {
  const { gate2 } = voice.text.thread
  if (change.kind === 'ensure-directory') return [context(directoryWords(voice, change))]
  const ownership = say(gate2.ownership, { mode: change.mode, owner: { mrkdwn: ownerWords(voice, change.owner) } })
  const keys = Math.floor(MOST_KEYS_SHOWN / files)
  const kept = change.backup === null ? gate2.newFile : say(gate2.backup, { backup: change.backup })
  return [
    section(say(gate2.file, { path: change.path })),
    preformatted(keyDiff(voice.text, change.before ?? '', change.after, keys), '-', KEYS_ROOM / files),
    context(`${kept} ${ownership}`),
  ]
}

function directoryWords(voice: Voice, { path, before, after }: Change & { kind: 'ensure-directory' }): string {
  const { gate2 } = voice.text.thread
  const names = { path, mode: after.mode, owner: { mrkdwn: ownerWords(voice, after.owner) } }
  if (before === null) return say(gate2.directoryNew, names)
  const same = before.mode === after.mode && ownerWords(voice, before.owner) === ownerWords(voice, after.owner)
  if (same) return say(gate2.directorySame, names)
  const beforeOwner = { mrkdwn: ownerWords(voice, before.owner) }
  return say(gate2.directoryChanged, { ...names, beforeMode: before.mode, beforeOwner })
}

function ownerWords({ text }: Voice, { uid, gid }: Owner): string {
  return say(text.thread.gate2.owner, { uid, gid })
}

/** Buttons while it waits, then who decided; never both. */
function ending(voice: Voice, thread: Thread, gate: Gate): readonly KnownBlock[] {
  const decision = decisionWords(voice, gate)
  if (decision !== undefined) return [section(`*${decision}*`)]
  if (openGate(thread.state) !== gate) return [context(stateSentence(voice, thread))]
  return [context(...asked(voice, thread.state, gate)), buttons(voice, thread, gate)]
}

function asked(voice: Voice, state: RescueState, gate: Gate): readonly string[] {
  const words = voice.text.thread.gate
  return [
    approversWords(voice, state),
    say(words.askedBy, { person: requester(voice, state) }),
    say(words.expires, { at: moment(gate.expiresAt) }),
  ]
}

function approversWords(voice: Voice, { request }: RescueState): string {
  const words = voice.text.thread.gate
  const by = request?.by
  const isRequester = (user: string) => by?.kind === 'person' && by.user === user
  const people = voice.approvers.filter((user) => voice.requesterMayApprove || !isRequester(user))
  if (people.length === 0) return words.noApprovers
  const named = people.slice(0, MOST_MENTIONED).map(mentionUser)
  const rest = people.length - named.length
  return say(words.approvers, {
    people: joined(rest > 0 ? [...named, { mrkdwn: say(words.morePeople, { count: rest }) }] : named),
  })
}

function buttons({ text }: Voice, { rescue }: Thread, { plan, planHash }: Gate): KnownBlock {
  const said = plan.gate === 1 ? text.thread.gate1 : text.thread.gate2
  const names = { instance: plan.instance.name, paths: pathsOf(plan) }
  const value = gateReference({ rescue, gate: plan.gate, planHash })
  const confirm = (parts: Omit<ConfirmParts, 'style'>) => ({ ...parts, text: plain(parts.text, names) })
  return actions(
    button({
      label: text.thread.gate.approve,
      action: ACTIONS.approve,
      value,
      style: 'primary',
      spoken: plain(said.approveLabel, names),
      confirm: { ...confirm(said.confirmApprove), style: 'primary' },
    }),
    button({
      label: text.thread.gate.deny,
      action: ACTIONS.deny,
      value,
      style: 'danger',
      spoken: plain(said.denyLabel, names),
      confirm: { ...confirm(said.confirmDeny), style: 'danger' },
    }),
  )
}

function pathsOf(plan: Gate['plan']): string {
  if (plan.gate === 1) return ''
  const files = plan.changes.filter((change) => change.kind === 'replace-file')
  return (files.length > 0 ? files : plan.changes).map((change) => clean(change.path)).join(', ')
}
