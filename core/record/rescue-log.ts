/**
 * One writer's hold on one rescue's log: reads it, keeps the state in step, and
 * appends by looking, deciding and comparing, again until no rival was faster.
 */
import type { Actor, Entry, Origin, RescueEvent } from './events.ts'
import type { AppendResult, EventLog, Head } from './log.ts'
import { type RescueState, replay, START } from './state.ts'

export interface Writer {
  readonly actor: Actor
  /** The epoch a worker has claimed; null for people. */
  readonly epoch: number | null
  /** Where a person does it. */
  readonly from?: Origin | undefined
}

/** As of `append`, without the conflicts; `declined` when `decide` wanted nothing appended after all. */
export type RecordResult = Exclude<AppendResult, { kind: 'conflict' }> | { readonly kind: 'declined' }

export class RescueLog {
  readonly rescue: string
  readonly #log: EventLog
  readonly #now: () => Date
  #state = START
  #head: Head = { seq: 0, hash: '' }
  /** Reads and appends of one writer take turns, so that what it says keeps its order. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(log: EventLog, rescue: string, now: () => Date) {
    this.#log = log
    this.rescue = rescue
    this.#now = now
  }

  /** As of the last refresh or append. */
  get state(): RescueState {
    return this.#state
  }

  /** Reads what is new, and returns it. */
  refresh(): Promise<readonly Entry[]> {
    return this.#inTurn(() => this.#read())
  }

  /** Appends what `decide` makes of the newest state; asks it again whenever somebody else was faster. */
  record(writer: Writer, decide: (state: RescueState) => RescueEvent | undefined): Promise<RecordResult> {
    return this.#inTurn(async () => {
      if (this.#state.seq === 0) await this.#read()
      for (;;) {
        const event = decide(this.#state)
        if (event === undefined) return { kind: 'declined' }
        const draft = { at: this.#now(), actor: writer.actor, from: writer.from, event }
        const result = await this.#log.append(this.rescue, draft, { head: this.#head, epoch: writer.epoch })
        if (result.kind === 'conflict') {
          await this.#read()
          continue
        }
        if (result.kind === 'appended') this.#take([result.entry], result.head)
        return result
      }
    })
  }

  /** Waits until `look` finds something in the state. Throws the signal's reason. */
  async until<T>(look: (state: RescueState) => T | undefined, signal: AbortSignal): Promise<T> {
    for (;;) {
      const found = look(this.#state)
      if (found !== undefined) return found
      await this.#log.grown(this.rescue, this.#state.seq, signal)
      await this.refresh()
    }
  }

  async #read(): Promise<readonly Entry[]> {
    const { entries, head } = await this.#log.read(this.rescue, this.#state.seq)
    this.#take(entries, head)
    return entries
  }

  #take(entries: readonly Entry[], head: Head): void {
    this.#state = replay(entries, this.#state)
    this.#head = head
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn
    return turn
  }
}
