/**
 * Asks people for the new text of a file: the old one goes into the log, the new one comes around it, sealed. A long one
 * is not asked for in a form but as a file, and stands in the log once.
 */
import { RescueError } from '../base/errors.ts'
import { newTicket } from '../base/ids.ts'
import type { EditFacts } from '../playbooks/edit.ts'
import { fitsForm, sumOf } from '../record/file-text.ts'
import { answeredOrExpired } from './ask-operator.ts'
import { keepText } from './long-texts.ts'
import type { Stage } from './stage.ts'

/** @throws RescueError `text-not-sent` when nobody did in time, `text-lost`, `password-unreadable` */
export async function askForText(
  { world, journal, context }: Stage,
  { path, text }: Pick<EditFacts, 'path' | 'text'>,
  signal: AbortSignal,
): Promise<string> {
  const { now, settings, whileWaiting } = context
  const ask = newTicket()
  // The machine is down meanwhile, as it is at gate 2.
  const limitMs = settings.gate2ExpiryMs
  const expiresAt = new Date(now().getTime() + limitMs).toISOString()
  const isShort = fitsForm(text)
  if (!isShort) await keepText(journal, text)
  const file = isShort ? { path, text } : { path, ...sumOf(text) }
  await journal.append({ type: 'asked', what: 'file-text', ask, attempt: 1, expiresAt, file })
  const answer = await whileWaiting(() => answeredOrExpired(journal, ask, limitMs, signal))
  if (answer === undefined) throw new RescueError('operator', 'text-not-sent', 'nobody sent the new text')
  const taken = await world.takeAnswer({ rescue: journal.rescue, about: ask, handOver: answer.handOver }, signal)
  if (taken !== undefined && 'text' in taken) return taken.text
  throw new RescueError('us', 'text-lost', 'what was sent is not in the store any more')
}
