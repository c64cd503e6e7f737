/**
 * What we demand of a Redis before a rescue is entrusted to it: it must not throw
 * keys away, and it must still know tomorrow what it knows today.
 */
import type { Redis } from 'ioredis'
import { RescueError } from '../base/errors.ts'
import { askStore } from './connect.ts'

/** What is less than best, or could not be found out: sentences for the operator's log. */
export type DurabilityNotes = readonly string[]

/**
 * Throws `store-not-durable` for a Redis that evicts (`maxmemory-policy` other than `noeviction`) or does not keep an
 * append-only file. Both stand in INFO; CONFIG, which managed services forbid, only adds how often the file is synced.
 */
export async function assertDurable(redis: Redis): Promise<DurabilityNotes> {
  const info = readInfo(await askStore(redis.info('memory', 'persistence')))
  const problems = [...evicts(info.get('maxmemory_policy')), ...forgets(info.get('aof_enabled'))]
  if (problems.length > 0)
    throw new RescueError('operator', 'store-not-durable', `this Redis can lose rescues: ${problems.join('; ')}`, {
      details: { problems: problems.join('; ') },
    })
  return [...unknown(info), ...(await syncing(redis))]
}

function readInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const { name, value } = /^(?<name>\w+):(?<value>.*)$/.exec(line)?.groups ?? {}
      return name === undefined || value === undefined ? [] : [[name, value]]
    }),
  )
}

function evicts(policy: string | undefined): readonly string[] {
  if (policy === undefined || policy === 'noeviction') return []
  return [`maxmemory-policy is ${policy}, it must be noeviction`]
}

function forgets(appendOnly: string | undefined): readonly string[] {
  return appendOnly === '0' ? ['appendonly is no, it must be yes'] : []
}

function unknown(info: ReadonlyMap<string, string>): readonly string[] {
  return [
    ...(info.has('maxmemory_policy') ? [] : ['Redis does not say whether it evicts keys (maxmemory-policy)']),
    ...(info.has('aof_enabled') ? [] : ['Redis does not say whether it keeps an append-only file (appendonly)']),
  ]
}

async function syncing(redis: Redis): Promise<readonly string[]> {
  const found = await redis.config('GET', 'appendfsync').catch((error: Error) => error)
  if (found instanceof Error) return [`Redis does not say how often it syncs its file (appendfsync): ${found.message}`]
  const value = Array.isArray(found) ? String(found[1]) : undefined
  if (value === 'always') return []
  return [`appendfsync is ${value}: a power cut can lose the newest decisions; "always" loses none`]
}
