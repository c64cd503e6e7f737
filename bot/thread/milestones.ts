/** One or a few sentences each time something is reached: the change record that people read afterwards. */
import { notice } from '../../core/i18n/catalogue.ts'
import type { Entry, Proof } from '../../core/record/events.ts'
import type { Change } from '../../core/record/plan.ts'
import { type MessageBody, message, section } from '../slack/blocks.ts'
import { clockTime, mention, say } from '../slack/text.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, userName, type Voice } from './words.ts'

export function milestoneMessage(voice: Voice, thread: Thread, { entries }: ItemOf<'milestone'>): MessageBody {
  const lines = entries.map((entry) => sentence(voice, thread, entry)).filter((line) => line !== '')
  return message(`${thread.rescue}: ${lines.join(' ')}`, [section(lines.join('\n') || thread.rescue)])
}

function sentence(voice: Voice, thread: Thread, { event, actor, at }: Entry): string {
  const { text } = voice
  const words = text.thread.milestone
  const person = mention(actor, text.thread.worker)
  const names = { person, instance: instanceName(thread.state), user: userName(thread.state) }
  switch (event.type) {
    case 'claimed':
      return words.takenOver
    case 'decided':
      return say(text.thread.decided[event.gate][event.decision], names)
    case 'stop-requested':
      return say(words.stopAsked, names)
    case 'noticed':
      return say(notice(text, event.code) ?? '{code}', { ...names, ...event.details, code: event.code })
    case 'console-held':
      return say(words.held[event.now], { until: clockTime(event.until), left: timeLeft(at, event.until) })
    case 'change-finished':
      return changeWords(voice, event.change)
    case 'proved':
      return proofWords(voice, event.proof)
    case 'paid':
      return event.debt === 'maintenance' ? words.paidMaintenance : words.paidConnection
    default:
      return ''
  }
}

/** Minutes and seconds: `4:15`. */
function timeLeft(from: string, until: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function changeWords({ text }: Voice, change: Change): string {
  const words = text.thread.milestone
  if (change.kind === 'ensure-directory') return say(words.directory, { path: change.path, mode: change.after.mode })
  if (change.backup === null) return say(words.changed, { path: change.path })
  return say(words.changedWithBackup, { path: change.path, backup: change.backup })
}

export function proofWords({ text }: Voice, proof: Proof): string {
  const words = text.thread.milestone
  switch (proof.kind) {
    case 'login-prompt':
      return say(words.loginPrompt, { host: proof.host })
    case 'key-accepted':
      return say(words.keyAccepted, { ...proof })
    case 'sshd-not-reached':
      return say(words.sshdNotReached, { reason: proof.reason })
    default:
      return proof satisfies never
  }
}
