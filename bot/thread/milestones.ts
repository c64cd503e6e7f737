/** One or a few sentences each time something is reached: the change record that people read afterwards. */
import { notice } from '../../core/i18n/catalogue.ts'
import { type Change, changeName, movesBack } from '../../core/record/changes.ts'
import type { Actor, Entry, EventOf, Proof } from '../../core/record/events.ts'
import type { Approval } from '../../core/record/gates.ts'
import { samePerson } from '../../core/record/same-person.ts'
import { type MessageBody, message, section } from '../slack/blocks.ts'
import { clean, clockTime, joined, mention, type Names, say } from '../slack/text.ts'
import { mayApprove } from './gates.ts'
import type { ItemOf, Thread } from './thread.ts'
import { because, instanceName, inWords, userName, type Voice } from './words.ts'

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
    case 'approved':
      return say(text.thread.approved, { ...names, ...countOf(thread, actor, at) })
    case 'decided':
      if (event.brokeGlass) return glassWords(voice, thread, event, names)
      return because(text.thread.because, say(text.thread.decided[event.gate][event.decision], names), event.reason)
    case 'stop-requested':
      return because(text.thread.because, say(words.stopAsked, names), event.reason)
    case 'shell-closed':
      return say(words.shellClosed[event.why], names)
    case 'noticed':
      return say(notice(text, event.code) ?? '{code}', { ...names, ...inWords(text, event.details), code: event.code })
    case 'console-held':
      return say(words.held[event.now], { until: clockTime(event.until), left: timeLeft(at, event.until) })
    case 'transferring':
      return transferWords(voice, event)
    case 'change-finished':
      return changeWords(voice, event.change, event.said)
    case 'proved':
      return proofWords(voice, event.proof)
    case 'paid':
      return words[PAID[event.debt]]
    default:
      return ''
  }
}

function transferWords({ text }: Voice, { way, path, done, all, secondsLeft }: EventOf<'transferring'>): string {
  const words = text.thread.milestone.transfer
  if (done >= all) return say(words.done[way], { path })
  const percent = Math.floor((done * 100) / all)
  return say(words.going[way], { path, percent, left: minutes(secondsLeft) })
}

const PAID = {
  maintenance: 'paidMaintenance',
  'console-connection': 'paidConnection',
  'console-history': 'paidHistory',
} as const

/** Loud, and for those who were not asked. */
function glassWords(voice: Voice, { state }: Thread, event: EventOf<'decided'>, names: Names): string {
  const words = voice.text.thread.milestone
  const gate = state.gates[event.gate]
  const people = gate === undefined ? [] : mayApprove(voice, state, gate)
  const broken = because(voice.text.thread.because, say(words.brokeGlass[event.gate], names), event.reason)
  return people.length === 0 ? broken : `${broken}\n${say(words.notAsked, { people: joined(people) })}`
}

/** Which approval it was, counted from one, and of how many. */
function countOf({ state }: Thread, by: Actor, at: string): { given: number; count: number } {
  const isThis = (approval: Approval) => approval.at === at && samePerson(approval.by, by)
  const gate = [state.gates[1], state.gates[2], ...state.pastGates].find((one) => one?.approvals.some(isThis))
  return { given: (gate?.approvals.findIndex(isThis) ?? 0) + 1, count: gate?.terms?.count ?? 1 }
}

function timeLeft(from: string, until: string): string {
  return minutes(Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 1000)))
}

/** Minutes and seconds: `4:15`. */
function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function changeWords({ text }: Voice, change: Change, said: string | undefined): string {
  const words = text.thread.milestone
  switch (change.kind) {
    case 'ensure-directory':
      return say(words.directory, { path: change.path, mode: change.after.mode })
    case 'set-attributes':
      return say(words.attributes, { path: change.path, mode: change.after.mode })
    case 'move-aside':
      if (movesBack(change)) return say(words.movedBack, { path: change.backup })
      return say(words.movedAside, { path: change.path, backup: change.backup })
    case 'set-password':
      return say(change.from === undefined ? words.password : words.passwordBack, {
        user: change.user,
        backup: change.backup,
      })
    case 'run':
      return [say(words.ran, { command: changeName(change) }), ...saidWords(words.said, said)].join(' ')
    case 'replace-file':
    case 'replace-long-file':
      if (change.backup === null) return say(words.changed, { path: change.path })
      return say(words.changedWithBackup, { path: change.path, backup: change.backup })
    default:
      return change satisfies never
  }
}

/** The last line that a tool has printed is its verdict; the recording has the others. */
function saidWords(sentence: string, said: string | undefined): readonly string[] {
  const last = clean((said ?? '').trimEnd().split('\n').at(-1) ?? '')
  return last === '' ? [] : [say(sentence, { said: last })]
}

export function proofWords({ text }: Voice, proof: Proof): string {
  const words = text.thread.milestone
  switch (proof.kind) {
    case 'login-prompt':
      return say(words.loginPrompt, { host: proof.host })
    case 'key-accepted':
      return say(words.keyAccepted, { ...proof })
    case 'sshd-not-reached':
      return say(words.sshdNotReached, inWords(text, { reason: proof.reason }))
    default:
      return proof satisfies never
  }
}
