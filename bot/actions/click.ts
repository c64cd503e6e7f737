/** A press on a button: who, where, and the answer that only they see. */
import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import type { Origin, Person } from '../../core/record/events.ts'
import { sentences } from '../slack/blocks.ts'
import { openView } from '../slack/open-view.ts'
import { actor } from '../slack/people.ts'
import { type Upload, uploadArguments } from '../slack/poster.ts'
import { type ButtonPlace, LONGEST_ID } from '../slack/reference.ts'
import { clip } from '../slack/text.ts'

export interface Pressed {
  readonly person: Person
  readonly from: Origin & ButtonPlace
  readonly value: string | undefined
  /** Names this press, however often it is delivered; the next press has another name, and so has one that was altered. */
  readonly press: string
  /** An ephemeral answer where the button stands. */
  readonly whisper: (mrkdwn: string) => Promise<void>
  /** Files that only whoever pressed gets, in their conversation with the app. */
  readonly give: (upload: Upload) => Promise<void>
  /** Shows a modal to whoever pressed. */
  readonly open: (view: ModalView) => Promise<'opened' | 'too-late'>
}

/** As much of it as we use. */
type Press = Pick<BlockAction, 'team' | 'user' | 'channel' | 'message' | 'trigger_id'>

type Pushed = Pick<ButtonAction, 'action_id' | 'action_ts' | 'value'>

export function pressed(body: Press, action: Pushed, client: WebClient): Pressed {
  const person = actor(body)
  const channel = body.channel?.id ?? ''
  const thread: unknown = body.message?.thread_ts
  // The parent message of a thread carries its own stamp there; its buttons are answered in the channel.
  const inThread = typeof thread === 'string' && thread !== body.message?.ts ? { thread_ts: thread } : {}
  const { action_id, action_ts, value } = action
  const place = [body.team?.id, channel, body.message?.ts]
  return {
    person,
    from: { team: clip(body.team?.id ?? '', LONGEST_ID), channel: clip(channel, LONGEST_ID), message: stampOf(body) },
    value,
    press: JSON.stringify(['press', body.trigger_id, action_ts, person, place, action_id, value]),
    whisper: async (mrkdwn) => {
      const { text, blocks } = sentences(mrkdwn)
      await client.chat.postEphemeral({ channel, user: person.user, ...inThread, text, blocks: [...blocks] })
    },
    give: async (upload) => {
      const { channel: direct } = await client.conversations.open({ users: person.user })
      await client.filesUploadV2({ channel_id: direct?.id ?? '', ...uploadArguments(upload) })
    },
    open: (view) => openView(client, body.trigger_id, view),
  }
}

/** Of the message in which the button stands. */
function stampOf({ message }: Press): string {
  return clip(message?.ts ?? '', LONGEST_ID)
}
