/**
 * While a gate waits, those who may approve are reminded before it expires. When that is due follows from the log and the
 * policy alone, and each reminder has its own key: a bot that starts again neither forgets one nor says it twice.
 */
import type { Policy, Reminder } from '../../core/approvals/policy.ts'
import { approvalsMissing, type Gate } from '../../core/record/gates.ts'
import { gateAt, openGate } from '../../core/record/state.ts'
import { context, type MessageBody, message, section } from '../slack/blocks.ts'
import { joined, moment, say } from '../slack/text.ts'
import { mayApprove } from './gates.ts'
import type { ItemOf, Thread } from './thread.ts'
import type { Voice } from './words.ts'

interface Due {
  readonly key: string
  /** In milliseconds since 1970. */
  readonly at: number
}

/** The thread with the reminder that is due, if one is: of several that were missed, the last one. */
export function withReminder(policy: Policy, thread: Thread, now: Date): Thread {
  const gate = openGate(thread.state)
  if (gate === undefined || now.getTime() >= Date.parse(gate.expiresAt)) return thread
  const due = remindersOf(policy, gate).findLast(({ at }) => at <= now.getTime())
  if (due === undefined) return thread
  return { ...thread, items: [...thread.items, { kind: 'reminder', key: due.key, seq: gate.seq }] }
}

/** In milliseconds, until the next one is due; undefined when none will be. */
export function nextReminder(policy: Policy, { state }: Thread, now: Date): number | undefined {
  const gate = openGate(state)
  const next = gate && remindersOf(policy, gate).find(({ at }) => at > now.getTime())
  return next && next.at - now.getTime()
}

/** In order. One so long before the end that half of the time has not passed yet would say nothing new. */
function remindersOf({ reminders }: Policy, { seq, openedAt, expiresAt }: Gate): readonly Due[] {
  const [opened, expires] = [Date.parse(openedAt), Date.parse(expiresAt)]
  const half = (opened + expires) / 2
  const momentOf = (reminder: Reminder) =>
    'passed' in reminder ? opened + (expires - opened) * reminder.passed : expires - reminder.leftMs
  return reminders
    .filter((reminder) => 'passed' in reminder || momentOf(reminder) >= half)
    .map((reminder) => ({ key: `reminder-${seq}-${nameOf(reminder)}`, at: momentOf(reminder) }))
    .toSorted((one, other) => one.at - other.at)
}

function nameOf(reminder: Reminder): string {
  return 'passed' in reminder ? `${Math.round(reminder.passed * 100)}%` : `${reminder.leftMs / 1000}s`
}

export function reminderMessage(voice: Voice, { rescue, state }: Thread, { seq }: ItemOf<'reminder'>): MessageBody {
  const words = voice.text.thread.reminder
  const gate = gateAt(state, seq)
  if (gate === undefined) return message(rescue, [])
  const people = mayApprove(voice, state, gate)
  const names = { rescue, instance: gate.plan.instance.name, missing: approvalsMissing(gate) }
  const who = people.length === 0 ? voice.text.thread.gate.noApprovers : say(words.who, { people: joined(people) })
  return message(say(words.text, names), [
    section(`${say(words.waits[gate.plan.gate], names)} ${who}`),
    context(say(words.missing, names), say(voice.text.thread.gate.expires, { at: moment(gate.expiresAt) })),
  ])
}
