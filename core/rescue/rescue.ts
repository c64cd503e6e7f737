/**
 * One rescue, from the request to the last debt: the story that the thread tells.
 * Read `story` from top to bottom; everything else is what it stands on.
 */
import { within } from '../base/deadline.ts'
import { RescueError, toRescueError } from '../base/errors.ts'
import { applyChanges, checkChanges, lookAndPropose, type Proposal, rebootCommand } from '../playbooks/index.ts'
import type { Instance } from '../record/events.ts'
import { mask } from '../record/masking.ts'
import type { Change, ChangePlan } from '../record/plan.ts'
import type { PlaybookRequest } from '../record/playbooks.ts'
import type { SerialShell } from '../shell/serial-shell.ts'
import type { Shell } from '../shell/shell.ts'
import type { RescueContext } from './context.ts'
import { type Ending, endingOf, maskedDetails, StopRequested } from './ending.ts'
import { demandStillRunning, findInstance } from './find.ts'
import { passGate } from './gate.ts'
import { fencedOff, Journal } from './journal.ts'
import { bootMaintenanceShell } from './maintenance.ts'
import { watchToLogin } from './normal-boot.ts'
import { type Patience, patienceOf } from './patience.ts'
import { changePlan, downtimePlan } from './plans.ts'
import { Session } from './session.ts'
import { settle } from './settle.ts'
import type { World } from './world.ts'

/** The gate has a limit of its own, and after it the worker may wait for its turn: this is as long as a timer can be. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

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
  await using session = new Session(world, journal)
  const told = epoch === 1 ? await tell(world, journal, session, context, signal) : takenOver()
  const screen = told.outcome === 'failed' ? session.maskedScreen() : undefined
  const { machine, left } = await settle(world, journal, session, patienceOf(context.settings))
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

/** The repair is not begun a second time: whoever reads this decides whether to ask for it again. */
function takenOver(): Ending {
  return { outcome: 'failed', code: 'worker-lost', details: {} }
}

/** The path of a change that was begun and may not have been finished: as the log has it, unless the machine told. */
function inDoubt({ state }: Journal): Record<string, string> {
  const { plan } = state.gates[2] ?? {}
  const path = plan?.gate === 2 && state.inDoubt !== undefined ? plan.changes[state.inDoubt]?.path : undefined
  return path === undefined ? {} : { inDoubt: path }
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

/** `stoppable` ends with Stop as well; `signal` does not, for the moments in which stopping would do harm. */
async function story(
  world: World,
  journal: Journal,
  session: Session,
  context: RescueContext,
  stoppable: AbortSignal,
  signal: AbortSignal,
): Promise<Ending> {
  const { settings } = context
  const patience = patienceOf(settings)
  const { playbook: request, target } = demandRequest(journal)

  await journal.append({ type: 'phase-began', phase: 'find' })
  const instance = await findInstance(world, journal, context, target, stoppable)

  await journal.append({ type: 'phase-began', phase: 'gate-1' })
  const downtime = downtimePlan(request, instance)
  const first = await passGate(journal, downtime, { ...context, expiresInMs: settings.gate1ExpiryMs }, stoppable)
  if (first !== 'approved') return notApproved(first, 1)

  using untilGate2 = within(stoppable, settings.workLimitMs)
  const { shell, proposal } = await reachAndLook(world, journal, session, request, instance, context, untilGate2.signal)
  if (proposal.kind === 'changes') {
    const changes = changePlan(request, instance, proposal)
    await journal.append({ type: 'phase-began', phase: 'gate-2' })
    const second = await passSecondGate(journal, session, changes, context, stoppable)
    if (second !== 'approved') return notApproved(second, 2)
    using applyLimit = within(signal, settings.workLimitMs)
    await apply(journal, shell, changes, applyLimit.signal)
  }

  using toTheEnd = within(stoppable, settings.workLimitMs)
  await bootFromShell(journal, session, shell, patience, toTheEnd.signal)
  await proveKey(world, journal, request, instance, toTheEnd.signal)
  const code = proposal.kind === 'changes' ? 'recovered' : 'nothing-to-change'
  return { outcome: 'recovered', code, details: { user: request.user, instance: instance.name } }
}

async function reachAndLook(
  world: World,
  journal: Journal,
  session: Session,
  request: PlaybookRequest,
  instance: Instance,
  context: RescueContext,
  signal: AbortSignal,
): Promise<{ readonly shell: SerialShell; readonly proposal: Proposal }> {
  await journal.append({ type: 'phase-began', phase: 'connect' })
  await demandStillRunning(world, instance, signal)
  const console = await session.open(instance, signal)
  await journal.append({ type: 'owes', debt: { kind: 'maintenance', instance } })
  const shell = await bootMaintenanceShell(world, journal, console, instance, context, signal)
  await journal.append({ type: 'phase-began', phase: 'look' })
  const proposal = await lookAndPropose(shell, request, journal.rescue, signal)
  for (const notice of proposal.notices)
    await journal.append({ type: 'noticed', code: notice.code, details: maskedDetails(notice.details) })
  return { shell, proposal }
}

/** The machine is down while people read: a line that drops meanwhile must be noticed at once. */
async function passSecondGate(
  journal: Journal,
  session: Session,
  plan: ChangePlan,
  context: RescueContext,
  signal: AbortSignal,
): ReturnType<typeof passGate> {
  const decided = new AbortController()
  const waiting = AbortSignal.any([signal, decided.signal])
  const expiresInMs = context.settings.gate2ExpiryMs
  const console = session.demandConsole()
  const dropped = console.until<never>('the line to drop', () => undefined, LONGEST_WAIT_MS, waiting)
  const passed = passGate(journal, plan, { ...context, expiresInMs }, waiting)
  try {
    return await Promise.race([passed, dropped])
  } finally {
    decided.abort(new RescueError('us', 'gate-passed', 'the gate was passed'))
    // The worker's slot is taken again before anything more is done, also after a line that dropped.
    await Promise.allSettled([passed, dropped])
  }
}

async function apply(journal: Journal, shell: Shell, plan: ChangePlan, signal: AbortSignal): Promise<void> {
  await journal.append({ type: 'phase-began', phase: 'apply' })
  const steps = {
    began: (index: number) => journal.append({ type: 'change-began', index }),
    finished: async (index: number) => {
      const change = plan.changes[index]
      if (change !== undefined) await journal.append({ type: 'change-finished', index, change })
    },
  }
  await applyChanges(shell, plan, journal.rescue, steps, signal)
  await checkChanges(shell, plan.changes, signal)
}

async function bootFromShell(
  journal: Journal,
  session: Session,
  shell: SerialShell,
  patience: Patience,
  signal: AbortSignal,
): Promise<void> {
  await journal.append({ type: 'phase-began', phase: 'boot' })
  await shell.leaveWith(rebootCommand(), signal)
  const login = await watchToLogin(session.demandConsole(), patience, signal)
  await journal.append({ type: 'paid', debt: 'maintenance' })
  await journal.append({ type: 'saw', state: login.state.kind, because: mask(login.because) })
  await journal.append({ type: 'proved', proof: { kind: 'login-prompt', host: login.state.host } })
}

async function proveKey(
  world: World,
  journal: Journal,
  request: PlaybookRequest,
  instance: Instance,
  signal: AbortSignal,
): Promise<void> {
  await journal.append({ type: 'phase-began', phase: 'prove' })
  const proof = await world.proveKey(instance, request.user, request.publicKey, signal)
  await journal.append({ type: 'proved', proof })
}

function demandRequest(journal: Journal): { readonly playbook: PlaybookRequest; readonly target: string } {
  const { request } = journal.state
  if (request === undefined) throw new RescueError('us', 'unexpected', 'the log begins without a request')
  return request
}

function notApproved(decision: 'denied' | 'expired', gate: 1 | 2): Ending {
  return { outcome: decision, code: decision, details: { gate: String(gate) } }
}

function changedPath(change: Change): { path: string; backup: string | null } {
  return { path: change.path, backup: change.kind === 'replace-file' ? change.backup : null }
}
