/** Sealed answers and the event log on one Redis of a test file's own, as bot and worker share them in production. */
import { createSecretKey, randomBytes } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { newTicket } from '../../core/base/ids.ts'
import type { Answer } from '../../core/record/answers.ts'
import type { Person } from '../../core/record/events.ts'
import { RescueLog } from '../../core/record/rescue-log.ts'
import type { Ask } from '../../core/record/state.ts'
import { connectRedis } from '../../core/store/connect.ts'
import { RedisEventLog } from '../../core/store/event-log.ts'
import { type SealedAnswers, sealedAnswers } from '../../core/store/sealed-hand-overs.ts'
import { startRedis } from './redis.ts'

export interface HandOverDesk {
  readonly log: RedisEventLog
  readonly answers: SealedAnswers
  /** Of a bot that was given another key. */
  readonly foreignAnswers: SealedAnswers
  /** As the bot does it: first the sealed entry, then the word in the log. Gives what became of the latter. */
  answer(rescue: string, ask: Ask, person: Person, given: Answer, by?: SealedAnswers): Promise<string>
  /** The sealed entries of a rescue that nobody has taken. */
  left(rescue: string): Promise<readonly string[]>
}

/** There before the first test and gone after the last. */
export function useHandOver(): () => HandOverDesk {
  const parts = new AsyncDisposableStack()
  let desk: HandOverDesk | undefined
  beforeAll(async () => {
    desk = await open(parts)
  })
  afterAll(() => parts.disposeAsync())
  return () => {
    if (desk === undefined) throw new Error('it is there while tests run')
    return desk
  }
}

async function open(parts: AsyncDisposableStack): Promise<HandOverDesk> {
  const server = parts.use(await startRedis(['--appendonly', 'no']))
  const redis = connectRedis(server.url, { name: 'test', retries: 2 })
  parts.defer(() => redis.disconnect())
  const log = parts.use(new RedisEventLog(redis))
  const answers = sealedAnswers(redis, createSecretKey(randomBytes(32)))
  return {
    log,
    answers,
    foreignAnswers: sealedAnswers(redis, createSecretKey(randomBytes(32))),
    answer: async (rescue, { id: ask }, actor, given, by = answers) => {
      const place = { rescue, about: ask, handOver: newTicket() }
      await by.put(place, given)
      const own = new RescueLog(log, rescue, () => new Date())
      const event = { type: 'answered', ask, handOver: place.handOver } as const
      return (await own.record({ actor, epoch: null }, () => event)).kind
    },
    left: (rescue) => redis.keys(`*sealed:${rescue}:*`),
  }
}
