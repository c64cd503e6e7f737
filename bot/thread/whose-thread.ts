/** Whose thread a reply stands in. Noted beside the messages of the thread, and kept as long as they are. */
import type { Notes } from './outbox.ts'

export async function noteThread(notes: Notes, rescue: string, channel: string, parent: string): Promise<void> {
  await notes.set(threadName(channel, parent), 'rescue', rescue)
}

/** Of one that has ended, too. Undefined for all other threads. */
export async function rescueOfThread(notes: Notes, channel: string, parent: string): Promise<string | undefined> {
  return (await notes.all(threadName(channel, parent))).get('rescue')
}

/** Not a rescue's id, so that it can not meet one. */
function threadName(channel: string, parent: string): string {
  return `thread-${channel}-${parent}`
}
