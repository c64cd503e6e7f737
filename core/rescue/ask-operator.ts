/**
 * Asks people for what must stand in no log: the question goes into the log, the
 * answer comes around it, sealed. The machine waits meanwhile, so the clock runs.
 */
import { TimeLimit, within } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import { newTicket } from '../base/ids.ts'
import type { Console } from '../console/console.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import type { StateKind } from '../machine/state.ts'
import type { EventOf } from '../record/events.ts'
import type { GrubCredentials } from '../record/grub-credentials.ts'
import { type AskAnswer, openAsk } from '../record/state.ts'
import type { RescueContext } from './context.ts'
import type { Journal } from './journal.ts'
import type { World } from './world.ts'

export interface Question {
  readonly what: Exclude<EventOf<'asked'>['what'], 'file-text'>
  /** From 1; more when the boot loader has refused what was entered before. */
  readonly attempt: number
}

/** The question has a limit of its own: this is as long as a timer can be. */
const LONGEST_WAIT_MS = 2 ** 31 - 1
/** Noise on the line does not stay on the screen alone for so long; a machine that boots shows more and more. */
const GONE_ON_MS = 1000

/**
 * Resolves with what the first person entered who may; from then on it is hidden in all that the journal appends.
 * @throws RescueError `password-not-entered` when nobody did in time, `password-not-asked` when the machine has gone on
 *   meanwhile, `password-lost`, `password-unreadable`, `line-dropped`, and the signal's reason
 */
export async function askOperator(
  world: World,
  journal: Journal,
  console: Console,
  context: RescueContext,
  { what, attempt }: Question,
  signal: AbortSignal,
): Promise<GrubCredentials> {
  const { now, settings, whileWaiting } = context
  const asking = recognise(console.view()).state.kind
  const ask = newTicket()
  const expiresAt = new Date(now().getTime() + settings.passwordExpiryMs).toISOString()
  await journal.append({ type: 'asked', what, ask, attempt, expiresAt })
  const wait = async (waiting: AbortSignal) => {
    const answer = await answeredOrExpired(journal, ask, settings.passwordExpiryMs, waiting)
    if (answer !== undefined) return answer
    throw new RescueError('operator', 'password-not-entered', 'nobody entered the password')
  }
  const { handOver } = await whileWaiting(() => whileItAsks(console, asking, wait, signal)).catch(async (thrown) => {
    // Nobody shall enter anything in vain; what ends the rescue ends the question, too.
    if (!signal.aborted) await withdraw(journal, ask, 'gone-on')
    throw thrown
  })
  const credentials = await world.takeAnswer({ rescue: journal.rescue, about: ask, handOver }, signal)
  if (credentials === undefined || !('password' in credentials))
    throw new RescueError('us', 'password-lost', 'what was entered is not in the store any more')
  journal.keepSecret(credentials)
  // Minutes have passed: nothing of it is typed into another screen than the one that asked.
  if (recognise(console.view()).state.kind !== asking) throw notAsked()
  return credentials
}

function notAsked(): RescueError {
  return new RescueError('machine', 'password-not-asked', 'the boot loader does not ask for a password any more')
}

/**
 * The worker's clock ends the wait, unless somebody was faster: the log has one winner. Undefined when nobody answered
 * in time.
 */
export async function answeredOrExpired(
  journal: Journal,
  ask: string,
  expiresInMs: number,
  signal: AbortSignal,
): Promise<AskAnswer | undefined> {
  using limit = within(signal, expiresInMs)
  try {
    return await journal.until(() => answerTo(journal, ask), limit.signal)
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof TimeLimit)) throw thrown
    await withdraw(journal, ask, 'expired')
    return answerTo(journal, ask)
  }
}

async function withdraw(journal: Journal, ask: string, why: EventOf<'withdrawn'>['why']): Promise<void> {
  await journal.record((state) => (openAsk(state)?.id === ask ? { type: 'withdrawn', ask, why } : undefined))
}

function answerTo({ state }: Journal, ask: string): AskAnswer | undefined {
  return state.asks.find(({ id }) => id === ask)?.answer
}

/** A line that drops, or a machine that somebody resets, is noticed at once: nobody shall look for a password in vain. */
async function whileItAsks<T>(
  console: Console,
  asking: StateKind,
  wait: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const over = new AbortController()
  const waiting = AbortSignal.any([signal, over.signal])
  const same: readonly StateKind[] = [asking, 'unknown', 'silent']
  const gone = (view: ScreenView) => (same.includes(recognise(view).state.kind) ? undefined : true)
  const what = 'machine-goes-on'
  const goneOn = console.until(what, gone, LONGEST_WAIT_MS, waiting, { quietMs: GONE_ON_MS }).then(() => {
    throw notAsked()
  })
  const waited = wait(waiting)
  try {
    return await Promise.race([waited, goneOn])
  } finally {
    over.abort(new RescueError('us', 'answer-there', 'the wait is over'))
    await Promise.allSettled([waited, goneOn])
  }
}
