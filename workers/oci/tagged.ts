/**
 * What a rescue has made in OCI carries its id as a tag, so that it is found again by whoever has to delete it, also
 * when nothing else is left of the rescue.
 */
import { sleep } from '../../core/base/deadline.ts'
import type { Instance } from '../../core/record/events.ts'
import { isConflict, isGone } from './errors.ts'
import { type Late, patiently, pauses } from './patiently.ts'

/** The freeform tag with the rescue's id. */
export const TAG = 'oci-rescue'

interface Tagged {
  readonly id: string
  readonly lifecycleState: string
  readonly freeformTags?: Readonly<Record<string, string>> | null | undefined
}

export function isOurs({ freeformTags }: Pick<Tagged, 'freeformTags'>, rescue: string): boolean {
  return freeformTags?.[TAG] === rescue
}

/** One kind of thing that OCI keeps for an instance. */
export interface Kind {
  /** Those that are not gone. */
  list(signal: AbortSignal): Promise<readonly Tagged[]>
  remove(id: string, signal: AbortSignal): Promise<unknown>
}

/**
 * Deletes all that carry the tag, and waits until they are gone. Safe to repeat.
 * @throws RescueError `late.code`, `oci-…`
 */
export async function deleteTagged(
  late: Late,
  instance: Instance,
  rescue: string,
  kind: Kind,
  signal: AbortSignal,
): Promise<void> {
  await patiently(late, instance, signal, async (limit) => {
    const asked = new Set<string>()
    for (const pause of pauses()) {
      const left = (await kind.list(limit)).filter((one) => isOurs(one, rescue))
      if (left.length === 0) return
      for (const { id, lifecycleState } of left) {
        if (asked.has(id) || lifecycleState === 'DELETING') continue
        if (await isTaken(kind.remove(id, limit))) asked.add(id)
      }
      await sleep(pause, limit)
    }
  })
}

/** True when OCI took the order, or has nothing to delete any more; false when it wants to be asked again. */
export async function isTaken(order: Promise<unknown>): Promise<boolean> {
  try {
    await order
    return true
  } catch (error) {
    if (isGone(error)) return true
    if (isConflict(error)) return false
    throw error
  }
}
