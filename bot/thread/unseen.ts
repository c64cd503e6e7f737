/** A rescue that nobody can see can not be approved: one whose card Slack has refused is taken back. */
import type { EventLog } from '../../core/record/log.ts'
import { RescueLog } from '../../core/record/rescue-log.ts'

export async function takeBack(log: EventLog, rescue: string, date: () => Date): Promise<void> {
  const own = new RescueLog(log, rescue, date)
  await own.refresh()
  await own.record({ actor: { kind: 'policy' }, epoch: null }, ({ stopRequested }) =>
    stopRequested === undefined ? { type: 'stop-requested' } : undefined,
  )
}
