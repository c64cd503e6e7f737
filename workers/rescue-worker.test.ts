/** On a real Redis and a real queue; only what a rescue does is made up. */
import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { newRescueId } from '../core/base/ids.ts'
import type { Instance } from '../core/record/events.ts'
import type { World } from '../core/rescue/world.ts'
import { connectRedis } from '../core/store/connect.ts'
import { RedisEventLog } from '../core/store/event-log.ts'
import { RescueQueue } from '../core/store/queue.ts'
import { append, claimed, draft, ENDED, REQUESTED, resolved, WORKER } from '../test/contracts/event-log.ts'
import { startRedis, type TestRedis } from '../test/helpers/redis.ts'
import { RescueWorker, type RescueWorkerOptions, type RunRescue } from './rescue-worker.ts'

let server: TestRedis
let redis: Redis
let log: RedisEventLog
let queue: RescueQueue
let undo: AsyncDisposableStack

beforeAll(async () => {
  server = await startRedis()
})

beforeEach(async () => {
  undo = new AsyncDisposableStack()
  redis = connect()
  await redis.flushall()
  log = undo.use(new RedisEventLog(redis))
  queue = undo.use(new RescueQueue(redis))
})

afterEach(() => undo.disposeAsync())

afterAll(() => server[Symbol.asyncDispose]())

function connect(): Redis {
  const connection = connectRedis(server.url, { name: 'test', retries: null })
  connection.on('error', () => undefined)
  undo.defer(() => connection.disconnect())
  return connection
}

function startWorker(run: RunRescue, options: Partial<RescueWorkerOptions> = {}): RescueWorker {
  const worker = new RescueWorker({
    ...{ log, queue, run, worldFor: () => NOWHERE, workerId: 'w1', slots: 10, lockMs: 2000, stopMs: 20_000 },
    settings: {
      gate1ExpiryMs: 1000,
      gate2ExpiryMs: 1000,
      passwordExpiryMs: 1000,
      shellIdleMs: 1000,
      shellLineMs: 1000,
      workLimitMs: 1000,
    },
    report: () => undefined,
    ...options,
  })
  undo.defer(async () => {
    await worker.stop()
  })
  return worker
}

const nothing = async () => Promise.reject(new Error('not in this test'))
const NOWHERE: World = {
  findInstances: nothing,
  createConsoleConnection: nothing,
  deleteConsoleConnections: nothing,
  openSerial: nothing,
  takeAnswer: nothing,
  handOverPassword: nothing,
  reset: async () => undefined,
  power: async () => undefined,
  captureHistory: nothing,
  deleteConsoleHistories: nothing,
  screenshot: nothing,
  handOutConsole: nothing,
  proveKey: nothing,
}

/** In the log, and not in the queue. */
async function requested(): Promise<string> {
  const rescue = newRescueId()
  await append(log, rescue, draft(REQUESTED))
  return rescue
}

async function queued(count: number): Promise<readonly string[]> {
  const rescues = await Promise.all(Array.from({ length: count }, requested))
  await Promise.all(rescues.map((rescue) => queue.add(rescue)))
  return rescues
}

async function end(rescue: string): Promise<void> {
  await append(log, rescue, draft(ENDED, WORKER))
}

it('runs what is queued, and no more at once than it has slots', async () => {
  const rescues = await queued(6)
  let atWork = 0
  let most = 0
  const over: string[] = []

  startWorker(
    async ({ rescue }) => {
      atWork += 1
      most = Math.max(most, atWork)
      await new Promise((resolve) => setTimeout(resolve, 50))
      atWork -= 1
      await end(rescue)
      over.push(rescue)
    },
    { slots: 2 },
  )

  await expect.poll(() => over.toSorted()).toEqual(rescues.toSorted())
  expect(most).toBe(2)
})

it('is not blocked by rescues that wait for people', async () => {
  const rescues = await queued(4)
  const decision = Promise.withResolvers<void>()
  const waiting = new Set<string>()
  const over: string[] = []

  startWorker(
    async ({ rescue, whileWaiting }) => {
      await whileWaiting(async () => {
        waiting.add(rescue)
        await decision.promise
      })
      await end(rescue)
      over.push(rescue)
    },
    { slots: 1 },
  )

  await expect.poll(() => waiting.size).toBe(4)
  decision.resolve()
  await expect.poll(() => over.length).toBe(rescues.length)
})

const WAYS_DOWN: ReadonlyArray<
  readonly [string, (world: World, instance: Instance, signal: AbortSignal) => Promise<void>]
> = [
  ['reset', (world, instance, signal) => world.reset(instance, signal)],
  ['told to reboot', (world, instance, signal) => world.power(instance, 'SOFTRESET', signal)],
]
it.each(WAYS_DOWN)('lets the rescue whose machine is down go on first, when it was %s', async (_how, takeDown) => {
  await queued(3)
  const decision = Promise.withResolvers<void>()
  const order: string[] = []
  let begun = 0

  startWorker(
    async ({ rescue, worldFor, whileWaiting }, signal) => {
      begun += 1
      const isDown = begun === 3
      const world = worldFor(async () => undefined)
      const instance = resolved('ocid1.instance.oc1..x').event
      if (isDown && instance.type === 'resolved') await takeDown(world, instance.instance, signal)
      await whileWaiting(() => decision.promise)
      order.push(isDown ? 'down' : 'up')
      await end(rescue)
      // Long enough for all of them to ask for the one slot.
      await new Promise((resolve) => setTimeout(resolve, 100))
    },
    { slots: 1 },
  )
  await expect.poll(() => begun).toBe(3)

  decision.resolve()

  // All three ask at once: the first finds the slot free, and gives it to the urgent one, which asked last.
  await expect.poll(() => order).toEqual(['up', 'down', 'up'])
})

it('finds rescues that are in the log and not in the queue', async () => {
  const rescue = await requested()
  const run: string[] = []

  startWorker(async (context) => {
    run.push(context.rescue)
    await end(context.rescue)
  })

  await expect.poll(() => run).toEqual([rescue])
})

it('tells its rescues to end when it stops, and waits for them', async () => {
  const [rescue] = await queued(1)
  const begun = Promise.withResolvers<void>()
  const reasons: unknown[] = []
  const worker = startWorker(async (_context, signal) => {
    begun.resolve()
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    await new Promise((resolve) => setTimeout(resolve, 200))
    reasons.push(signal.reason)
    await end(rescue ?? '')
  })
  await begun.promise

  expect(await worker.stop()).toBe('in-time')

  expect(reasons).toMatchObject([{ code: 'worker-stopping' }])
  expect(await log.live()).toEqual([])
})

it('does not wait for ever when it stops', async () => {
  await queued(1)
  const begun = Promise.withResolvers<void>()
  const never = Promise.withResolvers<void>()
  const worker = startWorker(
    async () => {
      begun.resolve()
      await never.promise
    },
    { stopMs: 100 },
  )
  await begun.promise

  expect(await worker.stop()).toBe('late')
  never.resolve()
})

it('takes over the rescue of a worker that gives no sign of life', async () => {
  const [rescue] = await queued(1)
  const theirs = connect()
  const begun = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const theirQueue = undo.use(new RescueQueue(theirs))
  startWorker(
    async () => {
      begun.resolve()
      await over.promise
    },
    { queue: theirQueue, workerId: 'frozen', stopMs: 10 },
  )
  await begun.promise

  theirs.disconnect()
  const taken: string[] = []
  startWorker(async (context) => {
    taken.push(`${context.workerId} ${context.rescue}`)
    await end(context.rescue)
  })

  await expect.poll(() => taken).toEqual([`w1 ${rescue}`])
  over.resolve()
})

it('does not let a rescue whose machine is down wait behind others that only begin', async () => {
  const down = await requested()
  const at = resolved('ocid1.instance.oc1..down')
  await append(log, down, claimed(1))
  await append(log, down, at)
  if (at.event.type === 'resolved') {
    const debt = { kind: 'maintenance', instance: at.event.instance } as const
    await append(log, down, draft({ type: 'owes', debt }, WORKER))
  }
  const order: string[] = []
  const busy = Promise.withResolvers<void>()
  const [first] = await queued(1)
  const run: RunRescue = async ({ rescue }) => {
    order.push(rescue)
    if (rescue === first) await busy.promise
    await end(rescue)
  }
  startWorker(run, { slots: 1 })
  await expect.poll(() => order.length).toBeGreaterThan(0)
  await queue.add(down)
  const more = await queued(3)
  await new Promise((resolve) => setTimeout(resolve, 300))

  busy.resolve()

  await expect.poll(() => order.length).toBe(2 + more.length)
  expect(order.indexOf(down)).toBeLessThanOrEqual(1)
})
