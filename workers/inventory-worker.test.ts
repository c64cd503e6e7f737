/** On a real Redis and a real queue; only what OCI says is made up. */
import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { RescueError } from '../core/base/errors.ts'
import type { Inventory } from '../core/record/inventory.ts'
import { connectRedis } from '../core/store/connect.ts'
import { Inventories } from '../core/store/inventories.ts'
import { InventorySchedule } from '../core/store/inventory-schedule.ts'
import { INVENTORY } from '../core/store/keys.ts'
import { startRedis, type TestRedis } from '../test/helpers/redis.ts'
import { InventoryWorker, type InventoryWorkerOptions } from './inventory-worker.ts'

let server: TestRedis
let redis: Redis
let inventories: Inventories
let undo: AsyncDisposableStack
let reports: string[]

beforeAll(async () => {
  server = await startRedis()
})
beforeEach(async () => {
  undo = new AsyncDisposableStack()
  redis = connectRedis(server.url, { name: 'test', retries: null })
  undo.defer(() => redis.disconnect())
  await redis.flushall()
  inventories = new Inventories(redis)
  reports = []
})
afterEach(() => undo.disposeAsync())
afterAll(() => server[Symbol.asyncDispose]())

/** A fifth of a second. */
const OFTEN = 0.2 / 60

async function startLister(list: InventoryWorkerOptions['list'], everyMinutes = OFTEN): Promise<InventoryWorker> {
  const schedule = undo.use(new InventorySchedule(redis, () => undefined))
  const report: InventoryWorkerOptions['report'] = (level, message) => reports.push(`${level}: ${message}`)
  const worker = new InventoryWorker({ schedule, inventories, list, everyMinutes, report })
  undo.defer(() => worker.stop())
  await worker.ready()
  return worker
}

function inventory(name: string): Inventory {
  const instance = {
    id: `ocid1.instance.oc1..${name}`,
    name,
    state: 'RUNNING',
    shape: 'VM',
    compartment: 'prod',
    cards: [],
  }
  return { instances: [instance], leftOut: 0, everyMinutes: 5 }
}

const listed = async () => (await inventories.read())?.inventory.instances[0]?.name

it('lists at once, and gives each turn the list before', async () => {
  const before: unknown[] = []
  await startLister(async ({ before: last, now }) => {
    before.push(last?.instances[0]?.name)
    return { inventory: inventory(`web-${before.length}`), listedAt: now }
  })

  await expect.poll(() => before.length).toBeGreaterThan(2)

  expect(before.slice(0, 3)).toEqual([undefined, 'web-1', 'web-2'])
})

it('keeps the list before, and its time, when OCI fails, and tries again', async () => {
  const at = new Date('2026-01-01T12:00:00Z')
  await inventories.replace({ inventory: inventory('old'), listedAt: at })
  let turns = 0
  await startLister(async ({ now }) => {
    turns += 1
    if (turns < 3) throw new RescueError('cloud', 'oci-unavailable', 'OCI did not answer ListInstances')
    expect(await inventories.read()).toMatchObject({ listedAt: at })
    return { inventory: inventory('new'), listedAt: now }
  })

  await expect.poll(listed).toBe('new')
  expect(reports.slice(0, 2)).toEqual([
    'warn: instances could not be listed; the list before stays',
    'warn: instances could not be listed; the list before stays',
  ])
})

it('gives up what it is doing when it is stopped, without a complaint', async () => {
  const begun = Promise.withResolvers<void>()
  const worker = await startLister(async (_, signal) => {
    begun.resolve()
    return await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  await begun.promise

  await worker.stop()

  expect(reports).toEqual([])
  expect(await inventories.stamp()).toBeUndefined()
})

it('writes over what another version has left', async () => {
  await redis.hset(INVENTORY, 'listedAt', '1', 'digest', 'x', 'body', 'x')

  await startLister(async ({ before, now }) => ({ inventory: inventory(before ? 'read' : 'fresh'), listedAt: now }), 60)

  await expect.poll(() => listed().catch(() => undefined)).toBe('fresh')
})
