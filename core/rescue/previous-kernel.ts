/**
 * The story of the previous kernel: it is booted into the maintenance shell, where what would make it the default is
 * looked up, and then normally. Only when it has shown a login prompt are people asked whether it may stay.
 */
import { within } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import type { BootedEntry } from '../grub/grub.ts'
import type { Sighting } from '../machine/state.ts'
import { mountForChanges } from '../playbooks/index.ts'
import type { ChangePlan } from '../record/plan.ts'
import type { SerialShell } from '../shell/serial-shell.ts'
import { acrossDrops } from './across-drops.ts'
import { type Ending, maskedDetails } from './ending.ts'
import { passGate } from './gate.ts'
import { bootEntry, letItBoot } from './maintenance.ts'
import { noteLogin, watchToLogin } from './normal-boot.ts'
import { patienceOf } from './patience.ts'
import { changePlan } from './plans.ts'
import { bootFromShell, lookNow, makeChanges, reachShell } from './repair.ts'
import { passFirstGate, type Stage } from './stage.ts'

const PREVIOUS = { kind: 'previous-kernel' } as const

export async function previousKernel(stage: Stage): Promise<Ending> {
  const { journal, context, instance, stoppable } = stage
  const refused = await passFirstGate(stage, { name: 'kernel' })
  if (refused !== undefined) return refused

  using untilProved = within(stoppable, context.settings.workLimitMs)
  const { shell, kernel } = await reachPreviousKernel(stage, untilProved.signal)
  const round = await lookNow(stage, shell, [{ name: 'default-kernel', kernel }], untilProved.signal)
  await bootPreviousNormally(stage, untilProved.signal)
  const details = { kernel, instance: instance.name }
  if (round.plan === undefined) return { outcome: 'recovered', code: 'kernel-is-default', details }

  const plan = changePlan({ name: 'kernel' }, instance, round.plan)
  await journal.append({ type: 'phase-began', phase: 'gate-2' })
  const decision = await passGate(journal, plan, { ...context, expiresInMs: context.settings.gate2ExpiryMs }, stoppable)
  if (decision !== 'approved') return { outcome: decision, code: 'kernel-once', details }

  using toTheEnd = within(stoppable, context.settings.workLimitMs)
  await makeDefault(stage, plan, toTheEnd.signal)
  return { outcome: 'recovered', code: 'kernel-default', details }
}

async function reachPreviousKernel(
  stage: Stage,
  signal: AbortSignal,
): Promise<{ readonly shell: SerialShell; readonly kernel: string }> {
  let booted: BootedEntry | undefined
  const shell = await reachShell(stage, signal, { entry: PREVIOUS, onBooted: (entry) => (booted = entry) })
  const kernel = kernelOf(booted)
  await stage.journal.append({ type: 'noticed', code: 'previous-kernel', details: maskedDetails({ kernel }) })
  return { shell, kernel }
}

/** Its path as the entry has it; a device before it is GRUB's own business. */
function kernelOf(booted: BootedEntry | undefined): string {
  const path = booted?.kernel?.replace(/^\([^)]*\)/, '')
  if (path === undefined) throw new RescueError('machine', 'kernel-line-odd', 'the kernel that was booted has no path')
  return path
}

/** The boot that counts: its entry as it is. What stands on the disk was only read. */
async function bootPreviousNormally(stage: Stage, signal: AbortSignal): Promise<void> {
  const { journal, session, context } = stage
  const patience = patienceOf(context.settings)
  const console = session.demandConsole()
  const boot = async (dropped: boolean): Promise<Sighting<'login-prompt'>> => {
    if (dropped) await letItBoot(console, patience, signal)
    await bootEntry({ ...stage, console }, PREVIOUS, signal)
    await journal.append({ type: 'phase-began', phase: 'boot' })
    return await watchToLogin(console, patience, signal)
  }
  const login = await acrossDrops(session, boot, signal)
  await journal.append({ type: 'paid', debt: 'maintenance' })
  await noteLogin(journal, login)
}

/** The machine is up meanwhile, and goes down once more for it. */
async function makeDefault(stage: Stage, plan: ChangePlan, signal: AbortSignal): Promise<void> {
  const { shell } = await reachPreviousKernel(stage, signal)
  await mountForChanges(shell, plan.changes, signal)
  await makeChanges(stage, shell, plan)
  await bootFromShell(stage, shell, signal)
}
