/**
 * Where a rescue stands, derived from its log. The bot's card, a worker that
 * starts over and `/oci-rescue status` all read this one value.
 */
import { assertNever } from '../base/errors.ts'
import { sha256 } from '../base/sha256.ts'
import type { Change } from './changes.ts'
import type { Actor, Debt, Entry, EventOf, Instance, NewerRequest, Phase, Proof } from './events.ts'
import type { DiagnosisRecord } from './findings.ts'
import { approvedBy, decidedBy, type Gate, gateOpened, termsSet } from './gates.ts'
import { interruptAsked, lineAnswered, lineSent, type PeopleShell, shellClosed, shellOpened } from './people-shell.ts'

/** A question to people whose answer is handed over sealed. */
export interface Ask {
  readonly id: string
  readonly what: EventOf<'asked'>['what']
  readonly attempt: number
  readonly file: EventOf<'asked'>['file']
  readonly expiresAt: string
  readonly answer: AskAnswer | undefined
  /** Why an answer would come too late: its time has passed, or the rescue has gone on or ends. */
  readonly over: EventOf<'withdrawn'>['why'] | undefined
}

export interface AskAnswer {
  /** Names the sealed entry. */
  readonly handOver: string
  readonly by: Actor
  readonly at: string
}

/** Somebody wants to see the screen. */
export interface ScreenAsk {
  readonly by: Actor
  readonly at: string
  readonly isAnswered: boolean
}

export interface RescueState {
  readonly seq: number
  readonly request: (EventOf<'requested'> & { readonly by: Actor; readonly at: string }) | undefined
  /** How many workers have claimed the rescue. */
  readonly epoch: number
  /** What the newest of them says it understands. */
  readonly hears: readonly string[]
  /** That worker has a console whose screen it can show. */
  readonly consoleIsOpen: boolean
  /** The newest. */
  readonly screenAsk: ScreenAsk | undefined
  readonly choice: EventOf<'choice-offered'> | undefined
  readonly chosenId: string | undefined
  readonly instance: Instance | undefined
  /** What the policy says of the request on this instance, where it had to be asked. */
  readonly admission: EventOf<'admitted' | 'turned-away'> | undefined
  readonly phases: readonly { readonly phase: Phase; readonly at: string }[]
  /** The newest of each. */
  readonly gates: { readonly 1: Gate | undefined; readonly 2: Gate | undefined }
  /** Those of earlier rounds of changes, oldest first. */
  readonly pastGates: readonly Gate[]
  /** Oldest first; at most the last one waits. */
  readonly asks: readonly Ask[]
  readonly shell: PeopleShell | undefined
  /** Whose clicks on its gates were refused, as often as that was recorded. */
  readonly refused: readonly Actor[]
  readonly stopRequested: { readonly by: Actor; readonly at: string } | undefined
  /** Begun and not finished: look before doing it again. */
  readonly inDoubt: number | undefined
  readonly changed: readonly Change[]
  /** What was kept, by the sum that it was named with. */
  readonly texts: ReadonlyMap<string, string>
  readonly proofs: readonly Proof[]
  readonly debts: readonly Debt[]
  /** The newest. */
  readonly diagnosis: DiagnosisRecord | undefined
  /** The console that a person has. */
  readonly handedOut: EventOf<'console-handed-out'> | undefined
  readonly ended: (EventOf<'ended'> & { readonly at: string }) | undefined
}

export const START: RescueState = {
  seq: 0,
  request: undefined,
  epoch: 0,
  hears: [],
  consoleIsOpen: false,
  screenAsk: undefined,
  choice: undefined,
  chosenId: undefined,
  instance: undefined,
  admission: undefined,
  phases: [],
  gates: { 1: undefined, 2: undefined },
  pastGates: [],
  asks: [],
  shell: undefined,
  refused: [],
  stopRequested: undefined,
  inDoubt: undefined,
  changed: [],
  texts: new Map(),
  proofs: [],
  debts: [],
  diagnosis: undefined,
  handedOut: undefined,
  ended: undefined,
}

export function replay(entries: readonly Entry[], from: RescueState = START): RescueState {
  return entries.reduce(step, from)
}

export function step(state: RescueState, entry: Entry): RescueState {
  return { ...state, ...news(state, entry), seq: entry.seq }
}

function news(state: RescueState, { event, actor, at, seq }: Entry): Partial<RescueState> {
  switch (event.type) {
    case 'requested':
      return { request: { ...event, by: actor, at } }
    case 'claimed':
      return { epoch: event.epoch, hears: event.hears ?? [], consoleIsOpen: false, asks: over(state.asks) }
    case 'choice-offered':
      return { choice: event }
    case 'chosen':
      return { chosenId: event.instanceId }
    case 'resolved':
      return { instance: event.instance }
    case 'admitted':
    case 'turned-away':
      return { admission: state.admission ?? event }
    case 'phase-began':
      return {
        phases: [...state.phases, { phase: event.phase, at }],
        asks: over(state.asks),
        consoleIsOpen: state.consoleIsOpen && event.phase !== 'clean-up',
      }
    case 'gate-opened': {
      const past = state.gates[event.gate]
      return {
        gates: { ...state.gates, [event.gate]: gateOpened(event, seq, at) },
        pastGates: past === undefined ? state.pastGates : [...state.pastGates, past],
      }
    }
    case 'terms-set':
      return atGate(state, event, (gate) => termsSet(gate, event))
    case 'approved':
      return atGate(state, event, (gate) => approvedBy(gate, actor, at))
    case 'decided':
      return atGate(state, event, (gate) => decidedBy(gate, event, actor, at))
    case 'refused-click':
      return { refused: [...state.refused, actor] }
    case 'stop-requested':
      return { stopRequested: state.stopRequested ?? { by: actor, at }, asks: over(state.asks) }
    case 'asked':
      return { asks: [...over(state.asks), asked(event)] }
    case 'answered':
      return { asks: answered(state.asks, event, { handOver: event.handOver, by: actor, at }) }
    case 'withdrawn':
      return { asks: over(state.asks, event.ask, event.why) }
    case 'shell-opened':
      return { shell: shellOpened(event, state.epoch) }
    case 'line-sent':
      return { shell: lineSent(state.shell, event, actor, at) }
    case 'interrupt-asked':
      return { shell: interruptAsked(state.shell, event, actor, at) }
    case 'line-answered':
      return { shell: lineAnswered(state.shell, event) }
    case 'shell-closed':
      return { shell: shellClosed(state.shell, event, actor) }
    case 'change-began':
      return { inDoubt: event.index }
    case 'change-finished':
      return { inDoubt: undefined, changed: [...state.changed, event.change] }
    case 'text-kept':
      return { texts: new Map([...state.texts, [event.sha256, event.text]]) }
    case 'proved':
      return { proofs: [...state.proofs, event.proof] }
    case 'owes':
      return { debts: [...state.debts.filter((debt) => debt.kind !== event.debt.kind), event.debt] }
    case 'paid':
      return {
        debts: state.debts.filter((debt) => debt.kind !== event.debt),
        consoleIsOpen: state.consoleIsOpen && event.debt !== 'console-connection',
      }
    case 'noticed':
      return { consoleIsOpen: LINE.get(event.code) ?? state.consoleIsOpen }
    case 'screen-asked':
      return { screenAsk: { by: actor, at, isAnswered: false } }
    case 'saw':
      return event.why === 'asked' && state.screenAsk !== undefined
        ? { screenAsk: { ...state.screenAsk, isAnswered: true } }
        : {}
    case 'ended':
      return { ended: { ...event, at }, asks: over(state.asks), consoleIsOpen: false }
    case 'diagnosed':
      return { diagnosis: event.diagnosis }
    case 'console-handed-out':
      return { handedOut: event }
    case 'history':
    case 'screenshot':
    case 'console':
    case 'handed-over':
    case 'transferring':
    case 'console-held':
    case 'typed':
      return {}
    default:
      return assertNever(event)
  }
}

/** What a worker notices of its line: whether there is a screen that it can show. */
const LINE: ReadonlyMap<string, boolean> = new Map([
  ['connection-active', true],
  ['line-lost', false],
  ['line-back', true],
])

/** Whether the worker that has the rescue would know what to do with it. */
export function hears({ hears }: RescueState, request: NewerRequest): boolean {
  return hears.includes(request)
}

/** Whether there is a screen that the worker can be asked for. */
export function canShowScreen(state: RescueState): boolean {
  return state.consoleIsOpen && hears(state, 'screen-asked')
}

/** The text of that sum; undefined when no text that has it was kept. */
export function keptText({ texts }: RescueState, sum: string): string | undefined {
  const text = texts.get(sum)
  return text !== undefined && sha256(text) === sum ? text : undefined
}

/** The gate that was opened by this entry. */
export function gateAt({ gates, pastGates }: RescueState, seq: number): Gate | undefined {
  return [gates[1], gates[2], ...pastGates].find((gate) => gate?.seq === seq)
}

/** The gate that waits for people now. */
export function openGate(state: RescueState): Gate | undefined {
  if (state.ended !== undefined) return undefined
  return [state.gates[2], state.gates[1]].find((gate) => gate !== undefined && gate.decision === undefined)
}

/** The shell that takes lines from people now, or will when it has answered the last one. */
export function openShell({ shell, epoch, stopRequested, ended }: RescueState): PeopleShell | undefined {
  if (shell === undefined || shell.closed !== undefined || shell.epoch !== epoch) return undefined
  return stopRequested === undefined && ended === undefined ? shell : undefined
}

/** The question that waits for people now. */
export function openAsk({ asks }: RescueState): Ask | undefined {
  const newest = asks.at(-1)
  return newest === undefined || !isOpen(newest) ? undefined : newest
}

/** Changes the gate that waits with the plan that the event names; what is about anything else changes nothing. */
function atGate(
  { gates }: RescueState,
  event: EventOf<'terms-set' | 'approved' | 'decided'>,
  change: (gate: Gate) => Gate,
): Partial<RescueState> {
  const gate = gates[event.gate]
  if (gate === undefined || gate.decision !== undefined || gate.planHash !== event.planHash) return {}
  return { gates: { ...gates, [event.gate]: change(gate) } }
}

function asked({ ask: id, what, attempt, file, expiresAt }: EventOf<'asked'>): Ask {
  return { id, what, attempt, file, expiresAt, answer: undefined, over: undefined }
}

/** The first answer to a question that waits; any other one answers nothing. */
function answered(asks: readonly Ask[], { ask: id }: EventOf<'answered'>, answer: AskAnswer): readonly Ask[] {
  return asks.map((ask) => (ask.id === id && isOpen(ask) ? { ...ask, answer } : ask))
}

function over(asks: readonly Ask[], id?: string, why: Ask['over'] = 'gone-on'): readonly Ask[] {
  return asks.map((ask) => (isOpen(ask) && (id === undefined || ask.id === id) ? { ...ask, over: why } : ask))
}

function isOpen({ answer, over: isOver }: Ask): boolean {
  return answer === undefined && isOver === undefined
}
