/**
 * Reads a rescue's event log out of Redis, as anybody could with redis-cli: one
 * stream per rescue, one JSON text per entry (docs/event-log.md).
 */
import { Redis } from 'ioredis'
import { z } from 'zod'

const LoggedEvent = z.object({
  seq: z.number(),
  at: z.string(),
  actor: z.looseObject({ kind: z.string() }),
  event: z.looseObject({ type: z.string() }),
})
export type LoggedEvent = z.infer<typeof LoggedEvent>

export async function readEvents(redisUrl: string, rescue: string): Promise<readonly LoggedEvent[]> {
  const redis = new Redis(redisUrl)
  try {
    return await eventsOf(redis, rescue)
  } finally {
    redis.disconnect()
  }
}

/** The rescues that have not ended. */
export async function readLive(
  redisUrl: string,
): Promise<readonly { readonly rescue: string; readonly events: readonly LoggedEvent[] }[]> {
  const redis = new Redis(redisUrl)
  try {
    const rescues = await redis.zrange('{oci-rescue}:live', '0', '-1')
    return await Promise.all(rescues.map(async (rescue) => ({ rescue, events: await eventsOf(redis, rescue) })))
  } finally {
    redis.disconnect()
  }
}

async function eventsOf(redis: Redis, rescue: string): Promise<readonly LoggedEvent[]> {
  const entries = await redis.xrange(`{oci-rescue}:entries:${rescue}`, '-', '+')
  return entries.map(([, fields]) => LoggedEvent.parse(JSON.parse(fields[1] ?? 'null')))
}

/** Whether the log says `ended`: nothing will be appended to it any more. */
export async function hasEnded(redisUrl: string, rescue: string): Promise<boolean> {
  const redis = new Redis(redisUrl)
  try {
    return (await redis.hexists(`{oci-rescue}:head:${rescue}`, 'ended')) === 1
  } finally {
    redis.disconnect()
  }
}

/** Seconds that each phase took, in the order in which they came, and `total`. */
export function secondsByPhase(events: readonly LoggedEvent[]): Readonly<Record<string, number>> {
  const seconds: Record<string, number> = {}
  const [first] = events
  const last = events.at(-1)
  const marks = events.filter(({ event }) => event.type === 'phase-began')
  for (const [index, mark] of marks.entries()) {
    const phase = String(mark.event.phase)
    const end = marks[index + 1] ?? last ?? mark
    seconds[phase] = round((seconds[phase] ?? 0) + (Date.parse(end.at) - Date.parse(mark.at)) / 1000)
  }
  if (first !== undefined && last !== undefined)
    seconds.total = round((Date.parse(last.at) - Date.parse(first.at)) / 1000)
  return seconds
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10
}
