import { expect, it } from 'vitest'
import { useRedis } from '../../test/helpers/use-redis.ts'
import { InventorySchedule } from './inventory-schedule.ts'

const redis = useRedis()

/** A fifth of a second. */
const OFTEN = 0.2 / 60

it('has a turn at once, and the next ones by itself', async () => {
  await using schedule = new InventorySchedule(redis(), () => undefined)
  let turns = 0
  const worker = schedule.take(async () => {
    turns += 1
  })

  await schedule.every(OFTEN)

  await expect.poll(() => turns).toBeGreaterThan(2)
  await worker.close()
})

it('gives a turn to one worker of several, and never two at once', async () => {
  await using one = new InventorySchedule(redis(), () => undefined)
  await using other = new InventorySchedule(redis(), () => undefined)
  let turns = 0
  let atWork = 0
  let most = 0
  const work = async () => {
    atWork += 1
    most = Math.max(most, atWork)
    // Longer than the pace: the next turn is due while this one still works.
    await new Promise((resolve) => setTimeout(resolve, 500))
    atWork -= 1
    turns += 1
  }
  const workers = [one.take(work), other.take(work)]

  await Promise.all([one.every(OFTEN), other.every(OFTEN)])

  await expect.poll(() => turns).toBeGreaterThan(3)
  expect(most).toBe(1)
  await Promise.all(workers.map((worker) => worker.close()))
})

it('goes on after a turn that failed, and says why it did', async () => {
  const troubles: unknown[] = []
  await using schedule = new InventorySchedule(redis(), (error) => troubles.push(error))
  let turns = 0
  const worker = schedule.take(async () => {
    turns += 1
    if (turns === 1) throw new Error('OCI is on holiday')
  })

  await schedule.every(OFTEN)

  await expect.poll(() => turns).toBeGreaterThan(1)
  expect(troubles).toMatchObject([{ message: 'OCI is on holiday' }])
  await worker.close()
})

it('is one schedule, which stays as it is when a worker comes back that sets the same pace', async () => {
  const { Queue } = await import('bullmq')
  await using schedule = new InventorySchedule(redis(), () => undefined)
  const raw = new Queue('inventory', { connection: redis(), prefix: '{oci-rescue}' })
  let turns = 0
  const worker = schedule.take(async () => {
    turns += 1
  })
  await schedule.every(60)
  await expect.poll(() => turns).toBe(1)

  await schedule.every(60)

  expect(await raw.getJobCounts('wait', 'active', 'delayed')).toEqual({ wait: 0, active: 0, delayed: 1 })
  await schedule.every(OFTEN)
  await expect.poll(() => turns).toBeGreaterThan(2)
  await worker.close()
  await raw.close()
})
