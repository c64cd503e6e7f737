import { beforeEach, expect, it } from 'vitest'
import { useRedis } from '../../test/helpers/use-redis.ts'
import type { Inventory } from '../record/inventory.ts'
import { Inventories } from './inventories.ts'
import { INVENTORY } from './keys.ts'

const redis = useRedis()
let inventories: Inventories
beforeEach(() => {
  inventories = new Inventories(redis())
})

function inventory(...names: readonly string[]): Inventory {
  const instances = names.map((name) => ({
    id: `ocid1.instance.oc1..${name}`,
    name,
    state: 'RUNNING',
    shape: 'VM.Standard.E4.Flex',
    compartment: 'apps/prod',
    cards: [{ id: `ocid1.vnic.oc1..${name}`, addresses: ['203.0.113.5', '10.0.0.5'] }],
  }))
  return { instances, leftOut: 0, everyMinutes: 5 }
}
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute))

it('has none before a worker has made one', async () => {
  expect(await inventories.stamp()).toBeUndefined()
  expect(await inventories.read()).toBeUndefined()
})

it('gives back what was written, and when OCI was asked', async () => {
  const written = { inventory: inventory('web-1', '本番-db'), listedAt: at(0) }

  expect(await inventories.replace(written)).toBe(true)

  expect(await inventories.read()).toEqual(written)
  expect(await inventories.stamp()).toMatchObject({ listedAt: at(0) })
})

it('replaces an older one, and never a newer one', async () => {
  await inventories.replace({ inventory: inventory('web-1'), listedAt: at(5) })
  const before = await inventories.stamp()

  expect(await inventories.replace({ inventory: inventory('old'), listedAt: at(0) })).toBe(false)
  expect(await inventories.stamp()).toEqual(before)
  expect(await inventories.replace({ inventory: inventory('web-2'), listedAt: at(10) })).toBe(true)

  expect((await inventories.read())?.inventory.instances.map(({ name }) => name)).toEqual(['web-2'])
  expect((await inventories.stamp())?.digest).not.toBe(before?.digest)
})

it('renews only the time of one that says the same', async () => {
  await inventories.replace({ inventory: inventory('web-1'), listedAt: at(0) })
  const before = await inventories.stamp()
  await redis().hset(INVENTORY, 'body', 'stays')

  await inventories.replace({ inventory: inventory('web-1'), listedAt: at(5) })

  expect(await inventories.stamp()).toEqual({ digest: before?.digest, listedAt: at(5) })
  expect(await redis().hget(INVENTORY, 'body')).toBe('stays')
})

it('refuses what another version has written, and can be written over', async () => {
  await redis().hset(INVENTORY, 'listedAt', `${at(0).getTime()}`, 'digest', 'x', 'body', 'not compressed')

  await expect(inventories.read()).rejects.toMatchObject({ code: 'inventory-unreadable' })

  await inventories.replace({ inventory: inventory('web-1'), listedAt: at(5) })
  expect(await inventories.read()).toMatchObject({ inventory: { instances: [{ name: 'web-1' }] } })
})
