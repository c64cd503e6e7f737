import { expect, it } from 'vitest'
import type { Listing } from '../../core/record/inventory.ts'
import { inventoryOf, listed } from '../../test/helpers/inventory.ts'
import { KnownInstances } from './known-instances.ts'

/** What stands in Redis, and how often all of it was read. */
class Shelf {
  listing: (Listing & { digest: string }) | undefined
  reads = 0
  isDown = false

  put(digest: string, name: string, minute: number): void {
    this.listing = {
      digest,
      inventory: inventoryOf(listed(name)),
      listedAt: new Date(Date.UTC(2026, 0, 1, 12, minute)),
    }
  }

  async stamp() {
    if (this.isDown) throw new Error('Redis does not answer')
    return this.listing
  }

  async read() {
    this.reads += 1
    return this.listing
  }
}

const troubles: unknown[] = []
const nameIn = async (known: KnownInstances) => (await known.now())?.listing.inventory.instances[0]?.name

it('knows nothing before a worker has made a list, and the newest one then', async () => {
  const shelf = new Shelf()
  const known = new KnownInstances(shelf, (error) => troubles.push(error))

  expect(await known.now()).toBeUndefined()
  shelf.put('a', 'web-1', 0)
  expect(await nameIn(known)).toBe('web-1')
  shelf.put('b', 'web-2', 5)
  expect(await nameIn(known)).toBe('web-2')
})

it('reads a list once, however often it is asked for, and takes over when it was renewed', async () => {
  const shelf = new Shelf()
  const known = new KnownInstances(shelf, (error) => troubles.push(error))
  shelf.put('a', 'web-1', 0)
  await Promise.all([known.now(), known.now(), known.now()])

  shelf.put('a', 'web-1', 5)

  expect((await known.now())?.listing.listedAt).toEqual(new Date('2026-01-01T12:05:00Z'))
  expect(shelf.reads).toBe(1)
})

it('keeps what it has while Redis does not answer, and says why', async () => {
  const shelf = new Shelf()
  const known = new KnownInstances(shelf, (error) => troubles.push(error))
  shelf.put('a', 'web-1', 0)
  await known.now()
  troubles.length = 0

  shelf.isDown = true

  expect(await nameIn(known)).toBe('web-1')
  expect(troubles).toMatchObject([{ message: 'Redis does not answer' }])
})
