/**
 * Gate 2: the machine is down while people read. A line that drops meanwhile is noticed
 * at once and opened again, so that what is approved can be done without delay.
 */
import { RescueError } from '../base/errors.ts'
import type { ChangePlan } from '../record/plan.ts'
import { attachToShell, isLineDropped } from './across-drops.ts'
import type { RescueContext } from './context.ts'
import { passGate } from './gate.ts'
import type { Journal } from './journal.ts'
import { patienceOf } from './patience.ts'
import type { Session } from './session.ts'

/** The gate has a limit of its own, and after it the worker may wait for its turn: this is as long as a timer can be. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** Resolves as `passGate` does. Throws `line-dropped` when the line can not be had again, `shell-lost`. */
export async function passSecondGate(
  journal: Journal,
  session: Session,
  plan: ChangePlan,
  context: RescueContext,
  signal: AbortSignal,
): ReturnType<typeof passGate> {
  const failed = new AbortController()
  const waiting = AbortSignal.any([signal, failed.signal])
  const whileWaiting = async <T>(wait: () => Promise<T>): Promise<T> => {
    try {
      return await keepingTheLine({ journal, session, context }, wait(), signal)
    } catch (thrown) {
      failed.abort(thrown)
      throw thrown
    }
  }
  const expiresInMs = context.settings.gate2ExpiryMs
  return await passGate(journal, plan, { ...context, whileWaiting, expiresInMs }, waiting)
}

interface Parts {
  readonly journal: Journal
  readonly session: Session
  readonly context: RescueContext
}

/** The worker's slot is in other hands while people read; it is taken again before anything is done about the line. */
async function keepingTheLine<T>(parts: Parts, decided: Promise<T>, signal: AbortSignal): Promise<T> {
  const { session, context } = parts
  // Whoever leaves with an error of the line has no use for a decision.
  decided.catch(() => undefined)
  while ((await context.whileWaiting(() => decidedOrDropped(session, decided, signal))) === 'dropped')
    await attachAgain(parts, decided, signal)
  return await decided
}

/** Nobody waits for a line that is not needed any more: the machine is booted without it. */
async function attachAgain(
  { journal, session, context }: Parts,
  decided: Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const notNeeded = new AbortController()
  const unlessApproved = () => {
    if (journal.state.gates[2]?.decision?.decision !== 'approved')
      notNeeded.abort(new RescueError('us', 'gate-passed', 'nothing will be changed'))
  }
  decided.then(unlessApproved, () => undefined)
  const needed = AbortSignal.any([signal, notNeeded.signal])
  try {
    await attachToShell(session, patienceOf(context.settings), needed)
  } catch (thrown) {
    if (!notNeeded.signal.aborted) throw thrown
  }
}

async function decidedOrDropped(
  session: Session,
  decided: Promise<unknown>,
  signal: AbortSignal,
): Promise<'decided' | 'dropped'> {
  const over = new AbortController()
  const watching = AbortSignal.any([signal, over.signal])
  const dropped = session.demandConsole().until<never>('line-dropped', () => undefined, LONGEST_WAIT_MS, watching)
  try {
    await Promise.race([decided, dropped])
    return 'decided'
  } catch (thrown) {
    if (isLineDropped(thrown)) return 'dropped'
    throw thrown
  } finally {
    over.abort(new RescueError('us', 'gate-passed', 'the wait is over'))
    await Promise.allSettled([dropped])
  }
}
