/**
 * Whether time may pass for the rescues that are under way: while they wait for people. One that works on a machine
 * allows itself so much time for each step, and the machine would not be faster.
 */
import { type LoggedEvent, readLive } from '../rescue-events.ts'

type Events = readonly Pick<LoggedEvent, 'event'>[]

/** The sentence for people that says which one is at work; undefined when none is. */
export async function workUnderWay(redisUrl: string): Promise<string | undefined> {
  for (const { rescue, events } of await readLive(redisUrl)) {
    if (isAtWork(events)) return `${rescue} is at work on a machine. The clock can be moved when it waits for people.`
  }
  return undefined
}

const PHASES_OF_PEOPLE = ['gate-1', 'gate-2', 'handed-out']
const WAITS = ['gate-opened', 'choice-offered', 'asked', 'shell-opened', 'line-answered']
const GOES_ON = ['decided', 'chosen', 'answered', 'withdrawn', 'line-sent', 'shell-closed', 'stop-requested']

/** Nothing has been done yet for a rescue that no worker has taken up. */
export function isAtWork(events: Events): boolean {
  const last = events.findLast(({ event }) => [...WAITS, ...GOES_ON, 'phase-began'].includes(event.type))?.event
  if (last?.type === 'phase-began') return !PHASES_OF_PEOPLE.includes(String(last.phase))
  if (last?.type === 'line-answered') return count(events, 'line-sent') > count(events, 'line-answered')
  return last !== undefined && GOES_ON.includes(last.type)
}

function count(events: Events, type: string): number {
  return events.filter(({ event }) => event.type === type).length
}
