/** Which message of a thread is edited first, and how often: what people wait for before what only goes on. Pure. */
import { openAsk, openShell } from '../../core/record/state.ts'
import type { Thread } from './thread.ts'
import type { MessageItem } from './view.ts'

/** The parent of a thread redraws the channel for everybody, so what only goes on in it is not shown at once. */
const CARD_INTERVAL_MS = 5000
/** A message that grows is edited once for what comes in one breath: each edit is one that a live console does not get. */
const NEWS_INTERVAL_MS = 2000

/**
 * What is new comes first; of what has changed gates, for people wait for them, then what is settled, then the card, then
 * the live console, then what is left of one that is over; files, which take long, last.
 */
export const RANKS = { post: 0, gate: 1, settled: 2, card: 3, tail: 4, frozenTail: 5, upload: 6 } as const

export interface Pace {
  readonly rank: number
  /** Milliseconds from one edit to the next. */
  readonly interval: number
  readonly priority: 'prompt' | 'tail'
}

/** `tailInterval`: how often a live console may be edited now. */
export function paceOf(item: MessageItem, tailInterval: number): Pace {
  switch (item.kind) {
    case 'gate':
    case 'choice':
    case 'ask':
    case 'shell':
    case 'line':
      return { rank: RANKS.gate, interval: 0, priority: 'prompt' }
    case 'reminder':
    case 'alarm':
    case 'hand-over':
    case 'diagnosis':
    case 'handed-out':
    case 'console-commands':
    case 'result':
      return { rank: RANKS.settled, interval: 0, priority: 'prompt' }
    case 'milestone':
      return { rank: RANKS.settled, interval: NEWS_INTERVAL_MS, priority: 'prompt' }
    case 'card':
      return { rank: RANKS.card, interval: Math.max(CARD_INTERVAL_MS, tailInterval), priority: 'prompt' }
    case 'tail':
      return item.frozen
        ? { rank: RANKS.frozenTail, interval: 0, priority: 'tail' }
        : { rank: RANKS.tail, interval: tailInterval, priority: 'tail' }
    default:
      return item satisfies never
  }
}

/** What the card is waited for: nothing of it may come late. */
export function turnOf({ state }: Thread): string {
  const { gates, pastGates, stopRequested, ended } = state
  const all = [...pastGates, gates[1], gates[2]].map((gate) => [
    gate?.seq,
    gate?.approvals.length,
    gate?.decision?.decision,
  ])
  const asks = [openAsk(state)?.id, openShell(state) !== undefined]
  return JSON.stringify([all, asks, stopRequested !== undefined, ended?.outcome])
}
