/** What a worker gives to each rescue it runs. */
import type { EventLog } from '../record/log.ts'
import type { Patience } from './patience.ts'
import type { Fence, World } from './world.ts'

export interface RescueContext {
  /** `R-` and its short id. */
  readonly rescue: string
  readonly log: EventLog
  /** Names the worker process in the log. */
  readonly workerId: string
  /** The world for one rescue: all its calls into OCI and all it types asks `fence` first. */
  readonly worldFor: (fence: Fence) => World
  readonly settings: RescueSettings
  readonly now: () => Date
  /** Runs a wait for people; the worker's slot is free for others meanwhile. */
  readonly whileWaiting: <T>(wait: () => Promise<T>) => Promise<T>
}

export interface RescueSettings {
  readonly gate1ExpiryMs: number
  readonly gate2ExpiryMs: number
  /** How long the boot loader's question for a password waits; the machine is down meanwhile. */
  readonly passwordExpiryMs: number
  /** How long a shell that people type into waits for the next line; the machine is down meanwhile. */
  readonly shellIdleMs: number
  /** How long such a line may run before it is interrupted. */
  readonly shellLineMs: number
  /** For the work between two waits for people, from one gate to the next or to the end. */
  readonly workLimitMs: number
  /** Where a machine is known to be quicker, or slower, than most. */
  readonly patience?: Partial<Patience>
}
