import { expect, it } from 'vitest'
import { useRedis } from '../../test/helpers/use-redis.ts'
import { RescueQueue } from './queue.ts'

const redis = useRedis()

const options = { concurrency: 10, lockMs: 2000, onTrouble: () => undefined }

it('hands a rescue to a worker once, however often it was queued', async () => {
  await using queue = new RescueQueue(redis())
  const taken: string[] = []
  const done = Promise.withResolvers<void>()
  for (const rescue of ['R-000001', 'R-000001', 'R-000001', 'R-000002']) await queue.add(rescue)

  const worker = queue.take(options, async (rescue) => {
    taken.push(rescue)
    await queue.add('R-000001')
    if (rescue === 'R-000002') done.resolve()
    return 'done'
  })

  await done.promise
  await worker.close()
  expect(taken.toSorted()).toEqual(['R-000001', 'R-000002'])
})

it('can queue a rescue again after its job ended badly', async () => {
  await using queue = new RescueQueue(redis())
  const troubles: unknown[] = []
  const runs = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let run = 0
  const worker = queue.take({ ...options, onTrouble: (error) => troubles.push(error) }, async () => {
    runs[run++]?.resolve()
    throw new Error('as if Redis had gone')
  })
  await queue.add('R-000001')
  await runs[0]?.promise
  await expect.poll(() => troubles.length).toBe(1)

  await queue.add('R-000001')

  await runs[1]?.promise
  await worker.close()
})

it('does not take a job that is not of its form', async () => {
  const { Queue } = await import('bullmq')
  const raw = new Queue('rescues', { connection: redis(), prefix: '{oci-rescue}' })
  await using queue = new RescueQueue(redis())
  const troubles: unknown[] = []
  const worker = queue.take({ ...options, onTrouble: (error) => troubles.push(error) }, async () => {
    throw new Error('must not be called')
  })

  await raw.add('rescue', { rescue: '../../etc' })

  await expect.poll(() => troubles.length).toBe(1)
  expect(String(troubles[0])).toContain('Invalid string')
  await worker.close()
  await raw.close()
})

it('ends the signal of a job whose lock was lost', async () => {
  await using queue = new RescueQueue(redis())
  const ended = Promise.withResolvers<unknown>()
  const began = Promise.withResolvers<void>()
  const worker = queue.take(options, async (_rescue, signal) => {
    signal.addEventListener('abort', () => ended.resolve(signal.reason))
    began.resolve()
    await ended.promise
    return 'done'
  })
  await queue.add('R-000001')
  await began.promise

  await redis().flushall()

  expect(await ended.promise).toMatchObject({ code: 'lock-lost' })
  await worker.close()
})

it('gives a job back that can not be done here and now, to be taken again soon', async () => {
  await using queue = new RescueQueue(redis())
  const answers = ['later', 'later', 'done'] as const
  const done = Promise.withResolvers<void>()
  const troubles: unknown[] = []
  let taken = 0
  const worker = queue.take({ ...options, onTrouble: (error) => troubles.push(error) }, async () => {
    const answer = answers[taken++] ?? 'done'
    if (answer === 'done') done.resolve()
    return answer
  })

  await queue.add('R-000001')
  await done.promise

  await worker.close()
  expect({ taken, troubles }).toEqual({ taken: 3, troubles: [] })
})
