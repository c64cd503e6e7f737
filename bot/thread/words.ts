/** What several messages of a thread say alike: names, states, decisions. */
import type { Policy } from '../../core/approvals/policy.ts'
import { type Catalogue, type Problem, problem, wordsFor } from '../../core/i18n/catalogue.ts'
import { MOST_REASON } from '../../core/record/events.ts'
import type { Approval, Gate } from '../../core/record/gates.ts'
import type { KeyFacts } from '../../core/record/plan.ts'
import { userOf } from '../../core/record/playbooks.ts'
import { openAsk, openGate, openShell, type RescueState } from '../../core/record/state.ts'
import { clean, escapeMrkdwn, joined, type Mrkdwn, mention, moment, type Names, plain, say } from '../slack/text.ts'
import { keyType } from './key-diff.ts'
import type { Thread } from './thread.ts'

/** What the words depend on besides the log. */
export interface Voice {
  readonly text: Catalogue
  readonly policy: Policy
  /** What a command in a thread begins with. */
  readonly commandPrefix: string
}

/** To all who read a channel, and to one person alone. */
export interface Voices {
  readonly in: (channel: string | undefined) => Voice
  readonly of: (user: string) => Promise<Voice>
}

/** The instance as people know it: its name once it is found, before that what was typed. */
export function instanceName({ instance, request }: RescueState): string {
  return clean(instance?.name ?? request?.target ?? '')
}

export function userName({ request }: RescueState): string {
  return clean((request && userOf(request.playbook)) ?? '')
}

export function title({ text }: Voice, state: RescueState): string {
  const { playbook } = state.request ?? {}
  if (playbook === undefined) return instanceName(state)
  const of = playbook.name === 'undo' ? playbook.of : ''
  return plain(text.thread.title[playbook.name], { user: userName(state), target: instanceName(state), of })
}

/** The sentence that says where the rescue stands, as mrkdwn. */
export function stateSentence(voice: Voice, thread: Thread): string {
  const { state } = thread
  const { text } = voice
  if (state.ended !== undefined) {
    const { happened } = endingWords(voice, state)
    return say(text.thread.result.happened, {
      outcome: text.thread.ended[state.ended.outcome],
      happened: { mrkdwn: happened },
    })
  }
  return text.thread.state[stateKey(state)]
}

/** How the rescue ended: sentences as mrkdwn. */
export function endingWords({ text }: Voice, state: RescueState): Problem {
  const { happened, next } = problem(text, state.ended?.code ?? 'unexpected')
  const names: Names = {
    instance: instanceName(state),
    target: clean(state.request?.target ?? ''),
    user: userName(state),
    ...inWords(text, state.ended?.details ?? {}),
    code: state.ended?.code ?? '',
  }
  return { happened: say(happened, names), next: say(next, names) }
}

/** Codes of ours become words; what a machine or a cloud has said stays as it is. */
export function inWords(
  { terms, thread }: Catalogue,
  details: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const places = { ...terms, saw: thread.seen, owed: thread.result.debt }
  return Object.fromEntries(
    Object.entries(details).map(([place, said]) => {
      const known = wordsFor<Readonly<Record<string, string>>>(places, place) ?? {}
      const words = said.split(', ').map((code) => wordsFor(known, code) ?? code)
      return [place, words.join(', ')]
    }),
  )
}

function stateKey(state: RescueState): keyof Catalogue['thread']['state'] {
  if (state.stopRequested !== undefined) return 'stopping'
  const gate = openGate(state)
  if (gate !== undefined) return gate.plan.gate === 1 ? 'gate-1' : 'gate-2'
  const ask = openAsk(state)
  if (ask !== undefined) return ask.what === 'file-text' ? 'file-text' : 'grub-password'
  if (openShell(state) !== undefined) return 'people-shell'
  if (state.choice !== undefined && state.chosenId === undefined && state.instance === undefined) return 'choice'
  const phase = state.phases.at(-1)?.phase
  if (phase === undefined) return state.epoch === 0 ? 'queued' : 'find'
  // The worker may not have said yet how it goes on.
  if (phase === 'gate-1') return isRefused(state.gates[1]) ? 'clean-up' : 'connect'
  if (phase === 'gate-2') return isRefused(state.gates[2]) ? 'boot' : 'apply'
  return phase
}

function isRefused(gate: Gate | undefined): boolean {
  return gate?.decision !== undefined && gate.decision.decision !== 'approved'
}

/** A gate's decision, or undefined while it waits. */
export function decisionWords(voice: Pick<Voice, 'text'>, gate: Gate): string | undefined {
  if (gate.decision === undefined) return undefined
  const { decision, by, at, reason, brokeGlass } = gate.decision
  const words = voice.text.thread.decision
  const names = { person: mention(by, voice.text.thread.worker), at: moment(at) }
  if (brokeGlass) return because(words.because, say(words.brokeGlass, names), reason)
  if (decision === 'approved' && gate.approvals.length > 0)
    return say(words.approvedByAll, { people: approvedBy(voice, [...gate.approvals, gate.decision]) })
  return because(words.because, say(words[decision], names), reason)
}

/** Who has approved, each with when. */
export function approvedBy({ text }: Pick<Voice, 'text'>, approvals: readonly Approval[]): Mrkdwn {
  const { decision, worker } = text.thread
  return joined(
    approvals.map(({ by, at }) => ({ mrkdwn: say(decision.person, { person: mention(by, worker), at: moment(at) }) })),
  )
}

/** A decision with the reason that was given for it, put together as `words` says. */
export function because(words: string, decision: string, reason: string | undefined): string {
  return reason === undefined ? decision : say(words, { decision: { mrkdwn: decision }, reason: reasonWords(reason) })
}

/** All that a person may type, in one line. */
export function reasonWords(reason: string): Mrkdwn {
  return { mrkdwn: escapeMrkdwn(clean(reason, MOST_REASON)) }
}

export function requester({ text }: Voice, { request }: RescueState): Mrkdwn {
  return request === undefined ? { mrkdwn: text.thread.nobody } : mention(request.by, text.thread.worker)
}

export function keyWords({ text }: Voice, { fingerprint, comment, ...key }: KeyFacts): string {
  return say(text.thread.gate1.keyLine, { type: keyType({ ...key, fingerprint, comment }), fingerprint, comment })
}

/** How long something took. */
export function duration({ text }: Voice, milliseconds: number): string {
  const { units } = text.thread
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return plain(units.seconds, { seconds })
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return plain(units.minutes, { minutes, seconds: seconds % 60 })
  return plain(units.hours, { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
}
