/** Waiting for what OCI does in its own time: asked again and again, ever less often, and not for ever. */
import { TimeLimit, within } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Instance } from '../../core/record/events.ts'

/** Other tools wait as long; it takes seconds to some tens of seconds. */
const PATIENCE_MS = 120_000
const FIRST_PAUSE_MS = 250
export const LONGEST_PAUSE_MS = 1000

/** What is said when the time is over. */
export interface Late {
  readonly code: string
  /** E.g. `console connection was not ready`. */
  readonly what: string
}

/**
 * Gives `work` so much time; its signal ends then.
 * @throws RescueError `late.code` when that was not enough
 */
export async function patiently<T>(
  late: Late,
  instance: Instance,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  using limit = within(signal, PATIENCE_MS)
  try {
    return await work(limit.signal)
  } catch (error) {
    if (signal.aborted || !(error instanceof TimeLimit)) throw error
    const message = `${instance.name}'s ${late.what} after ${PATIENCE_MS / 1000} s`
    throw new RescueError('cloud', late.code, message, { cause: error, details: { instance: instance.name } })
  }
}

/** Between two questions, in ms: half again as long each time. */
export function* pauses(): Generator<number> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) yield pause
}
