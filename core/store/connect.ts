/**
 * Connections to Redis. A worker waits for Redis as long as it takes, for a
 * machine may be down in its hands; the bot says soon that it could not ask,
 * for Slack waits three seconds for an answer.
 */
import { Redis } from 'ioredis'
import { RescueError } from '../base/errors.ts'

export interface ConnectOptions {
  /** Shown by Redis in CLIENT LIST, e.g. `oci-rescue-worker`. */
  readonly name: string
  /** How often a command is sent again after the connection was lost; null: until it comes back (what BullMQ's workers demand). */
  readonly retries: number | null
}

/** Within Slack's three seconds: the first two retries come after 50 and 100 ms. */
export const RETRIES_WHILE_SOMEBODY_WAITS = 2

const LONGEST_PAUSE_MS = 2000

/**
 * A connection that is being made; commands given meanwhile wait for it. The caller owns it: it listens for its
 * `error` events (they are repeated with every attempt) and ends it with `quit()` or `disconnect()`.
 */
export function connectRedis(url: string, options: ConnectOptions): Redis {
  return new Redis(url, {
    connectionName: options.name,
    maxRetriesPerRequest: options.retries,
    retryStrategy: (times) => Math.min(50 * 2 ** (times - 1), LONGEST_PAUSE_MS),
  })
}

/** Gives errors of the store a name: `store-refused` when Redis said no, `store-unreachable` when it said nothing. */
export async function askStore<T>(question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (thrown) {
    if (thrown instanceof RescueError) throw thrown
    const refused = thrown instanceof Error && thrown.name === 'ReplyError'
    const code = refused ? 'store-refused' : 'store-unreachable'
    const message = refused ? 'Redis refused a command' : 'Redis does not answer'
    throw new RescueError('operator', code, message, { cause: thrown })
  }
}
