/**
 * From what somebody typed to one instance that may be rescued: by OCID or name,
 * asked again when two have that name, locked for this rescue.
 */
import { TimeLimit, within } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import type { Instance } from '../record/events.ts'
import type { RescueContext } from './context.ts'
import type { Journal } from './journal.ts'
import type { World } from './world.ts'

/** @throws RescueError `instance-not-found`, `instance-…`, `choice-expired`, `oci-…` */
export async function findInstance(
  world: World,
  journal: Journal,
  context: RescueContext,
  target: string,
  signal: AbortSignal,
): Promise<Instance> {
  const found = await world.findInstances(target, signal)
  const living = found.filter((instance) => !GONE.includes(instance.lifecycleState))
  // Of several that are all gone, one is enough to say so.
  const [only, another] = living.length > 0 ? living : found.slice(0, 1)
  if (only === undefined) throw new RescueError('operator', 'instance-not-found', target, { details: { target } })
  const instance = another === undefined ? only : await choose(journal, context, living, signal)
  demandRescuable(instance)
  await journal.append({ type: 'resolved', instance })
  return instance
}

/** Looks once more, since a person may have taken an hour to approve. */
export async function demandStillRunning(world: World, instance: Instance, signal: AbortSignal): Promise<void> {
  const [now] = await world.findInstances(instance.id, signal)
  demandRescuable(now ?? { ...instance, lifecycleState: 'TERMINATED' })
}

const GONE: readonly string[] = ['TERMINATING', 'TERMINATED']

function demandRescuable(instance: Instance): void {
  const { name, lifecycleState: state, os } = instance
  const details = { name, state, os: os === null ? '' : `${os.name} ${os.version}` }
  const refuse = (code: string) => new RescueError('operator', code, `${name} is ${state}`, { details })
  if (GONE.includes(state)) throw refuse('instance-terminated')
  if (/windows/i.test(os?.name ?? '')) throw refuse('instance-not-linux')
  if (state !== 'RUNNING') throw refuse('instance-not-running')
}

async function choose(
  journal: Journal,
  context: RescueContext,
  candidates: readonly Instance[],
  signal: AbortSignal,
): Promise<Instance> {
  const { gate1ExpiryMs } = context.settings
  const expiresAt = new Date(context.now().getTime() + gate1ExpiryMs).toISOString()
  await journal.append({ type: 'choice-offered', candidates: [...candidates], expiresAt })
  using limit = within(signal, gate1ExpiryMs)
  const chosen = () => candidates.find((candidate) => candidate.id === journal.state.chosenId)
  try {
    return await context.whileWaiting(() => journal.until(chosen, limit.signal))
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof TimeLimit)) throw thrown
    throw new RescueError('operator', 'choice-expired', 'nobody chose an instance', { cause: thrown })
  }
}
