/**
 * A worker's pen: appends to one rescue's log under the epoch it has claimed.
 * Everything the thread will show goes through here.
 */
import { RescueError } from '../base/errors.ts'
import { NEWER_REQUESTS, type RescueEvent } from '../record/events.ts'
import type { GrubCredentials } from '../record/grub-credentials.ts'
import type { EventLog } from '../record/log.ts'
import { type RecordResult, RescueLog, type Writer } from '../record/rescue-log.ts'
import type { RescueState } from '../record/state.ts'
import { ToldSecrets } from '../record/told-secrets.ts'
import { maskedEvent } from './masked-event.ts'

export class Journal {
  readonly rescue: string
  readonly #log: RescueLog
  readonly #writer: Writer
  readonly #secrets = new ToldSecrets()

  private constructor(log: RescueLog, writer: Writer) {
    this.rescue = log.rescue
    this.#log = log
    this.#writer = writer
  }

  /**
   * Claims the rescue: from here on any worker that held it before is fenced off.
   * Undefined when there is nothing to claim: the rescue has ended, or was never requested.
   */
  static async claim(log: EventLog, rescue: string, workerId: string, now: () => Date): Promise<Claim | undefined> {
    const rescueLog = new RescueLog(log, rescue, now)
    const actor = { kind: 'worker', id: workerId } as const
    await rescueLog.refresh()
    const result = await rescueLog.record({ actor, epoch: null }, (state) =>
      state.request === undefined || state.ended !== undefined
        ? undefined
        : { type: 'claimed', epoch: state.epoch + 1, hears: [...NEWER_REQUESTS] },
    )
    if (result.kind !== 'appended') return undefined
    const epoch = rescueLog.state.epoch
    return { epoch, journal: new Journal(rescueLog, { actor, epoch }) }
  }

  get state(): RescueState {
    return this.#log.state
  }

  /** @throws RescueError `fenced-off`, `instance-locked` (details.by) */
  async append(event: RescueEvent): Promise<void> {
    await this.record(() => event)
  }

  /** Appends what `decide` makes of the newest state; false when it wanted nothing. Throws as `append` does. */
  async record(decide: (state: RescueState) => RescueEvent | undefined): Promise<boolean> {
    const result = await this.#log.record(this.#writer, (state) => {
      const event = decide(state)
      return event === undefined ? undefined : maskedEvent(event, (text) => this.#secrets.hide(text))
    })
    if (result.kind === 'declined') return false
    demandAppended(result)
    return true
  }

  /** Hides what a person has told in everything that is appended from now on. */
  keepSecret(credentials: GrubCredentials): void {
    this.#secrets.keep(credentials)
  }

  /** As `keepSecret`, for what was made here and is typed in long lines: parts of it are hidden, too. */
  keepWholeSecret(secret: string): void {
    this.#secrets.keepWhole(secret)
  }

  /** Console text without its secrets, those included that this rescue was told. */
  mask(text: string): string {
    return this.#secrets.mask(text)
  }

  /** Waits until `look` finds something in the log's state. Throws the signal's reason, and `fenced-off`. */
  async until<T>(look: (state: RescueState) => T | undefined, signal: AbortSignal): Promise<T> {
    return await this.#log.until((state) => {
      if (state.epoch !== this.#writer.epoch) throw fencedOff()
      return look(state)
    }, signal)
  }
}

export interface Claim {
  readonly epoch: number
  readonly journal: Journal
}

export function fencedOff(): RescueError {
  return new RescueError('us', 'fenced-off', 'another worker has claimed this rescue')
}

function demandAppended(result: Exclude<RecordResult, { kind: 'declined' }>): void {
  switch (result.kind) {
    case 'appended':
      return
    case 'fenced-off':
    // Only the worker that holds the rescue ends it, and that was its last word.
    case 'ended':
      throw fencedOff()
    case 'instance-locked':
      throw new RescueError('operator', 'instance-locked', `the instance belongs to ${result.by}`, {
        details: { by: result.by },
      })
  }
}
