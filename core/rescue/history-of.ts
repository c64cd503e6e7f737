/** The console history of an instance, as OCI captures it: a debt from before it exists until it is deleted there. */
import type { Stage } from './stage.ts'

/** What was captured is deleted when debts are settled. Throws as `World.captureHistory` does. */
export async function historyOf({ world, journal, instance }: Stage, signal: AbortSignal): Promise<Uint8Array> {
  await journal.append({ type: 'owes', debt: { kind: 'console-history', instance } })
  return await world.captureHistory(instance, journal.rescue, signal)
}
