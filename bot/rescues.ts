/**
 * Everything people can do to rescues, as appends to their logs. Each act looks at
 * the newest state, asks the policy, and appends by compare-and-set: of two clicks
 * at one moment one wins, and the other is told who did.
 */
import { isDeepStrictEqual } from 'node:util'
import { type Facts, toBeAsked } from '../core/approvals/people.ts'
import { dependsOnInstance, type Policy, playbooksOf, type Who } from '../core/approvals/policy.ts'
import {
  type AnswerVerdict,
  approvers,
  type Click,
  type Decision,
  type DecisionVerdict,
  gateRuleOf,
  glassBreakers,
  type InterruptVerdict,
  mayAnswer,
  mayAskForScreen,
  mayDecide,
  mayInterrupt,
  mayRequest,
  mayStop,
  mayType,
  type RequestVerdict,
  requesters,
  type ScreenVerdict,
  type TypeVerdict,
  type Wish,
} from '../core/approvals/verdicts.ts'
import { assertNever, RescueError } from '../core/base/errors.ts'
import type { Answer } from '../core/record/answers.ts'
import { canBeUndone } from '../core/record/changes.ts'
import {
  type Actor,
  type EventOf,
  type Instance,
  MOST_REASON,
  type Origin,
  type Person,
  type RescueEvent,
} from '../core/record/events.ts'
import type { Finding } from '../core/record/findings.ts'
import type { HandOver } from '../core/record/hand-over.ts'
import { type EventLog, isUnreadable } from '../core/record/log.ts'
import { waitingLine } from '../core/record/people-shell.ts'
import type { PlaybookRequest } from '../core/record/playbooks.ts'
import { type RefusedClick, refusedClick } from '../core/record/refused-clicks.ts'
import { type RecordResult, RescueLog } from '../core/record/rescue-log.ts'
import { samePerson } from '../core/record/same-person.ts'
import { keptText, type RescueState } from '../core/record/state.ts'
import type { StrayClickDraft } from '../core/store/refused-clicks.ts'
import { rescueIdFrom } from './rescue-id.ts'
import type { Membership, Purpose } from './slack/membership.ts'
import type { AskReference } from './slack/reference.ts'
import { clip } from './slack/text.ts'

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
  /** Says who is in which group and channel. @throws RescueError `membership-unknown` */
  readonly membership: Pick<Membership, 'of'>
  /** The team id of the workspace that the policy speaks of. */
  readonly home: string
  /** Where refused clicks of no live rescue are recorded. */
  readonly refused: { add(click: StrayClickDraft): Promise<boolean> }
  readonly now: () => Date
  /** Told of each rescue that is in the log, before a worker hears of it, so that its thread is kept. */
  readonly onRequested: (rescue: string) => Promise<void>
  /** What went wrong with one rescue; the others go on. */
  readonly onTrouble: (what: string, details: Readonly<Record<string, unknown>>) => void
}

export interface StartRequest {
  readonly playbook: PlaybookRequest
  readonly target: string
  readonly channel: string
  /** What for, if they have said it. */
  readonly why?: string | undefined
  /** Names the submission: the same one delivered twice starts one rescue. */
  readonly submission: string
  /** Where it was asked for, when that is not simply the channel. */
  readonly from?: Origin
}

export type StartResult =
  | { readonly kind: 'started'; readonly rescue: string }
  | { readonly kind: 'refused'; readonly verdict: Exclude<RequestVerdict, 'allowed'> }

export type DecisionWithReason =
  | { readonly kind: 'approved' }
  | { readonly kind: 'denied' | 'broke-glass'; readonly reason: string }

export type DecideResult =
  | { readonly kind: 'decided' }
  /** Of a broken glass; nothing was decided, and the form can be sent again. */
  | { readonly kind: 'reason-too-short'; readonly least: number }
  | Exclude<DecisionVerdict, { kind: 'allowed' }>

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

/** Whose membership has to be known to say what this person may do. */
type Asked = (policy: Policy, state: RescueState, person: Person) => readonly Who[]

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
  /** Of what is under way, to be read on from where they were: a console says a lot. Nothing is appended by them. */
  readonly #followed = new Map<string, RescueLog>()

  constructor(parts: RescuesParts) {
    this.#parts = parts
  }

  async mayStart(person: Person, wish: Wish): Promise<RequestVerdict> {
    const { policy } = this.#parts
    return mayRequest(policy, wish, person, await this.#facts(requesters(policy, wish), person, 'request'))
  }

  /** @throws RescueError `not-queued` when the log or the queue does not answer; the rescue is then ended as failed. */
  async start(person: Person, request: StartRequest): Promise<StartResult> {
    const { channel } = request
    const verdict = await this.mayStart(person, { playbooks: playbooksOf(request.playbook), channel })
    if (verdict !== 'allowed') return { kind: 'refused', verdict }
    const rescue = await this.#request(person, request)
    await this.#begin(rescue, person)
    return { kind: 'started', rescue }
  }

  /** Starts a rescue that takes back what this one has changed: on the same instance, in the same channel. */
  async undo(
    person: Person,
    of: string,
    { submission, why, from }: Pick<StartRequest, 'submission' | 'why'> & { readonly from: Origin },
  ): Promise<UndoResult> {
    const { state } = await this.#open(of)
    const { request, instance, ended } = state
    if (request === undefined) return { kind: 'unknown' }
    const verdict = await this.mayStart(person, { playbooks: ['undo'], channel: request.channel })
    if (verdict !== 'allowed') return { kind: 'refused', verdict }
    if (ended === undefined) return { kind: 'not-ended' }
    if (instance === undefined || !state.changed.some(canBeUndone)) return { kind: 'nothing-changed' }
    const playbook: PlaybookRequest = { name: 'undo', of, changes: [...state.changed] }
    const start = {
      playbook,
      target: instance.id,
      channel: request.channel,
      why,
      submission: `undo ${of} ${submission}`,
      from,
    }
    const underWay = (await this.live()).find(({ state: other }) => isUndoOf(of, other))
    const by = underWay?.state.request?.by
    if (underWay === undefined || by === undefined || underWay.rescue === rescueIdOf(person, start, 0))
      return await this.start(person, start)
    return { kind: 'already-undoing', rescue: underWay.rescue, by }
  }

  /** `isAgain`: the same form, delivered once more. It is answered as it was before, and nothing is made of that. */
  async decide(
    person: Person,
    { rescue, ...click }: Click & { rescue: string },
    decision: DecisionWithReason,
    isAgain = false,
  ): Promise<DecideResult> {
    const { log, facts } = await this.#openFor(rescue, person, ASKED_TO[decision.kind])
    const least = this.#leastReason(log.state, click.gate)
    let verdict = mayDecide(this.#parts.policy, log.state, click, decision.kind, person, facts())
    // Only whoever may break the glass is told how to.
    const isShort = decision.kind === 'broke-glass' && decision.reason.length < least
    if (isShort && verdict.kind === 'allowed') return { kind: 'reason-too-short', least }
    const result = await log.record({ actor: person, epoch: null, from: click.from }, (state) => {
      verdict = mayDecide(this.#parts.policy, state, click, decision.kind, person, facts())
      return verdict.kind === 'allowed' ? decisionEvent(click, decision, verdict.isLast) : undefined
    })
    const decided = refusedBy(result, verdict)
    if (isAgain) return isOwn(decided, person, decision) ? { kind: 'decided' } : decided
    if (decided.kind !== 'decided') await this.#recordRefusal(log, person, click, decision.kind, decided.kind)
    return decided
  }

  /** Whether this person may open it alone now, on which instance that is, and how long a reason it takes. */
  async mayBreakGlass(
    person: Person,
    { rescue, ...click }: Click & { rescue: string },
  ): Promise<{ readonly verdict: DecisionVerdict; readonly instance: string; readonly least: number }> {
    const { log, facts } = await this.#openFor(rescue, person, glassBreakers)
    const { state } = log
    const verdict = mayDecide(this.#parts.policy, state, click, 'broke-glass', person, facts())
    if (verdict.kind !== 'allowed') await this.#recordRefusal(log, person, click, 'broke-glass', verdict.kind)
    return { verdict, instance: state.instance?.name ?? '', least: this.#leastReason(state, click.gate) }
  }

  #leastReason(state: RescueState, gate: 1 | 2): number {
    return gateRuleOf(this.#parts.policy, state, gate)?.breakGlass?.leastReason ?? 1
  }

  /** A button or a form whose reference is none of ours: nothing is decided, and it is recorded. */
  async refuseUnreadable(person: Person, from: Origin, wish: Decision): Promise<void> {
    await this.#parts.refused.add({ actor: person, from, rescue: null, click: { wish, why: 'forged' } })
  }

  /** Whether this person may deny it now, and where the rescue stands. */
  async mayDeny(
    person: Person,
    { rescue, ...click }: Click & { rescue: string },
  ): Promise<{ readonly verdict: DecisionVerdict; readonly state: RescueState }> {
    const { log, facts } = await this.#openFor(rescue, person)
    const { state } = log
    const verdict = mayDecide(this.#parts.policy, state, click, 'denied', person, facts())
    if (verdict.kind !== 'allowed') await this.#recordRefusal(log, person, click, 'denied', verdict.kind)
    return { verdict, state }
  }

  /** Whether this person may type a line into the root shell now. */
  async mayType(person: Person, rescue: string): Promise<TypeVerdict> {
    const { log, facts } = await this.#openFor(rescue, person)
    return mayType(this.#parts.policy, log.state, person, facts())
  }

  /** Gives a line to the root shell. `line` names the form: the same one delivered twice is one line. */
  async typeLine(person: Person, rescue: string, line: string, text: string, from: Origin): Promise<TypeVerdict> {
    const { log, facts } = await this.#openFor(rescue, person)
    let verdict: TypeVerdict = 'not-open'
    await log.record({ actor: person, epoch: null, from }, (state) => {
      const isThere = state.shell?.lines.some(({ id }) => id === line) ?? false
      verdict = isThere ? 'allowed' : mayType(this.#parts.policy, state, person, facts())
      if (!isInItsChannel(state, from)) verdict = 'not-open'
      return verdict === 'allowed' && !isThere ? { type: 'line-sent', line, text } : undefined
    })
    return verdict
  }

  /** Closes the root shell; a line that runs comes to its end first. */
  async leaveShell(person: Person, rescue: string, from: Origin): Promise<TypeVerdict> {
    const { log, facts } = await this.#openFor(rescue, person)
    let verdict: TypeVerdict = 'not-open'
    await log.record({ actor: person, epoch: null, from }, (state) => {
      verdict = mayType(this.#parts.policy, state, person, facts())
      return verdict === 'allowed' ? { type: 'shell-closed', why: 'done' } : undefined
    })
    return verdict
  }

  /** Has the line interrupted that runs in the root shell. `line`: that one only, whatever runs by now. */
  async interruptLine(person: Person, rescue: string, from: Origin, line?: string): Promise<InterruptVerdict> {
    const { log, facts } = await this.#openFor(rescue, person)
    let verdict: InterruptVerdict = 'not-open'
    const { kind } = await log.record({ actor: person, epoch: null, from }, (state) => {
      verdict = mayInterrupt(this.#parts.policy, state, person, facts(), line)
      const running = state.shell && waitingLine(state.shell)
      return verdict === 'allowed' && running !== undefined ? { type: 'interrupt-asked', line: running.id } : undefined
    })
    return kind === 'ended' ? 'not-open' : verdict
  }

  /** Asks the worker for a picture of the screen, which then stands in the thread. */
  async askForScreen(person: Person, rescue: string, from: Origin): Promise<ScreenVerdict> {
    const { log, facts } = await this.#openFor(rescue, person)
    let verdict: ScreenVerdict = 'no-console'
    const { kind } = await log.record({ actor: person, epoch: null, from }, (state) => {
      verdict = mayAskForScreen(this.#parts.policy, state, person, facts())
      return verdict === 'allowed' ? { type: 'screen-asked' } : undefined
    })
    return kind === 'ended' ? 'no-console' : verdict
  }

  async stop(person: Person, rescue: string, from: Origin, why = ''): Promise<StopResult> {
    const { log, facts } = await this.#openFor(rescue, person)
    const { state } = log
    if (state.request === undefined) return { kind: 'unknown' }
    if (state.ended !== undefined) return { kind: 'ended' }
    if (!mayStop(this.#parts.policy, state, person, facts())) return { kind: 'not-allowed' }
    const result = await log.record({ actor: person, epoch: null, from }, (newest) =>
      newest.stopRequested === undefined ? { type: 'stop-requested', ...reasonOf(why) } : undefined,
    )
    if (result.kind === 'declined' && log.state.stopRequested !== undefined)
      return { kind: 'already-asked', by: log.state.stopRequested.by }
    return { kind: result.kind === 'appended' ? 'asked' : 'ended' }
  }

  /** Chooses by the candidate's place in the list that was offered. Whoever may stop a rescue may choose. */
  async choose(person: Person, rescue: string, index: number, from: Origin): Promise<ChooseResult> {
    const { log, facts } = await this.#openFor(rescue, person)
    if (!mayStop(this.#parts.policy, log.state, person, facts())) return { kind: 'not-allowed' }
    const { now } = this.#parts
    const result = await log.record({ actor: person, epoch: null, from }, (state) => chosen(state, index, now()))
    if (result.kind === 'appended') return { kind: 'chosen' }
    return { kind: log.state.chosenId === undefined ? 'not-waiting' : 'already-chosen' }
  }

  /** Whether what this person would enter is wanted, and theirs to give. `handOver` as for `answer`, once a form was sent. */
  async mayAnswer(person: Person, { rescue, ask }: AskReference, handOver?: string): Promise<AnswerVerdict> {
    const { log, facts } = await this.#openFor(rescue, person)
    return mayAnswer(this.#parts.policy, log.state, ask, person, facts(), handOver)
  }

  /**
   * Hands over what the machine asked for. It is sealed and put down first, then the log says where: whoever reads
   * the log finds it there. Of two answers at one moment one stands in the log, and the other is taken back.
   * `handOver`: the same for a form that is delivered again, which is then answered as before.
   */
  async answer(
    person: Person,
    { rescue, ask }: AskReference,
    answer: Answer,
    handOver: string,
    from: Origin,
  ): Promise<AnswerVerdict> {
    const { policy, sealed } = this.#parts
    const { log, facts } = await this.#openFor(rescue, person)
    let verdict = mayAnswer(policy, log.state, ask, person, facts(), handOver)
    if (verdict.kind !== 'allowed' || verdict.ask.answer !== undefined) return verdict
    if (!isInItsChannel(log.state, from)) return { kind: 'not-waiting' }
    const place = { rescue, about: ask, handOver }
    await sealed.put(place, answer)
    const result = await log.record({ actor: person, epoch: null, from }, (state) => {
      verdict = mayAnswer(policy, state, ask, person, facts(), handOver)
      const isNew = verdict.kind === 'allowed' && verdict.ask.answer === undefined
      return isNew ? { type: 'answered', ask, handOver } : undefined
    })
    if (result.kind === 'ended' || verdict.kind !== 'allowed') await sealed.drop(place)
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
    for (const rescue of this.#followed.keys()) if (!ids.includes(rescue)) this.#followed.delete(rescue)
    const all = await Promise.all(ids.map(async (rescue) => ({ rescue, state: await this.#newest(rescue) })))
    return all.flatMap(({ rescue, state }) =>
      state?.request !== undefined && state.ended === undefined ? [{ rescue, state }] : [],
    )
  }

  /** Undefined when it can not be read: one damaged log is no reason to know nothing of the others. */
  async #newest(rescue: string): Promise<RescueState | undefined> {
    const log = this.#followed.get(rescue) ?? new RescueLog(this.#parts.log, rescue, this.#parts.now)
    this.#followed.set(rescue, log)
    try {
      await log.refresh()
      return log.state
    } catch (error) {
      this.#followed.delete(rescue)
      if (!isUnreadable(error)) throw error
      this.#parts.onTrouble('a rescue is left out, for its log can not be read', { rescue, error })
      return undefined
    }
  }

  /** Gives the rescues that no worker has claimed to the queue again: the bot may have died between log and queue. */
  async enqueueUnclaimed(): Promise<void> {
    for (const { rescue, state } of await this.live()) if (state.epoch === 0) await this.#parts.enqueue(rescue)
  }

  /**
   * The rescue's log, and what has to be known of this person to say what they may do with it.
   * @throws RescueError `membership-unknown`
   */
  async #openFor(
    rescue: string,
    person: Person,
    asked: Asked = approversUnlessOwn,
  ): Promise<{ readonly log: RescueLog; readonly facts: () => Facts }> {
    const log = await this.#open(rescue)
    const { members } = await this.#facts(asked(this.#parts.policy, log.state, person), person, 'decision')
    return { log, facts: () => ({ members, home: this.#parts.home, now: this.#parts.now() }) }
  }

  async #facts(all: readonly Who[], person: Person, purpose: Purpose): Promise<Facts> {
    const { membership, home, now } = this.#parts
    return { members: await membership.of(toBeAsked(all, person), purpose), home, now: now() }
  }

  /** In the rescue's log while it is live, and beside it otherwise: nothing is appended to a log that has ended. */
  async #recordRefusal(
    log: RescueLog,
    actor: Person,
    { gate, planHash, from }: Click,
    wish: Decision,
    why: RefusedClick['why'],
  ): Promise<void> {
    const click = { wish, why, gate, planHash }
    const isLive = () => log.state.request !== undefined && log.state.ended === undefined
    const result = await log.record({ actor, epoch: null, from }, ({ refused }) => {
      const recorded = isLive() ? refusedClick(refused, actor, click) : undefined
      return recorded && { type: 'refused-click', click: recorded }
    })
    if (result.kind === 'ended' || !isLive()) await this.#parts.refused.add({ actor, from, rescue: log.rescue, click })
  }

  async #open(rescue: string): Promise<RescueLog> {
    const log = new RescueLog(this.#parts.log, rescue, this.#parts.now)
    await log.refresh()
    return log
  }

  async #request(person: Person, request: StartRequest): Promise<string> {
    for (let attempt = 0; attempt < ID_ATTEMPTS; attempt += 1) {
      const rescue = rescueIdOf(person, request, attempt)
      const event = requested(request, this.#isConditional(request))
      const log = await this.#open(rescue)
      const from = request.from ?? { team: person.team, channel: request.channel }
      const result = await log.record({ actor: person, epoch: null, from }, (state) =>
        state.request === undefined ? event : undefined,
      )
      if (result.kind === 'appended' || isSameRequest(log.state, event, person)) return rescue
    }
    throw new RescueError('us', 'not-queued', 'no free rescue id was found')
  }

  #isConditional({ playbook, channel }: StartRequest): boolean {
    const subject = { playbooks: playbooksOf(playbook), channel, instance: undefined }
    return dependsOnInstance(this.#parts.policy, subject)
  }

  async #begin(rescue: string, person: Person): Promise<void> {
    try {
      await this.#parts.onRequested(rescue)
      await this.#parts.enqueue(rescue)
    } catch (cause) {
      if (await this.#goesOn(rescue, person)) return
      throw new RescueError('us', 'not-queued', `${rescue} could not be queued`, { cause })
    }
  }

  /** Ends it, unless a worker has it already: then only the queue's answer was lost. */
  async #goesOn(rescue: string, actor: Person): Promise<boolean> {
    const log = await this.#open(rescue)
    const { kind } = await log.record({ actor, epoch: null }, ({ epoch }) => (epoch === 0 ? NOT_QUEUED : undefined))
    return kind === 'declined'
  }
}

/** Where its thread is: no other place has a button for it. */
function isInItsChannel({ request }: RescueState, { channel }: Origin): boolean {
  return channel === request?.channel
}

function rescueIdOf({ team, user }: Person, { submission }: StartRequest, attempt: number): string {
  return rescueIdFrom(`${team} ${user} ${submission} ${attempt}`)
}

function isUndoOf(of: string, { request }: RescueState): boolean {
  return request?.playbook.name === 'undo' && request.playbook.of === of
}

function reasonOf(why: string): { readonly reason?: string } {
  return why === '' ? {} : { reason: clip(why, MOST_REASON) }
}

function requested({ playbook, target, channel, why = '' }: StartRequest, conditional: boolean): EventOf<'requested'> {
  const more = { ...(conditional ? { conditional } : {}), ...(why === '' ? {} : { why: clip(why, MOST_REASON) }) }
  return { type: 'requested', playbook, target, channel, ...more }
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

/** Of whoever asked for the rescue nothing has to be asked: they can stop and deny it also while Slack says nothing of groups. */
const approversUnlessOwn: Asked = (policy, state, person) =>
  samePerson(state.request?.by, person) ? [] : approvers(policy, state)

const ASKED_TO: Readonly<Record<DecisionWithReason['kind'], Asked>> = {
  approved: approvers,
  denied: approversUnlessOwn,
  'broke-glass': glassBreakers,
}

function decisionEvent({ gate, planHash }: Click, decision: DecisionWithReason, isLast: boolean): RescueEvent {
  const about = { gate, planHash }
  switch (decision.kind) {
    case 'approved':
      return isLast ? { type: 'decided', ...about, decision: 'approved' } : { type: 'approved', ...about }
    case 'denied':
      return { type: 'decided', ...about, decision: 'denied', reason: decision.reason }
    case 'broke-glass':
      return { type: 'decided', ...about, decision: 'approved', reason: decision.reason, brokeGlass: true }
    default:
      return assertNever(decision)
  }
}

function refusedBy(
  result: RecordResult,
  verdict: DecisionVerdict,
): Exclude<DecideResult, { kind: 'reason-too-short' }> {
  if (result.kind === 'appended') return { kind: 'decided' }
  return verdict.kind === 'allowed' ? { kind: 'not-waiting' } : verdict
}

/** This very person has decided it so. */
function isOwn(result: DecideResult, person: Person, { kind }: DecisionWithReason): boolean {
  const decision = result.kind === 'already-decided' ? result.gate.decision : undefined
  return samePerson(decision?.by, person) && decision?.decision === (kind === 'denied' ? 'denied' : 'approved')
}

function chosen({ choice, chosenId, ended }: RescueState, index: number, now: Date): RescueEvent | undefined {
  const candidate = choice?.candidates[index]
  if (choice === undefined || candidate === undefined || chosenId !== undefined || ended !== undefined) return undefined
  if (now.getTime() >= Date.parse(choice.expiresAt)) return undefined
  return { type: 'chosen', instanceId: candidate.id }
}
