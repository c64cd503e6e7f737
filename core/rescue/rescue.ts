/**
 * One rescue, from the request to the last debt: what all of them have in common. The stories
 * themselves stand in files of their own; begin with `repair.ts`, the one that the thread is made for.
 */
import { RescueError, toRescueError } from '../base/errors.ts'
import { backupOf, type Change, changeName } from '../record/changes.ts'
import { type PlaybookRequest, repairsOf } from '../record/playbooks.ts'
import { demandAdmission } from './admission.ts'
import { history, screenshot } from './captures.ts'
import { connect } from './connect.ts'
import type { RescueContext } from './context.ts'
import { diagnosis } from './diagnosis.ts'
import { type Ending, endingOf, StopRequested } from './ending.ts'
import { findInstance } from './find.ts'
import { fencedOff, Journal } from './journal.ts'
import { operatorShell } from './operator-shell.ts'
import { patienceOf } from './patience.ts'
import { interrupt, reboot } from './power.ts'
import { previousKernel } from './previous-kernel.ts'
import { repair } from './repair.ts'
import { Session } from './session.ts'
import { settle } from './settle.ts'
import { demandRequest, type Stage } from './stage.ts'
import type { World } from './world.ts'

/**
 * Runs the rescue to its end and writes that end into its log. A rescue that another worker has begun is not
 * repeated: its debts are paid, and it ends as failed. Resolves also when it ended badly; throws only when the log
 * itself could not be written, or this worker was fenced off.
 */
export async function rescue(context: RescueContext, signal: AbortSignal): Promise<void> {
  const claim = await Journal.claim(context.log, context.rescue, context.workerId, context.now)
  if (claim === undefined) return
  const { journal, epoch } = claim
  const world = context.worldFor(async () => {
    if ((await context.log.epoch(context.rescue)) !== epoch) throw fencedOff()
  })
  const patience = patienceOf(context.settings)
  await using session = new Session(world, journal, { now: context.now, patience })
  const goesOn = epoch === 1 || canGoOn(journal)
  const told = goesOn ? await tell(world, journal, session, context, signal) : takenOver()
  if (told.outcome === 'failed') await session.showFailure()
  const screen = told.outcome === 'failed' ? session.maskedScreen() : undefined
  const { machine, left } = await settle(world, journal, session, patience)
  // Only a debt that can not be paid outweighs the ending that was told.
  const ending = left === undefined ? told : endingOf(left)
  const details = { ...inDoubt(journal), ...told.details, ...ending.details }
  const changed = journal.state.changed.map(changedPath)
  await journal.append({
    type: 'ended',
    ...ending,
    details,
    machine,
    changed,
    ...(screen === undefined ? {} : { screen }),
  })
}

/** A console that a person has is only waited for: nothing of it is lost with the worker that made it. */
function canGoOn({ state: { handedOut, instance } }: Journal): boolean {
  return handedOut !== undefined && instance !== undefined
}

/** The repair is not begun a second time: whoever reads this decides whether to ask for it again. */
function takenOver(): Ending {
  return { outcome: 'failed', code: 'worker-lost', details: {} }
}

/** The path of a change that was begun and may not have been finished: as the log has it, unless the machine told. */
function inDoubt({ state }: Journal): Record<string, string> {
  const { plan } = state.gates[2] ?? {}
  const change = plan?.gate === 2 && state.inDoubt !== undefined ? plan.changes[state.inDoubt] : undefined
  return change === undefined ? {} : { inDoubt: changeName(change) }
}

async function tell(
  world: World,
  journal: Journal,
  session: Session,
  context: RescueContext,
  signal: AbortSignal,
): Promise<Ending> {
  const telling = new AbortController()
  const ending = AbortSignal.any([signal, telling.signal])
  const stopped = new AbortController()
  const listening = listenForStop(journal, stopped, ending)
  try {
    return await story(world, journal, session, context, AbortSignal.any([ending, stopped.signal]), ending)
  } catch (thrown) {
    if (toRescueError(thrown).code === 'fenced-off') throw thrown
    return endingOf(thrown)
  } finally {
    telling.abort(new RescueError('us', 'story-over', 'the story is over'))
    await listening
  }
}

/** Ends when the story ends; what ends it is not its own failure. */
async function listenForStop(journal: Journal, stopped: AbortController, signal: AbortSignal): Promise<void> {
  try {
    await journal.until((state) => state.stopRequested, signal)
    stopped.abort(new StopRequested())
  } catch (thrown) {
    if (!signal.aborted) stopped.abort(thrown)
  }
}

/** Which story it is. `stoppable` ends with Stop as well as `signal`. */
async function story(
  world: World,
  journal: Journal,
  session: Session,
  context: RescueContext,
  stoppable: AbortSignal,
  signal: AbortSignal,
): Promise<Ending> {
  const { playbook: request, target } = demandRequest(journal)
  const known = journal.state.instance
  if (known === undefined) await journal.append({ type: 'phase-began', phase: 'find' })
  const instance = known ?? (await findInstance(world, journal, context, target, stoppable))
  const turnedAway = await demandAdmission(journal, context, stoppable)
  if (turnedAway !== undefined) return turnedAway
  return await tellStory({ world, journal, session, context, instance, stoppable, signal }, request)
}

function tellStory(stage: Stage, request: PlaybookRequest): Promise<Ending> {
  switch (request.name) {
    case 'diagnose':
      return diagnosis(stage, request)
    case 'history':
      return history(stage)
    case 'screenshot':
      return screenshot(stage)
    case 'reboot':
      return reboot(stage, request)
    case 'interrupt':
      return interrupt(stage)
    case 'connect':
      return connect(stage, request)
    case 'kernel':
      return previousKernel(stage)
    case 'shell':
      return operatorShell(stage, request)
    default:
      return repair(stage, request, repairsOf(request))
  }
}

function changedPath(change: Change): { path: string; backup: string | null } {
  return { path: changeName(change), backup: backupOf(change) }
}
