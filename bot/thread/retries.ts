/**
 * When each message is tried again that Slack did not take, and which of them the
 * others pass meanwhile. Keeps the count, not the messages.
 */

/** Between attempts at what got no answer: 1 s, 2 s, 4 s … */
export const FIRST_BACKOFF_MS = 1000
const LONGEST_BACKOFF_MS = 30_000

/** `rate-limited`: the whole workspace pauses; `refused`: by something that can be mended, such as a missing invitation. */
export type Failure = 'lost' | 'rate-limited' | 'refused'

export class Retries {
  /** Milliseconds, only ever growing. */
  readonly #now: () => number
  readonly #attempts = new Map<string, number>()
  readonly #notBefore = new Map<string, number>()
  /** When Slack last said nothing to each; and when it last took anything. */
  readonly #lostAt = new Map<string, number>()
  #tookAt = Number.NEGATIVE_INFINITY
  readonly #passed = new Set<string>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** On the clock of `now`. */
  dueAt(key: string): number {
    return this.#notBefore.get(key) ?? 0
  }

  /** Slack does not take this one while it takes others: they need not wait for it. */
  isPassed(key: string): boolean {
    return this.#passed.has(key)
  }

  /** Returns how often it was tried by now. */
  failed(key: string, how: Failure): number {
    const attempts = (this.#attempts.get(key) ?? 0) + 1
    this.#attempts.set(key, attempts)
    if (how === 'rate-limited') return attempts
    const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempts - 1))
    this.#notBefore.set(key, this.#now() + backoff)
    // Not that one of many is slow: another one was taken since nothing was said to this one, and now nothing is again.
    const othersAreTaken = this.#tookAt > (this.#lostAt.get(key) ?? Number.POSITIVE_INFINITY)
    if (how === 'refused' || othersAreTaken) this.#passed.add(key)
    this.#lostAt.set(key, this.#now())
    return attempts
  }

  /** Slack answers again: what it said nothing to is tried at once, in its order. */
  took(key: string): void {
    this.#tookAt = this.#now()
    for (const known of [this.#attempts, this.#lostAt, this.#passed]) known.delete(key)
    for (const lost of this.#lostAt.keys()) if (!this.#passed.has(lost)) this.#notBefore.delete(lost)
  }
}
