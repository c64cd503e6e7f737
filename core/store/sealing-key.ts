/**
 * Whether bot and workers hold the same SEALING_KEY, without telling it: each notes at
 * its start what HMAC-SHA-256 makes of fixed words with its key, and the notes are
 * compared. From the note nobody can get back to 32 random bytes (RFC 2104).
 */
import { createHmac, type KeyObject } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { askStore } from './connect.ts'
import { SEALING_KEYS } from './keys.ts'

const FIXED_WORDS = 'oci-rescue: which sealing key, version 1'

export type Side = 'bot' | 'worker'

const SealingKeyNote = z.object({
  mark: z.string(),
  /** Who wrote it, e.g. a host's name. */
  process: z.string(),
  /** When that process started. */
  at: z.iso.datetime(),
})
export type SealingKeyNote = z.infer<typeof SealingKeyNote>

/** The same for the same key, and for no other. */
export function sealingKeyMark(key: KeyObject): string {
  return createHmac('sha256', key).update(FIXED_WORDS).digest('hex')
}

/** Of several workers, the one that started last stands there. */
export async function noteSealingKey(redis: Redis, key: KeyObject, side: Side, process: string): Promise<void> {
  const note: SealingKeyNote = { mark: sealingKeyMark(key), process, at: new Date().toISOString() }
  await askStore(redis.hset(SEALING_KEYS, side, JSON.stringify(note)))
}

/** Undefined when none has started on this Redis yet, or what stands there is not of this version. */
export async function readSealingKeyNote(redis: Redis, side: Side): Promise<SealingKeyNote | undefined> {
  const text = await askStore(redis.hget(SEALING_KEYS, side))
  if (text === null) return undefined
  try {
    return SealingKeyNote.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
