/**
 * The sealed hand-over from bot to worker of what must stand in no log: one Redis key
 * for each, minutes to live, deleted as it is read.
 */
import type { KeyObject } from 'node:crypto'
import type { Redis } from 'ioredis'
import { RescueError } from '../base/errors.ts'
import { Answer } from '../record/answers.ts'
import type { HandOver } from '../record/hand-over.ts'
import { askStore } from './connect.ts'
import { sealedKey } from './keys.ts'
import { openSealedText, sealText } from './sealed.ts'

/** The worker reads it a moment later; five minutes are for a worker that waits for a free slot, or for Redis. */
const LIFE_MS = 300_000

export class SealedAnswers {
  readonly #redis: Redis
  readonly #key: KeyObject
  readonly #lifeMs: number

  /** `key` is 32 bytes that bot and workers share. */
  constructor(redis: Redis, key: KeyObject, lifeMs: number = LIFE_MS) {
    this.#redis = redis
    this.#key = key
    this.#lifeMs = lifeMs
  }

  async put(place: HandOver, answer: Answer): Promise<void> {
    const sealed = sealText(this.#key, boundTo(place), JSON.stringify(answer))
    await askStore(this.#redis.set(sealedKey(place), sealed, 'PX', this.#lifeMs))
  }

  /** Deletes what was put there in vain. */
  async drop(place: HandOver): Promise<void> {
    await askStore(this.#redis.del(sealedKey(place)))
  }

  /**
   * Reads and deletes it, in one step. Undefined when it is not there: it has expired, or somebody has read it.
   * @throws RescueError `password-unreadable` when it was sealed with another key, or for another question
   */
  async take(place: HandOver): Promise<Answer | undefined> {
    const sealed = await askStore(this.#redis.getdel(sealedKey(place)))
    if (sealed === null) return undefined
    const text = openSealedText(this.#key, boundTo(place), sealed)
    const answer = text === undefined ? undefined : readAnswer(text)
    if (answer !== undefined) return answer
    throw new RescueError('operator', 'password-unreadable', 'what the bot has sealed can not be opened here')
  }
}

/** An entry that is moved to another rescue or question does not open there. */
function boundTo({ rescue, ask }: HandOver): string {
  return `${rescue} ${ask}`
}

/** Without the parser's complaint, which might quote it. */
function readAnswer(text: string): Answer | undefined {
  try {
    return Answer.safeParse(JSON.parse(text)).data
  } catch {
    // Sealed with our key, but not by us.
    return undefined
  }
}
