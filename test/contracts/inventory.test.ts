/** The list of instances, as a worker makes it out of OCI's answers. */
import { expect, it } from 'vitest'
import type { Inventory, Listing } from '../../core/record/inventory.ts'
import { BashMachine } from '../../deploy/local/oci/bash-machine.ts'
import type { InstanceSetup } from '../../deploy/local/oci/instance.ts'
import { type Fixture, startFixture } from '../../deploy/local/oci/oci-fixture.ts'
import { type InventoryOptions, takeInventory } from '../../workers/oci/inventory.ts'
import { Oci } from '../../workers/oci/oci.ts'
import { accessOf } from '../helpers/oci-world.ts'

const NOW = new Date('2026-01-01T12:00:00Z')
const CARDS = /\/vnics\//

/** As a worker does it, in compartments that need not be there. */
async function take(
  fixture: Fixture,
  options: Partial<InventoryOptions> = {},
): Promise<Listing & { troubles: unknown[] }> {
  const oci = new Oci(await accessOf(fixture), async () => {})
  const troubles: unknown[] = []
  const usual = { compartments: [fixture.oci.compartmentId], everyMinutes: 5, before: undefined, now: NOW }
  const onTrouble = (error: unknown) => troubles.push(error)
  const listing = await takeInventory(oci, { ...usual, onTrouble, ...options }, AbortSignal.timeout(60_000))
  return { ...listing, troubles }
}

/** Others beside web-1, on a machine of their own. */
function others(machine: BashMachine, names: readonly string[], more: Partial<InstanceSetup> = {}) {
  return names.map((displayName) => ({ machine, displayName, ...more }))
}

function namesOf({ instances }: Inventory): readonly string[] {
  return instances.map(({ name }) => name)
}

it('says of each instance what it can be found by', async () => {
  await using machine = new BashMachine('db-1')
  const machines = others(machine, ['db-1'], { publicIp: '203.0.113.7', shape: 'VM.Standard.A1.Flex' })
  await using fixture = await startFixture({ machines, compartmentPath: 'apps/prod' })

  const { inventory, listedAt, troubles } = await take(fixture)

  expect(listedAt).toEqual(NOW)
  expect(troubles).toEqual([])
  expect(inventory).toMatchObject({ leftOut: 0, everyMinutes: 5 })
  expect(inventory.instances).toMatchObject([
    {
      name: 'db-1',
      state: 'STOPPED',
      shape: 'VM.Standard.A1.Flex',
      compartment: 'apps/prod',
      cards: [{ addresses: ['203.0.113.7', '127.0.7.1'] }],
    },
    { id: fixture.instanceId, name: 'web-1', state: 'RUNNING', cards: [{ addresses: ['127.0.7.1'] }] },
  ])
})

it('reads lists that come in pages to their end, and asks about some cards now and others the next time', async () => {
  await using machine = new BashMachine('i')
  const names = Array.from({ length: 1100 }, (_, number) => `i-${number}`)
  await using fixture = await startFixture({ machines: others(machine, names) })

  const first = await take(fixture, { mostCards: 3 })
  const second = await take(fixture, { mostCards: 3, before: first.inventory })

  expect(first.inventory.instances).toHaveLength(1101)
  expect(new Set(namesOf(first.inventory))).toEqual(new Set(['web-1', ...names]))
  const known = ({ instances }: Inventory) => instances.filter(({ cards }) => cards.length > 0).length
  expect([known(first.inventory), known(second.inventory)]).toEqual([3, 6])
})

it('takes addresses over, and asks about each card once in an hour', async () => {
  await using fixture = await startFixture()
  const { inventory } = await take(fixture)
  const stale = structuredClone(inventory)
  const [card] = stale.instances[0]?.cards ?? []
  if (card === undefined) throw new Error('no card')
  card.addresses = ['198.51.100.1']

  const addresses: string[] = []
  for (let run = 0; run < 12; run += 1) {
    const now = new Date(NOW.getTime() + run * 5 * 60_000)
    const next = await take(fixture, { before: stale, now })
    addresses.push(...(next.inventory.instances[0]?.cards[0]?.addresses ?? []))
  }

  expect(addresses.filter((one) => one === '127.0.7.1')).toHaveLength(1)
  expect(addresses.filter((one) => one === '198.51.100.1')).toHaveLength(11)
})

it('leaves out what is terminated', async () => {
  await using machine = new BashMachine('gone')
  const gone = others(machine, ['gone'], { lifecycleState: 'TERMINATED' })
  const going = others(machine, ['going'], { lifecycleState: 'TERMINATING' })
  await using fixture = await startFixture({ machines: [...gone, ...going] })

  expect(namesOf((await take(fixture)).inventory)).toEqual(['web-1'])
})

it('names a compartment by its OCID where names may not be read, and by what may be read of its path', async () => {
  await using fixture = await startFixture({ compartmentPath: 'apps/prod' })
  const { faults, compartmentId } = fixture.oci

  faults.next({ path: /\/compartments\// }, { kind: 'answer', status: 404 })
  expect((await take(fixture)).inventory.instances).toMatchObject([{ compartment: compartmentId }])

  faults.next({ path: new RegExp(`/compartments/(?!${compartmentId})`) }, { kind: 'answer', status: 404 })
  expect((await take(fixture)).inventory.instances).toMatchObject([{ compartment: 'prod' }])
})

it('waits when OCI has had enough, and does without the addresses that it does not give', async () => {
  await using fixture = await startFixture()
  const { faults } = fixture.oci
  faults.next({ path: CARDS }, { kind: 'answer', status: 429 })
  expect((await take(fixture)).inventory.instances[0]?.cards).toHaveLength(1)

  faults.next({ path: CARDS }, { kind: 'answer', status: 400 })
  const { inventory, troubles } = await take(fixture)

  expect(inventory.instances).toMatchObject([{ name: 'web-1', cards: [] }])
  expect(troubles).toMatchObject([{ code: 'oci-refused' }])
})

it('asks once in an hour for cards that it may not see', async () => {
  await using fixture = await startFixture()
  fixture.oci.faults.next({ path: CARDS }, { kind: 'answer', status: 404 })
  const { inventory: before, troubles } = await take(fixture)
  expect(before.instances).toMatchObject([{ cards: [{ addresses: [] }] }])
  expect(troubles).toEqual([])

  const addresses: string[] = []
  for (let run = 0; run < 12; run += 1) {
    const next = await take(fixture, { before, now: new Date(NOW.getTime() + run * 5 * 60_000) })
    addresses.push(...(next.inventory.instances[0]?.cards[0]?.addresses ?? []))
  }

  expect(addresses).toEqual(['127.0.7.1'])
})

it('keeps the addresses it knows when cards can not be listed', async () => {
  await using fixture = await startFixture()
  const { inventory: before } = await take(fixture)
  fixture.oci.faults.next({ path: /\/vnicAttachments/ }, { kind: 'answer', status: 404 })

  const { inventory, troubles } = await take(fixture, { before })

  expect(inventory.instances).toEqual(before.instances)
  expect(troubles).toMatchObject([{ code: 'oci-not-found-or-not-authorized' }])
})

it('is all or nothing: a compartment that can not be listed fails it', async () => {
  await using fixture = await startFixture()
  const compartments = [fixture.oci.compartmentId, 'ocid1.compartment.oc1..elsewhere']

  await expect(take(fixture, { compartments })).rejects.toMatchObject({ code: 'oci-not-found-or-not-authorized' })
})
