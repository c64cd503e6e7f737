/** The stories of a reboot and of a diagnostic interrupt: approved, ordered through OCI, and watched. Nothing is typed. */
import { within } from '../base/deadline.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import { Stuck } from '../machine/watch.ts'
import type { Reboot } from '../record/playbooks.ts'
import type { Ending } from './ending.ts'
import { noteLogin } from './normal-boot.ts'
import { patienceOf } from './patience.ts'
import { passFirstGate, type Stage } from './stage.ts'
import { openConsole, rebootAndWatch } from './watched-boot.ts'

export async function reboot(stage: Stage, request: Reboot): Promise<Ending> {
  const { journal, context, stoppable } = stage
  const refused = await passFirstGate(stage, request)
  if (refused !== undefined) return refused
  using limit = within(stoppable, context.settings.workLimitMs)
  const login = await rebootAndWatch(stage, request.how === 'graceful' ? 'SOFTRESET' : 'RESET', limit.signal)
  await noteLogin(journal, login)
  return { outcome: 'done', code: 'rebooted', details: {} }
}

/** What comes of it is up to the system: it is listened to until it has been silent for a while, or is up again. */
export async function interrupt(stage: Stage): Promise<Ending> {
  const { world, journal, context, instance, stoppable } = stage
  const refused = await passFirstGate(stage, { name: 'interrupt' })
  if (refused !== undefined) return refused
  using limit = within(stoppable, context.settings.workLimitMs)
  const console = await openConsole(stage, limit.signal)
  await journal.append({ type: 'phase-began', phase: 'watch' })
  await console.forget()
  await world.power(instance, 'SENDDIAGNOSTICINTERRUPT', limit.signal)
  const { interruptMs } = patienceOf(context.settings)
  try {
    await console.until('interrupt-answer', () => undefined, interruptMs, limit.signal)
  } catch (thrown) {
    if (!(thrown instanceof Stuck || thrown instanceof NothingAppeared)) throw thrown
  }
  return { outcome: 'done', code: 'interrupted', details: {} }
}
