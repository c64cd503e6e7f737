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
import { acrossDrops, attachToShell } from './across-drops.ts'
import type { RescueContext } from './context.ts'
import { type Ending, endingOf, maskedDetails, StopRequested } from './ending.ts'
import { demandStillRunning, findInstance } from './find.ts'
import { passGate } from './gate.ts'
import { fencedOff, Journal } from './journal.ts'
import { bootMaintenanceShell, letItBoot } from './maintenance.ts'
import { bootAgain, watchToLogin } from './normal-boot.ts'
import { type Patience, patienceOf } from './patience.ts'
import { changePlan, downtimePlan } from './plans.ts'
import { passSecondGate } from './second-gate.ts'
import { Session } from './session.ts'
import { settle } from './settle.ts'
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
  const told = epoch === 1 ? await tell(world, journal, session, context, signal) : takenOver()
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
  await bootFromShell(world, journal, session, shell, instance, patience, toTheEnd.signal)
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
  const patience = patienceOf(context.settings)
  await journal.append({ type: 'phase-began', phase: 'connect' })
  await demandStillRunning(world, instance, signal)
  const console = await session.open(instance, signal)
  await journal.append({ type: 'owes', debt: { kind: 'maintenance', instance } })
  const reach = async (dropped: boolean) => {
    // Nothing was changed yet; but a boot that is under way comes to its end before the next reset.
    if (dropped) await letItBoot(console, patience, signal)
    return await bootMaintenanceShell(world, journal, console, instance, context, signal)
  }
  const shell = await acrossDrops(session, reach, signal)
  shell.surviveDrops((until) => attachToShell(session, patience, until))
  await journal.append({ type: 'phase-began', phase: 'look' })
  const proposal = await lookAndPropose(shell, request, journal.rescue, signal)
  for (const notice of proposal.notices)
    await journal.append({ type: 'noticed', code: notice.code, details: maskedDetails(notice.details) })
  return { shell, proposal }
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
  world: World,
  journal: Journal,
  session: Session,
  shell: SerialShell,
  instance: Instance,
  patience: Patience,
  signal: AbortSignal,
): Promise<void> {
  await journal.append({ type: 'phase-began', phase: 'boot' })
  const console = session.demandConsole()
  const boot = async (dropped: boolean) => {
    if (dropped) return await bootAgain(world, journal, console, instance, patience, signal)
    await shell.leaveWith(rebootCommand(), signal)
    return await watchToLogin(console, patience, signal)
  }
  const login = await acrossDrops(session, boot, signal)
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
