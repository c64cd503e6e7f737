/** A task that a bad line may spoil, tried again from where nothing has been edited. */
import { NothingAppeared } from '../console/nothing-appeared.ts'
import { EditNotShown } from './failures.ts'

/**
 * What `attempt` gives for the first of `ways` that works; `undo` leads back to where it can begin anew, after every
 * failure. Throws the last failure, or at once one that another attempt would not mend.
 */
export async function retried<T, W>(
  ways: readonly W[],
  attempt: (way: W) => Promise<T>,
  undo: () => Promise<unknown>,
): Promise<T> {
  let wrong: unknown
  for (const way of ways) {
    try {
      return await attempt(way)
    } catch (thrown) {
      await undo()
      if (!isRetryable(thrown)) throw thrown
      wrong = thrown
    }
  }
  throw wrong
}

/** The screen was not as it should be: on a line that loses bytes it may be the next time. */
export function isRetryable(thrown: unknown): boolean {
  return thrown instanceof EditNotShown || thrown instanceof NothingAppeared
}
