/**
 * Where a rescue stands, derived from its log. The bot's card, a worker that
 * starts over and `/oci-rescue status` all read this one value.
 */
import { assertNever } from '../base/errors.ts'
import type { Change } from './changes.ts'
import type { Actor, Debt, Entry, EventOf, Instance, Phase, Proof } from './events.ts'
import { sha256 } from './file-text.ts'
import type { DiagnosisRecord } from './findings.ts'
import { lineAnswered, lineSent, type PeopleShell, shellClosed, shellOpened } from './people-shell.ts'
import type { Plan } from './plan.ts'

export interface Gate {
  /** Of the entry that opened it: its name among all gates of the rescue. */
  readonly seq: number
  readonly plan: Plan
  readonly planHash: string
  readonly openedAt: string
  readonly expiresAt: string
  readonly decision: GateDecision | undefined
}

export interface GateDecision {
  readonly decision: EventOf<'decided'>['decision']
  readonly by: Actor
  readonly at: string
  /** Of a denial. */
  readonly reason: string | undefined
}

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

export interface RescueState {
  readonly seq: number
  readonly request: (EventOf<'requested'> & { readonly by: Actor; readonly at: string }) | undefined
  /** How many workers have claimed the rescue. */
  readonly epoch: number
  readonly choice: EventOf<'choice-offered'> | undefined
  readonly chosenId: string | undefined
  readonly instance: Instance | undefined
  readonly phases: readonly { readonly phase: Phase; readonly at: string }[]
  /** The newest of each. */
  readonly gates: { readonly 1: Gate | undefined; readonly 2: Gate | undefined }
  /** Those of earlier rounds of changes, oldest first. */
  readonly pastGates: readonly Gate[]
  /** Oldest first; at most the last one waits. */
  readonly asks: readonly Ask[]
  readonly shell: PeopleShell | undefined
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
  choice: undefined,
  chosenId: undefined,
  instance: undefined,
  phases: [],
  gates: { 1: undefined, 2: undefined },
  pastGates: [],
  asks: [],
  shell: undefined,
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
      return { epoch: event.epoch, asks: over(state.asks) }
    case 'choice-offered':
      return { choice: event }
    case 'chosen':
      return { chosenId: event.instanceId }
    case 'resolved':
      return { instance: event.instance }
    case 'phase-began':
      return { phases: [...state.phases, { phase: event.phase, at }], asks: over(state.asks) }
    case 'gate-opened': {
      const past = state.gates[event.gate]
      return {
        gates: { ...state.gates, [event.gate]: opened(event, seq, at) },
        pastGates: past === undefined ? state.pastGates : [...state.pastGates, past],
      }
    }
    case 'decided': {
      const gate = state.gates[event.gate]
      // The first decision about the plan that this gate shows; a decision about anything else decides nothing.
      if (gate === undefined || gate.decision !== undefined || gate.planHash !== event.planHash) return {}
      const decision = { decision: event.decision, by: actor, at, reason: event.reason }
      return { gates: { ...state.gates, [event.gate]: { ...gate, decision } } }
    }
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
      return { debts: state.debts.filter((debt) => debt.kind !== event.debt) }
    case 'ended':
      return { ended: { ...event, at }, asks: over(state.asks) }
    case 'diagnosed':
      return { diagnosis: event.diagnosis }
    case 'console-handed-out':
      return { handedOut: event }
    case 'history':
    case 'screenshot':
    case 'console':
    case 'handed-over':
    case 'saw':
    case 'transferring':
    case 'noticed':
    case 'console-held':
    case 'typed':
      return {}
    default:
      return assertNever(event)
  }
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

function opened({ plan, planHash, expiresAt }: EventOf<'gate-opened'>, seq: number, openedAt: string): Gate {
  return { seq, plan, planHash, openedAt, expiresAt, decision: undefined }
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
