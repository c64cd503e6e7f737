/**
 * What we demand of a Redis before a rescue is entrusted to it: it must not throw
 * keys away, and it must still know tomorrow what it knows today.
 */
import type { Redis } from 'ioredis'
import { RescueError } from '../base/errors.ts'
import { askStore } from './connect.ts'

/** One setting of a Redis on which it depends whether rescues are lost. */
export interface DurabilitySetting {
  readonly name: 'maxmemory-policy' | 'appendonly' | 'appendfsync'
  /** What it has to be, or should be. */
  readonly wanted: string
  /** `unsafe`: rescues can be lost any day; `weak`: the newest decisions, by a power cut; `unknown`: Redis does not say. */
  readonly verdict: 'good' | 'weak' | 'unsafe' | 'unknown'
  /** What is less than good about it; empty when nothing is. */
  readonly said: string
}

/** What is less than best, or could not be found out: sentences for the operator's log. */
export type DurabilityNotes = readonly string[]

/**
 * Throws `store-not-durable` for a Redis that evicts (`maxmemory-policy` other than `noeviction`) or does not keep an
 * append-only file.
 */
export async function assertDurable(redis: Redis): Promise<DurabilityNotes> {
  const settings = await readDurability(redis)
  const problems = settings.filter(({ verdict }) => verdict === 'unsafe').map(({ said }) => said)
  if (problems.length > 0)
    throw new RescueError('operator', 'store-not-durable', `this Redis can lose rescues: ${problems.join('; ')}`, {
      details: { problems: problems.join('; ') },
    })
  return settings.filter(({ verdict }) => verdict !== 'good').map(({ said }) => said)
}

/** Two stand in INFO; CONFIG, which managed services forbid, only adds how often the file is synced. */
export async function readDurability(redis: Redis): Promise<readonly DurabilitySetting[]> {
  const info = readInfo(await askStore(redis.info('memory', 'persistence')))
  return [evicting(info.get('maxmemory_policy')), keeping(info.get('aof_enabled')), await syncing(redis)]
}

/** The lines of INFO, by name. */
export function readInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const { name, value } = /^(?<name>\w+):(?<value>.*)$/.exec(line)?.groups ?? {}
      return name === undefined || value === undefined ? [] : [[name, value]]
    }),
  )
}

function evicting(policy: string | undefined): DurabilitySetting {
  const setting = { name: 'maxmemory-policy', wanted: 'noeviction' } as const
  if (policy === undefined)
    return { ...setting, verdict: 'unknown', said: 'Redis does not say whether it evicts keys (maxmemory-policy)' }
  if (policy === 'noeviction') return { ...setting, verdict: 'good', said: '' }
  return { ...setting, verdict: 'unsafe', said: `maxmemory-policy is ${policy}, it must be noeviction` }
}

function keeping(appendOnly: string | undefined): DurabilitySetting {
  const setting = { name: 'appendonly', wanted: 'yes' } as const
  const unknown = 'Redis does not say whether it keeps an append-only file (appendonly)'
  if (appendOnly === undefined) return { ...setting, verdict: 'unknown', said: unknown }
  if (appendOnly !== '0') return { ...setting, verdict: 'good', said: '' }
  return { ...setting, verdict: 'unsafe', said: 'appendonly is no, it must be yes' }
}

async function syncing(redis: Redis): Promise<DurabilitySetting> {
  const setting = { name: 'appendfsync', wanted: 'always' } as const
  const found = await redis.config('GET', setting.name).catch((error: Error) => error)
  const unknown = 'Redis does not say how often it syncs its file (appendfsync)'
  if (found instanceof Error) return { ...setting, verdict: 'unknown', said: `${unknown}: ${found.message}` }
  const value = Array.isArray(found) && found[1] !== undefined ? String(found[1]) : undefined
  if (value === undefined) return { ...setting, verdict: 'unknown', said: unknown }
  if (value === 'always') return { ...setting, verdict: 'good', said: '' }
  const said = `appendfsync is ${value}: a power cut can lose the newest decisions; "always" loses none`
  return { ...setting, verdict: 'weak', said }
}
