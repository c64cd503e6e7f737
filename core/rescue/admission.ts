/**
 * Where the policy's rules depend on the instance, the policy is asked again once that is known: the bot has it, and
 * answers in the log. Nothing has happened to the machine before.
 */
import { TimeLimit, within } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import type { RescueContext } from './context.ts'
import type { Ending } from './ending.ts'
import type { Journal } from './journal.ts'

const CODES = {
  'no-rule': 'policy-no-rule',
  'several-rules': 'policy-several-rules',
  'not-a-requester': 'policy-not-a-requester',
} as const

/** Undefined when the rescue may go on. Throws `not-admitted` when the bot does not answer for as long as gate 1 would wait. */
export async function demandAdmission(
  journal: Journal,
  { settings, whileWaiting }: RescueContext,
  signal: AbortSignal,
): Promise<Ending | undefined> {
  if (journal.state.request?.conditional !== true) return undefined
  using limit = within(signal, settings.gate1ExpiryMs)
  try {
    const admission = await whileWaiting(() => journal.until((state) => state.admission, limit.signal))
    if (admission.type === 'admitted') return undefined
    return { outcome: 'denied', code: CODES[admission.why], details: {} }
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof TimeLimit)) throw thrown
    throw new RescueError('us', 'not-admitted', 'the bot did not say whether the policy allows this', { cause: thrown })
  }
}
