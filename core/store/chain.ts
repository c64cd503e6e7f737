/**
 * Entries as they are stored, and back. Each carries the hash of the one before,
 * so a log that was cut, edited or reordered is noticed by whoever reads it.
 */
import { RescueError } from '../base/errors.ts'
import { sha256 } from '../base/sha256.ts'
import { Entry, FORMAT_VERSION } from '../record/events.ts'
import type { Draft, Head } from '../record/log.ts'

export interface Sealed {
  readonly entry: Entry
  readonly json: string
  readonly hash: string
}

/** The entry that comes after `head`. Throws `invalid-entry` for what a reader would refuse. */
export function seal(rescue: string, draft: Draft, head: Head): Sealed {
  const parsed = Entry.safeParse({
    v: FORMAT_VERSION,
    rescue,
    seq: head.seq + 1,
    prev: head.hash,
    at: draft.at.toISOString(),
    actor: draft.actor,
    ...(draft.from === undefined ? {} : { from: draft.from }),
    event: draft.event,
  })
  if (!parsed.success) throw new RescueError('us', 'invalid-entry', 'an event is not of its form', parsed.error)
  const json = JSON.stringify(parsed.data)
  return { entry: parsed.data, json, hash: sha256(json) }
}

/**
 * Reads stored entries. `before` is where the chain stood before the first of them.
 * @throws RescueError `log-broken`, `log-from-another-version`
 */
export function unseal(rescue: string, stored: readonly string[], before: Head): { entries: Entry[]; head: Head } {
  const entries: Entry[] = []
  let head = before
  for (const json of stored) {
    const entry = parse(rescue, json)
    if (entry.rescue !== rescue || entry.seq !== head.seq + 1 || entry.prev !== head.hash)
      throw broken(rescue, `entry ${entry.seq} does not follow entry ${head.seq}`)
    entries.push(entry)
    head = { seq: entry.seq, hash: sha256(json) }
  }
  return { entries, head }
}

export function broken(rescue: string, why: string, options: ErrorOptions = {}): RescueError {
  return new RescueError('operator', 'log-broken', `the log of ${rescue} can not be trusted: ${why}`, {
    ...options,
    details: { rescue, why },
  })
}

function parse(rescue: string, json: string): Entry {
  const value = parseJson(rescue, json)
  const version = typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined
  if (version !== FORMAT_VERSION)
    throw new RescueError('operator', 'log-from-another-version', `the log of ${rescue} has format ${version}`, {
      details: { rescue, version: String(version) },
    })
  const parsed = Entry.safeParse(value)
  if (!parsed.success) throw broken(rescue, 'an entry is not of its form', { cause: parsed.error })
  return parsed.data
}

function parseJson(rescue: string, json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw broken(rescue, 'an entry is not JSON', { cause: error })
  }
}
