/** What each command of a thread gets. */
import type { Desk } from '../desk.ts'
import type { Given } from './given.ts'
import type { Reply } from './reply.ts'

export interface InThread extends Given {
  readonly reply: Reply
  readonly rescue: string
  /** Only whoever wrote it reads this. */
  readonly whisper: (mrkdwn: string) => Promise<void>
}

export type ThreadCommand = (desk: Desk, given: InThread) => Promise<void>
