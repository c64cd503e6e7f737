/** A rescue that nobody can see can not be approved: one in a channel that the bot can not post to is taken back. */
import type { Person } from '../core/record/events.ts'
import type { Desk } from './desk.ts'

/**
 * Of Slack's three seconds for an answer. The parent message is posted meanwhile, so that a channel the bot was not
 * invited to is told to whoever asked.
 */
const WAIT_FOR_CARD_MS = 1500

/** Slack's words for a channel that we can not post to. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
])

/** False when its card was refused; the rescue is stopped then. */
export async function isSeen(
  { rescues, threads }: Pick<Desk, 'rescues' | 'threads'>,
  person: Person,
  rescue: string,
  channel: string,
): Promise<boolean> {
  const card = await threads.card(rescue, WAIT_FOR_CARD_MS)
  if (typeof card === 'string' || !NOT_OURS.has(card.refused)) return true
  await rescues.stop(person, rescue, { team: person.team, channel })
  return false
}
