/** Whether people can see the rescue that somebody has begun, and what to tell them while nobody can. */
import { say } from './slack/text.ts'
import type { Threads } from './thread/threads.ts'
import type { Voice } from './thread/words.ts'

interface Onlooker {
  readonly threads: Pick<Threads, 'card'>
  readonly voice: Pick<Voice, 'text'>
}

/** As long as one call to Slack may take. */
const WAIT_FOR_CARD_MS = 10_000

/** Slack's words for a channel that we can not post to. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
])

/** Undefined when its card stands in the channel; where that was refused, the rescue is taken back by whoever keeps its thread. */
export async function unseenWords({ threads, voice }: Onlooker, rescue: string): Promise<string | undefined> {
  const { notInvited, cardRefused, notSeenYet } = voice.text.commands
  const card = await threads.card(rescue, WAIT_FOR_CARD_MS)
  if (card === 'posted') return undefined
  if (card === 'slow') return say(notSeenYet, { rescue })
  return NOT_OURS.has(card.refused) ? notInvited : say(cardRefused, { rescue, error: card.refused })
}
