/** What each subcommand gets, and the way it answers: only to the one who typed it. */
import type { RespondFn } from '@slack/bolt'
import type { KnownBlock } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import type { Person } from '../../core/record/events.ts'
import type { Desk } from '../desk.ts'
import { message, section } from '../slack/blocks.ts'

export interface Typed {
  readonly person: Person
  readonly channel: string
  /** The words after the subcommand. */
  readonly words: readonly string[]
  /** What was typed after a dash that stands alone: what for. */
  readonly why: string
  readonly triggerId: string
  readonly client: WebClient
  readonly respond: RespondFn
}

export type Subcommand = (desk: Desk, typed: Typed) => Promise<void>

/** An ephemeral answer. `text` and `blocks` say the same; the first is for notifications and screen readers. */
export async function whisper(respond: RespondFn, mrkdwn: string, blocks?: readonly KnownBlock[]): Promise<void> {
  const body = message(mrkdwn, blocks ?? [section(mrkdwn)])
  await respond({ response_type: 'ephemeral', text: body.text, blocks: [...body.blocks] })
}
