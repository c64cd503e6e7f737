/**
 * Whose thread a reply stands in, and whether it was heard before: Slack delivers a message again when our
 * acknowledgement was lost. Noted beside the messages of the thread, and kept as long as they are.
 */
import { randomUUID } from 'node:crypto'
import type { Notes } from './outbox.ts'

export async function noteThread(notes: Notes, rescue: string, channel: string, parent: string): Promise<void> {
  await notes.set(threadName(channel, parent), 'rescue', rescue)
}

/** Of one that has ended, too. Undefined for all other threads. */
export async function rescueOfThread(notes: Notes, channel: string, parent: string): Promise<string | undefined> {
  return (await notes.all(threadName(channel, parent))).get('rescue')
}

/** True once for each reply, whoever asks how often. */
export async function isFirstHearing(notes: Notes, rescue: string, reply: string): Promise<boolean> {
  const mine = randomUUID()
  return (await notes.setIfAbsent(`replies-${rescue}`, reply, mine)) === mine
}

/** Not a rescue's id, so that it can not meet one. */
function threadName(channel: string, parent: string): string {
  return `thread-${channel}-${parent}`
}
