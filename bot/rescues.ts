/**
 * Everything people can do to rescues, as appends to their logs. Each act looks at
 * the newest state, asks the policy, and appends by compare-and-set: of two clicks
 * at one moment one wins, and the other is told who did.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type AnswerVerdict,
  type Click,
  type DecisionVerdict,
  mayAnswer,
  mayDecide,
  mayRequest,
  mayStop,
  mayType,
  type Policy,
  type RequestVerdict,
  type TypeVerdict,
} from '../core/approvals/policy.ts'
import { RescueError } from '../core/base/errors.ts'
import { newTicket } from '../core/base/ids.ts'
import type { Answer } from '../core/record/answers.ts'
import { canBeUndone } from '../core/record/changes.ts'
import type { Actor, EventOf, Instance, Person, RescueEvent } from '../core/record/events.ts'
import type { Finding } from '../core/record/findings.ts'
import type { HandOver } from '../core/record/hand-over.ts'
import type { EventLog } from '../core/record/log.ts'
import type { PlaybookRequest } from '../core/record/playbooks.ts'
import { type RecordResult, RescueLog } from '../core/record/rescue-log.ts'
import { keptText, type RescueState } from '../core/record/state.ts'
import { rescueIdFrom } from './rescue-id.ts'
import type { AskReference } from './slack/reference.ts'

export interface RescuesParts {
  readonly log: EventLog
  /** Adds the job under the rescue's id; adding it twice is adding it once. */
  readonly enqueue: (rescue: string) => Promise<void>
  /** Takes what must stand in no log to the worker. */
  readonly sealed: {
    put(place: HandOver, answer: Answer): Promise<void>
    drop(place: HandOver): Promise<void>
  }
  readonly policy: Policy
  readonly now: () => Date
  /** Told of each rescue that is in the log, before a worker hears of it, so that its thread is kept. */
  readonly onRequested: (rescue: string) => Promise<void>
}

export interface StartRequest {
  readonly playbook: PlaybookRequest
  readonly target: string
  readonly channel: string
  /** Names the submission: the same one delivered twice starts one rescue. */
  readonly submission: string
}

export type StartResult =
  | { readonly kind: 'started'; readonly rescue: string }
  | { readonly kind: 'refused'; readonly verdict: Exclude<RequestVerdict, 'allowed'> }

export type DecideResult = { readonly kind: 'decided' } | Exclude<DecisionVerdict, { kind: 'allowed' }>

export type StopResult =
  | { readonly kind: 'asked' | 'not-allowed' | 'ended' | 'unknown' }
  | { readonly kind: 'already-asked'; readonly by: NonNullable<RescueState['stopRequested']>['by'] }

export type UndoResult =
  | StartResult
  | { readonly kind: 'unknown' | 'not-ended' | 'nothing-changed' }
  /** Somebody has begun it, and it is under way. */
  | { readonly kind: 'already-undoing'; readonly rescue: string; readonly by: Actor }

export type ChooseResult = { readonly kind: 'chosen' | 'not-allowed' | 'already-chosen' | 'not-waiting' }

export interface Diagnosed {
  readonly findings: readonly Finding[]
  readonly instance: Instance
  readonly channel: string
}

export interface LiveRescue {
  readonly rescue: string
  readonly state: RescueState
}

/** Six characters from a digest collide once in a billion; a few more tries make it impossible in practice. */
const ID_ATTEMPTS = 5

const NOT_QUEUED: EventOf<'ended'> = {
  type: 'ended',
  outcome: 'failed',
  code: 'not-queued',
  details: {},
  machine: 'untouched',
  changed: [],
}

export class Rescues {
  readonly #parts: RescuesParts

  constructor(parts: RescuesParts) {
    this.#parts = parts
  }

  mayStart(person: Person, channel: string): RequestVerdict {
    return mayRequest(this.#parts.policy, person, channel)
  }

  /** @throws RescueError `not-queued` when the log or the queue does not answer; the rescue is then ended as failed. */
  async start(person: Person, request: StartRequest): Promise<StartResult> {
    const verdict = this.mayStart(person, request.channel)
    if (verdict !== 'allowed') return { kind: 'refused', verdict }
    const rescue = await this.#request(person, request)
    await this.#parts.onRequested(rescue)
    await this.#enqueue(rescue, person)
    return { kind: 'started', rescue }
  }

  /** Starts a rescue that takes back what this one has changed: on the same instance, in the same channel. */
  async undo(person: Person, of: string, submission: string): Promise<UndoResult> {
    const { state } = await this.#open(of)
    const { request, instance, ended } = state
    if (request === undefined) return { kind: 'unknown' }
    const verdict = this.mayStart(person, request.channel)
    if (verdict !== 'allowed') return { kind: 'refused', verdict }
    if (ended === undefined) return { kind: 'not-ended' }
    if (instance === undefined || !state.changed.some(canBeUndone)) return { kind: 'nothing-changed' }
    const playbook: PlaybookRequest = { name: 'undo', of, changes: [...state.changed] }
    const start = { playbook, target: instance.id, channel: request.channel, submission: `undo ${of} ${submission}` }
    const underWay = (await this.live()).find(({ state: other }) => isUndoOf(of, other))
    const by = underWay?.state.request?.by
    if (underWay === undefined || by === undefined || underWay.rescue === rescueIdOf(person, start, 0))
      return await this.start(person, start)
    return { kind: 'already-undoing', rescue: underWay.rescue, by }
  }

  async decide(
    person: Person,
    { rescue, ...click }: Click & { rescue: string },
    decision: { readonly kind: 'approved' } | { readonly kind: 'denied'; readonly reason: string },
  ): Promise<DecideResult> {
    const log = await this.#open(rescue)
    let verdict: DecisionVerdict = { kind: 'not-waiting' }
    const result = await log.record({ actor: person, epoch: null }, (state) => {
      verdict = mayDecide(this.#parts.policy, state, click, decision.kind, person, this.#parts.now())
      const { kind, ...reason } = decision
      return verdict.kind === 'allowed' ? { type: 'decided', ...click, decision: kind, ...reason } : undefined
    })
    return refusedBy(result, verdict)
  }

  /** Whether this person may deny it now, and where the rescue stands. */
  async mayDeny(
    person: Person,
    { rescue, ...click }: Click & { rescue: string },
  ): Promise<{ readonly verdict: DecisionVerdict; readonly state: RescueState }> {
    const { state } = await this.#open(rescue)
    const verdict = mayDecide(this.#parts.policy, state, click, 'denied', person, this.#parts.now())
    return { verdict, state }
  }

  /** Whether this person may type a line into the root shell now. */
  async mayType(person: Person, rescue: string): Promise<TypeVerdict> {
    return mayType(this.#parts.policy, (await this.#open(rescue)).state, person)
  }

  /** Gives a line to the root shell. `line` names the form: the same one delivered twice is one line. */
  async typeLine(person: Person, rescue: string, line: string, text: string): Promise<TypeVerdict> {
    const log = await this.#open(rescue)
    let verdict: TypeVerdict = 'not-open'
    await log.record({ actor: person, epoch: null }, (state) => {
      const isThere = state.shell?.lines.some(({ id }) => id === line) ?? false
      verdict = isThere ? 'allowed' : mayType(this.#parts.policy, state, person)
      return verdict === 'allowed' && !isThere ? { type: 'line-sent', line, text } : undefined
    })
    return verdict
  }

  /** Closes the root shell; a line that runs comes to its end first. */
  async leaveShell(person: Person, rescue: string): Promise<TypeVerdict> {
    const log = await this.#open(rescue)
    let verdict: TypeVerdict = 'not-open'
    await log.record({ actor: person, epoch: null }, (state) => {
      verdict = mayType(this.#parts.policy, state, person)
      return verdict === 'allowed' ? { type: 'shell-closed', why: 'done' } : undefined
    })
    return verdict
  }

  async stop(person: Person, rescue: string): Promise<StopResult> {
    const log = await this.#open(rescue)
    const { state } = log
    if (state.request === undefined) return { kind: 'unknown' }
    if (state.ended !== undefined) return { kind: 'ended' }
    if (!mayStop(this.#parts.policy, state, person)) return { kind: 'not-allowed' }
    const result = await log.record({ actor: person, epoch: null }, (newest) =>
      newest.stopRequested === undefined ? { type: 'stop-requested' } : undefined,
    )
    if (result.kind === 'declined' && log.state.stopRequested !== undefined)
      return { kind: 'already-asked', by: log.state.stopRequested.by }
    return { kind: result.kind === 'appended' ? 'asked' : 'ended' }
  }

  /** Chooses by the candidate's place in the list that was offered. Whoever may stop a rescue may choose. */
  async choose(person: Person, rescue: string, index: number): Promise<ChooseResult> {
    const log = await this.#open(rescue)
    if (!mayStop(this.#parts.policy, log.state, person)) return { kind: 'not-allowed' }
    const { now } = this.#parts
    const result = await log.record({ actor: person, epoch: null }, (state) => chosen(state, index, now()))
    if (result.kind === 'appended') return { kind: 'chosen' }
    return { kind: log.state.chosenId === undefined ? 'not-waiting' : 'already-chosen' }
  }

  /** Whether what this person would enter is wanted, and theirs to give. */
  async mayAnswer(person: Person, { rescue, ask }: AskReference): Promise<AnswerVerdict> {
    const { state } = await this.#open(rescue)
    return mayAnswer(this.#parts.policy, state, ask, person, this.#parts.now())
  }

  /**
   * Hands over what the machine asked for. It is sealed and put down first, then the log says where: whoever reads
   * the log finds it there. Of two answers at one moment one stands in the log, and the other is taken back.
   */
  async answer(person: Person, { rescue, ask }: AskReference, answer: Answer): Promise<AnswerVerdict> {
    const { policy, sealed, now } = this.#parts
    const log = await this.#open(rescue)
    let verdict = mayAnswer(policy, log.state, ask, person, now())
    if (verdict.kind !== 'allowed') return verdict
    const place = { rescue, about: ask, handOver: newTicket() }
    await sealed.put(place, answer)
    const result = await log.record({ actor: person, epoch: null }, (state) => {
      verdict = mayAnswer(policy, state, ask, person, now())
      return verdict.kind === 'allowed' ? { type: 'answered', ask, handOver: place.handOver } : undefined
    })
    if (result.kind !== 'appended') await sealed.drop(place)
    return result.kind === 'ended' ? { kind: 'not-waiting' } : verdict
  }

  /** A text that stands in the log of a rescue, by its sum. */
  async keptText(rescue: string, sha256: string): Promise<string | undefined> {
    return keptText((await this.#open(rescue)).state, sha256)
  }

  /** What a rescue found wrong, with which instance, and where that was asked for; undefined when it has found nothing. */
  async diagnosed(rescue: string): Promise<Diagnosed | undefined> {
    const { diagnosis, instance, request } = (await this.#open(rescue)).state
    if (diagnosis === undefined || instance === undefined || request === undefined) return undefined
    return { findings: diagnosis.findings, instance, channel: request.channel }
  }

  /** Those that have not ended, oldest first. */
  async live(): Promise<readonly LiveRescue[]> {
    const ids = await this.#parts.log.live()
    const all = await Promise.all(ids.map(async (rescue) => ({ rescue, state: (await this.#open(rescue)).state })))
    return all.filter(({ state }) => state.request !== undefined && state.ended === undefined)
  }

  /** Gives the rescues that no worker has claimed to the queue again: the bot may have died between log and queue. */
  async enqueueUnclaimed(): Promise<void> {
    for (const { rescue, state } of await this.live()) if (state.epoch === 0) await this.#parts.enqueue(rescue)
  }

  async #open(rescue: string): Promise<RescueLog> {
    const log = new RescueLog(this.#parts.log, rescue, this.#parts.now)
    await log.refresh()
    return log
  }

  async #request(person: Person, request: StartRequest): Promise<string> {
    for (let attempt = 0; attempt < ID_ATTEMPTS; attempt += 1) {
      const rescue = rescueIdOf(person, request, attempt)
      const event = requested(request)
      const log = await this.#open(rescue)
      const result = await log.record({ actor: person, epoch: null }, (state) =>
        state.request === undefined ? event : undefined,
      )
      if (result.kind === 'appended' || isSameRequest(log.state, event, person)) return rescue
    }
    throw new RescueError('us', 'not-queued', 'no free rescue id was found')
  }

  async #enqueue(rescue: string, person: Person): Promise<void> {
    try {
      await this.#parts.enqueue(rescue)
    } catch (cause) {
      await this.#giveUp(rescue, person)
      throw new RescueError('us', 'not-queued', `${rescue} could not be queued`, { cause })
    }
  }

  async #giveUp(rescue: string, actor: Person): Promise<void> {
    const log = await this.#open(rescue)
    await log.record({ actor, epoch: null }, (state) => (state.epoch === 0 ? NOT_QUEUED : undefined))
  }
}

function rescueIdOf({ team, user }: Person, { submission }: StartRequest, attempt: number): string {
  return rescueIdFrom(`${team} ${user} ${submission} ${attempt}`)
}

function isUndoOf(of: string, { request }: RescueState): boolean {
  return request?.playbook.name === 'undo' && request.playbook.of === of
}

function requested({ playbook, target, channel }: StartRequest): EventOf<'requested'> {
  return { type: 'requested', playbook, target, channel }
}

function isSameRequest({ request }: RescueState, event: EventOf<'requested'>, person: Person): boolean {
  return (
    request !== undefined &&
    request.by.kind === 'person' &&
    request.by.user === person.user &&
    request.target === event.target &&
    request.channel === event.channel &&
    isDeepStrictEqual(request.playbook, event.playbook)
  )
}

function refusedBy(result: RecordResult, verdict: DecisionVerdict): DecideResult {
  if (result.kind === 'appended') return { kind: 'decided' }
  return verdict.kind === 'allowed' ? { kind: 'not-waiting' } : verdict
}

function chosen({ choice, chosenId, ended }: RescueState, index: number, now: Date): RescueEvent | undefined {
  const candidate = choice?.candidates[index]
  if (choice === undefined || candidate === undefined || chosenId !== undefined || ended !== undefined) return undefined
  if (now.getTime() >= Date.parse(choice.expiresAt)) return undefined
  return { type: 'chosen', instanceId: candidate.id }
}
