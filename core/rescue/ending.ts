/**
 * How a rescue ends, and the reasons that end it early. Several can come
 * together; the first one counts, and the person reads that one.
 */
import { describeError, RescueError, toRescueError } from '../base/errors.ts'
import type { EventOf, Outcome } from '../record/events.ts'
import { mask } from '../record/masking.ts'

export interface Ending {
  readonly outcome: Outcome
  /** Key of a sentence in `core/i18n`. */
  readonly code: string
  readonly details: Readonly<Record<string, string>>
}

/** What a rescue leaves behind. */
export type MachineAfter = EventOf<'ended'>['machine']

/** Somebody pressed Stop. */
export class StopRequested extends RescueError {
  constructor() {
    super('operator', 'stopped', 'somebody asked to stop the rescue')
    this.name = 'StopRequested'
  }
}

/** The worker is being shut down (SIGTERM): it pays its debts and leaves. */
export class WorkerStopping extends RescueError {
  constructor() {
    super('us', 'worker-stopping', 'the worker was asked to stop')
    this.name = 'WorkerStopping'
  }
}

export function endingOf(thrown: unknown): Ending {
  const error = toRescueError(thrown)
  const outcome = error instanceof StopRequested ? 'stopped' : 'failed'
  return { outcome, code: error.code, details: maskedDetails({ ...error.details, ...reasonOf(error) }) }
}

/** They may quote the console. */
export function maskedDetails(details: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, mask(value)]))
}

/** For what nobody foresaw, the reader gets at least the first line of the error itself. */
function reasonOf(error: RescueError): Record<string, string> {
  if (error.code !== 'unexpected') return {}
  const [line = ''] = describeError(error).split('\n')
  return { reason: line }
}
