/** A reply that a person has written in a thread, out of what Slack sends of messages; all other messages are none. */
import { z } from 'zod'
import type { Origin, Person } from '../../core/record/events.ts'
import { author } from '../slack/people.ts'

export interface Reply {
  readonly person: Person
  readonly channel: string
  /** The time stamp of the thread's parent. */
  readonly thread: string
  /** Its own time stamp, which names it in its channel. */
  readonly ts: string
  /** As Slack stores it (`typed-text.ts`). */
  readonly text: string
}

/**
 * Edits, deletions, joins and what bots write have a subtype, or a bot's id (docs.slack.dev/reference/events/message). A
 * reply that was also sent to the channel has one, too.
 */
const ReplyBody = z.object({
  team_id: z.string(),
  enterprise_id: z.string().nullish(),
  event: z.object({
    type: z.literal('message'),
    subtype: z.literal('thread_broadcast').optional(),
    bot_id: z.undefined().optional(),
    channel: z.string(),
    user: z.string(),
    team: z.string().optional(),
    user_team: z.string().optional(),
    text: z.string(),
    ts: z.string(),
    thread_ts: z.string(),
  }),
})

export function readReply(body: unknown): Reply | undefined {
  const { data } = ReplyBody.safeParse(body)
  if (data === undefined) return undefined
  const { channel, ts, thread_ts: thread, text } = data.event
  // The parent of a thread carries its own stamp there.
  return thread === ts ? undefined : { person: author(data), channel, thread, ts, text }
}

/** Where it stands, for the record. */
export function placeOf({ person, channel, ts }: Reply): Origin {
  return { team: person.team, channel, message: ts }
}
