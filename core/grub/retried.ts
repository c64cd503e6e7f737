/** A task that a bad line may spoil, tried again from where nothing has been edited. */
import { RescueError } from '../base/errors.ts'
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

/** The screen was not as it should be, or lacked what it should have: on a bad line it may be right the next time. */
export function isRetryable(thrown: unknown): boolean {
  if (thrown instanceof RescueError && thrown.code === 'no-kernel-line') return true
  return thrown instanceof EditNotShown || thrown instanceof NothingAppeared
}
