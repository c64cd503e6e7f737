/** What stands in BullMQ's queues: only which rescue it is; all else stands in its log. */
import { z } from 'zod'
import { RESCUE_ID } from '../base/ids.ts'

export const QUEUE_NAME = 'rescues'
/** Of the jobs that list instances; they say nothing at all. */
export const INVENTORY_QUEUE_NAME = 'inventory'

/** The job's id is the rescue's id, so that one rescue can not be queued twice. */
export const RescueJob = z.object({ rescue: z.string().regex(RESCUE_ID) })
export type RescueJob = z.infer<typeof RescueJob>
