/**
 * Lists all instances of the configured compartments, with few calls: one for each thousand instances, one for each
 * thousand attachments of network cards. Only a card's addresses cost a call each. They are taken over from the
 * inventory before; new cards are asked about at once, and all others once in an hour, a share of them in each run.
 */
import { crc32 } from 'node:zlib'
import { RescueError } from '../../core/base/errors.ts'
import {
  type Inventory,
  isGoing,
  type ListedInstance,
  type Listing,
  MOST_LISTED,
  type NetworkCard,
} from '../../core/record/inventory.ts'
import { CompartmentPaths } from './compartments.ts'
import { isGone } from './errors.ts'
import type { Oci } from './oci.ts'
import { allPages, mapAtMost, PAGE } from './pages.ts'

export interface InventoryOptions {
  readonly compartments: readonly string[]
  readonly everyMinutes: number
  /** The newest one there is. */
  readonly before: Inventory | undefined
  readonly now: Date
  /** Told of what the inventory can do without: addresses that could not be had. */
  readonly onTrouble: (error: unknown) => void
  /** How many cards are asked about in one run; the rest comes in the next ones. */
  readonly mostCards?: number
}

/** At 100 ms for a call, some 80 in a second: half a minute for the most cards of a run. */
const CALLS_AT_ONCE = 8
const MOST_CARDS = 2000
/** A public address can be given to a card, or taken from it, at any time; its private one stays. */
const ASKED_AGAIN_MINUTES = 60

/**
 * Addresses are there as far as they could be had; everything else is whole, or it throws.
 * @throws RescueError `oci-…`
 */
export async function takeInventory(oci: Oci, options: InventoryOptions, signal: AbortSignal): Promise<Listing> {
  const { everyMinutes, now } = options
  // The same compartment can be configured twice.
  const compartments = [...new Set(options.compartments)]
  const paths = new CompartmentPaths(oci)
  const found = await mapAtMost(compartments, CALLS_AT_ONCE, async (id) =>
    listCompartment(oci, id, await paths.of(id, signal), signal),
  )
  const all = found.flat().toSorted((one, other) => compare(one.name, other.name) || compare(one.id, other.id))
  const listed = all.slice(0, MOST_LISTED)
  const cards = await cardsOf(oci, compartments, new Set(listed.map(({ id }) => id)), options, signal)
  const instances = listed.map((instance) => ({ ...instance, cards: cards.get(instance.id) ?? [] }))
  return { inventory: { instances, leftOut: all.length - listed.length, everyMinutes }, listedAt: now }
}

async function listCompartment(
  oci: Oci,
  compartmentId: string,
  compartment: string,
  signal: AbortSignal,
): Promise<Omit<ListedInstance, 'cards'>[]> {
  const query = { compartmentId, limit: PAGE }
  const listed = await allPages(
    (page) => oci.compute('ListInstances', (client) => client.listInstances({ ...query, ...page }), signal),
    ({ id, displayName, lifecycleState: state, shape }) => ({ id, name: displayName ?? id, state, shape, compartment }),
  )
  return listed.filter(({ state }) => !isGoing(state))
}

/** Cards by the OCID of their instance, in the order of their OCIDs, so that the same cards are the same text. */
async function cardsOf(
  oci: Oci,
  compartments: readonly string[],
  listed: ReadonlySet<string>,
  options: InventoryOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NetworkCard[]>> {
  const known = knownCards(options.before)
  const attached = (await attachments(oci, compartments, options.onTrouble, signal)) ?? knownAttachments(options.before)
  const ours = attached.filter(({ instance }) => listed.has(instance))
  const addresses = await addressesOf(oci, cardsToAsk(ours, known, options), options.onTrouble, signal)
  const cards = new Map<string, NetworkCard[]>()
  for (const { card, instance } of ours.toSorted((one, other) => compare(one.card, other.card))) {
    const now = addresses.get(card) ?? known.get(card)
    if (now !== undefined) cards.set(instance, [...(cards.get(instance) ?? []), { id: card, addresses: [...now] }])
  }
  return cards
}

type Addresses = ReadonlyMap<string, readonly string[]>

function knownCards(before: Inventory | undefined): Addresses {
  return new Map((before?.instances ?? []).flatMap(({ cards }) => cards).map(({ id, addresses }) => [id, addresses]))
}

interface Attachment {
  readonly card: string
  readonly instance: string
}

function knownAttachments(before: Inventory | undefined): readonly Attachment[] {
  return (before?.instances ?? []).flatMap(({ id, cards }) => cards.map((card) => ({ card: card.id, instance: id })))
}

/** Undefined when OCI does not serve the list. */
async function attachments(
  oci: Oci,
  compartments: readonly string[],
  onTrouble: InventoryOptions['onTrouble'],
  signal: AbortSignal,
): Promise<readonly Attachment[] | undefined> {
  const found = await mapAtMost(compartments, CALLS_AT_ONCE, async (compartmentId) => {
    const query = { compartmentId, limit: PAGE }
    return await allPages(
      (page) =>
        oci.compute('ListVnicAttachments', (client) => client.listVnicAttachments({ ...query, ...page }), signal),
      ({ vnicId, instanceId, lifecycleState }) =>
        vnicId && lifecycleState === 'ATTACHED' ? { card: vnicId, instance: instanceId } : undefined,
    )
  }).catch(withoutOci(onTrouble, undefined))
  return found?.flat().filter((one) => one !== undefined)
}

/** New ones first. */
function cardsToAsk(
  attached: readonly Attachment[],
  known: Addresses,
  { everyMinutes, now, mostCards = MOST_CARDS }: InventoryOptions,
): readonly string[] {
  const ids = attached.map(({ card }) => card)
  const unknown = ids.filter((id) => !known.has(id))
  const due = ids.filter((id) => known.has(id) && isDue(id, everyMinutes, now))
  return [...unknown, ...due].slice(0, mostCards)
}

/** Each card belongs to one of the runs of an hour, by its OCID; a run that is missed comes again in an hour. */
function isDue(id: string, everyMinutes: number, now: Date): boolean {
  const runs = Math.max(1, Math.round(ASKED_AGAIN_MINUTES / everyMinutes))
  return crc32(id) % runs === Math.floor(now.getTime() / (everyMinutes * 60_000)) % runs
}

/** Ends at the first call that OCI does not serve: what it throttles is not asked for more of. The next run goes on. */
async function addressesOf(
  oci: Oci,
  cards: readonly string[],
  onTrouble: InventoryOptions['onTrouble'],
  signal: AbortSignal,
): Promise<Addresses> {
  const found = new Map<string, readonly string[]>()
  await mapAtMost(cards, CALLS_AT_ONCE, async (vnicId) => {
    found.set(vnicId, await addressesOfCard(oci, vnicId, signal))
  }).catch(withoutOci(onTrouble, undefined))
  return found
}

/** None where it is gone, or not ours to see: that is known then, and not asked again in each run. */
async function addressesOfCard(oci: Oci, vnicId: string, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const { vnic } = await oci.network('GetVnic', (client) => client.getVnic({ vnicId }), signal)
    return [vnic.publicIp, vnic.privateIp, ...(vnic.ipv6Addresses ?? [])].filter(
      (address) => typeof address === 'string',
    )
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

/** Instances can be found without their addresses. */
function withoutOci<T>(onTrouble: InventoryOptions['onTrouble'], instead: T): (error: unknown) => T {
  return (error) => {
    if (!(error instanceof RescueError) || !error.code.startsWith('oci-')) throw error
    onTrouble(error)
    return instead
  }
}

/** By code units: the same everywhere, and in an instant. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
