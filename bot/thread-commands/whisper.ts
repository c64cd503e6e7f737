/** An answer to a reply, in its thread, that only whoever wrote it reads. */
import type { WebClient } from '@slack/web-api'
import { sentences } from '../slack/blocks.ts'
import type { Reply } from './reply.ts'

export function whisperTo({ person, channel, thread }: Reply, client: WebClient) {
  return async (mrkdwn: string): Promise<void> => {
    const { text, blocks } = sentences(mrkdwn)
    await client.chat.postEphemeral({ channel, user: person.user, thread_ts: thread, text, blocks: [...blocks] })
  }
}
