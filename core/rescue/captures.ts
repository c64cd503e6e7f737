/** The stories that only look: the console history with what it says, and a picture of the machine's screen. */
import { within } from '../base/deadline.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import { textOf } from '../diagnosis/log-text.ts'
import { tellDiagnosis } from './diagnosis.ts'
import type { Ending } from './ending.ts'
import { demandStillRunning } from './find.ts'
import { historyOf } from './history-of.ts'
import type { Stage } from './stage.ts'

export async function history(stage: Stage): Promise<Ending> {
  const { journal, context, stoppable } = stage
  await journal.append({ type: 'phase-began', phase: 'capture' })
  using limit = within(stoppable, context.settings.workLimitMs)
  const bytes = await historyOf(stage, limit.signal)
  await tellDiagnosis(journal, 'history', diagnose(bytes))
  await journal.append({ type: 'history', text: journal.mask(textOf(bytes)) })
  return { outcome: 'done', code: 'history-captured', details: { bytes: String(bytes.length) } }
}

export async function screenshot(stage: Stage): Promise<Ending> {
  const { world, journal, session, instance, context, stoppable } = stage
  await journal.append({ type: 'phase-began', phase: 'connect' })
  using limit = within(stoppable, context.settings.workLimitMs)
  await demandStillRunning(world, instance, limit.signal)
  const connection = await session.connect(instance, limit.signal)
  await journal.append({ type: 'phase-began', phase: 'capture' })
  const { png, width, height, blank } = await world.screenshot(connection, limit.signal)
  await journal.append({ type: 'screenshot', png: Buffer.from(png).toString('base64'), width, height, blank })
  return { outcome: 'done', code: blank ? 'screen-blank' : 'screen-captured', details: {} }
}
