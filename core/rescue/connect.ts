/**
 * The story of a console that is handed out: a console connection for a person's own key, until its time is over
 * or somebody stops it. We never have the private key, and see nothing of what is done there.
 */
import { TimeLimit, within } from '../base/deadline.ts'
import type { Connect } from '../record/playbooks.ts'
import type { Ending } from './ending.ts'
import { demandStillRunning } from './find.ts'
import { passFirstGate, type Stage } from './stage.ts'

export async function connect(stage: Stage, request: Connect): Promise<Ending> {
  const { journal, context, stoppable } = stage
  // Whoever takes over from a worker that died finds the console handed out, and only has to wait on.
  if (journal.state.handedOut === undefined) {
    const refused = await passFirstGate(stage, request)
    if (refused !== undefined) return refused
    await handOut(stage, request)
  }
  const until = Date.parse(journal.state.handedOut?.until ?? '')
  using limit = within(stoppable, Math.max(0, until - context.now().getTime()))
  try {
    await context.whileWaiting(() => journal.until(() => undefined, limit.signal))
  } catch (thrown) {
    if (stoppable.aborted || !(thrown instanceof TimeLimit)) throw thrown
  }
  return { outcome: 'done', code: 'console-over', details: {} }
}

async function handOut({ world, journal, instance, context, stoppable }: Stage, request: Connect): Promise<void> {
  using limit = within(stoppable, context.settings.workLimitMs)
  await journal.append({ type: 'phase-began', phase: 'connect' })
  await demandStillRunning(world, instance, limit.signal)
  await journal.append({ type: 'owes', debt: { kind: 'console-connection', instance } })
  const strings = await world.handOutConsole(instance, journal.rescue, request.publicKey, limit.signal)
  const until = new Date(context.now().getTime() + request.minutes * 60_000).toISOString()
  await journal.append({ type: 'console-handed-out', ...strings, until })
  await journal.append({ type: 'phase-began', phase: 'handed-out' })
}
