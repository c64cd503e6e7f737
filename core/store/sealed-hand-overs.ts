/**
 * The sealed hand-over between bot and worker of what must stand in no log: one Redis key
 * for each, minutes to live, deleted as it is read.
 */
import type { KeyObject } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { ZodType } from 'zod'
import { RescueError } from '../base/errors.ts'
import { Answer } from '../record/answers.ts'
import type { HandOver } from '../record/hand-over.ts'
import { OneTimePassword } from '../record/one-time-password.ts'
import { askStore } from './connect.ts'
import { sealedKey } from './keys.ts'
import { openSealedText, sealText } from './sealed.ts'

/** The worker reads it a moment later; five minutes are for a worker that waits for a free slot, or for Redis. */
const ANSWER_LIFE_MS = 300_000
/** The bot reads it a moment later; a quarter of an hour is for one that is being replaced. */
const PASSWORD_LIFE_MS = 900_000

export type SealedAnswers = SealedHandOvers<Answer>
export type SealedPasswords = SealedHandOvers<OneTimePassword>

/** From bot to worker: what a person has entered. */
export function sealedAnswers(redis: Redis, key: KeyObject, lifeMs = ANSWER_LIFE_MS): SealedAnswers {
  return new SealedHandOvers(redis, key, Answer, lifeMs)
}

/** From worker to bot: what one person gets, and nobody else. */
export function sealedPasswords(redis: Redis, key: KeyObject, lifeMs = PASSWORD_LIFE_MS): SealedPasswords {
  return new SealedHandOvers(redis, key, OneTimePassword, lifeMs)
}

export class SealedHandOvers<Content> {
  readonly lifeMs: number
  readonly #redis: Redis
  readonly #key: KeyObject
  readonly #content: ZodType<Content>

  /** `key` is 32 bytes that bot and workers share. */
  constructor(redis: Redis, key: KeyObject, content: ZodType<Content>, lifeMs: number) {
    this.#redis = redis
    this.#key = key
    this.#content = content
    this.lifeMs = lifeMs
  }

  async put(place: HandOver, content: Content): Promise<void> {
    const sealed = sealText(this.#key, boundTo(place), JSON.stringify(content))
    await askStore(this.#redis.set(sealedKey(place), sealed, 'PX', this.lifeMs))
  }

  /** Deletes what was put there in vain. */
  async drop(place: HandOver): Promise<void> {
    await askStore(this.#redis.del(sealedKey(place)))
  }

  /**
   * Reads and deletes it, in one step. Undefined when it is not there: it has expired, or somebody has read it.
   * @throws RescueError `password-unreadable` when it was sealed with another key, or for something else
   */
  async take(place: HandOver): Promise<Content | undefined> {
    const sealed = await askStore(this.#redis.getdel(sealedKey(place)))
    if (sealed === null) return undefined
    const text = openSealedText(this.#key, boundTo(place), sealed)
    const content = text === undefined ? undefined : this.#read(text)
    if (content !== undefined) return content
    throw new RescueError('operator', 'password-unreadable', 'what was sealed can not be opened here')
  }

  /** Without the parser's complaint, which might quote it. */
  #read(text: string): Content | undefined {
    try {
      return this.#content.safeParse(JSON.parse(text)).data
    } catch {
      // Sealed with our key, but not by us.
      return undefined
    }
  }
}

/** An entry that is moved to another rescue or question does not open there. */
function boundTo({ rescue, about }: HandOver): string {
  return `${rescue} ${about}`
}
