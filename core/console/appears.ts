/** A wait whose end in vain is an answer, not an error. */
import type { Console, UntilOptions } from './console.ts'
import { type Awaited, NothingAppeared } from './nothing-appeared.ts'
import type { ScreenView } from './screen-view.ts'

/** What `look` found within `limitMs`, or undefined. */
export async function appears<T>(
  console: Console,
  what: Awaited,
  look: (view: ScreenView) => T | undefined,
  limitMs: number,
  signal: AbortSignal,
  options: UntilOptions = {},
): Promise<T | undefined> {
  try {
    return await console.until(what, look, limitMs, signal, options)
  } catch (thrown) {
    if (thrown instanceof NothingAppeared) return undefined
    throw thrown
  }
}
