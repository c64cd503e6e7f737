/** The inventory as the bot keeps it in memory: in the order in which it is offered, and ready to be looked up in. */
import type { ListedInstance, Listing } from '../../core/record/inventory.ts'
import { ticketFrom } from '../rescue-id.ts'

/** In lower case, as what is typed is compared. */
export interface Entry {
  readonly instance: ListedInstance
  readonly name: string
  /** All else that it can be found by. */
  readonly rest: string
}

export interface Directory {
  readonly listing: Listing
  /** Those that run first, those that are stopped last; by name among themselves. */
  readonly entries: readonly Entry[]
  /** By OCID, in lower case: alarms of some services write it in capitals. */
  readonly ids: ReadonlyMap<string, ListedInstance>
  readonly names: ReadonlyMap<string, readonly ListedInstance[]>
  readonly addresses: ReadonlyMap<string, readonly ListedInstance[]>
  /** See `ticketOf`. */
  readonly tickets: ReadonlyMap<string, ListedInstance>
}

/** `web-2` comes before `web-10`. */
const byName = new Intl.Collator('en', { numeric: true })

export function directoryOf(listing: Listing): Directory {
  const instances = listing.inventory.instances.toSorted(
    (one, other) => urgency(one) - urgency(other) || byName.compare(one.name, other.name),
  )
  return {
    listing,
    entries: instances.map(entryOf),
    ids: new Map(instances.map((instance) => [instance.id.toLowerCase(), instance])),
    names: grouped(instances, ({ name }) => [name.toLowerCase()]),
    addresses: grouped(instances, addressesOf),
    tickets: new Map(instances.map((instance) => [ticketOf(instance), instance])),
  }
}

/** Short enough for the value of an option, which an OCID is not everywhere in Slack. */
export function ticketOf({ id }: ListedInstance): string {
  return ticketFrom(id)
}

export function addressesOf({ cards }: ListedInstance): readonly string[] {
  return cards.flatMap(({ addresses }) => addresses).map((address) => address.toLowerCase())
}

function urgency({ state }: ListedInstance): number {
  if (state === 'RUNNING') return 0
  return state === 'STOPPED' ? 2 : 1
}

function entryOf(instance: ListedInstance): Entry {
  const { id, name, state, shape, compartment } = instance
  const rest = [...addressesOf(instance), state, shape, compartment, id].join(' ').toLowerCase()
  return { instance, name: name.toLowerCase(), rest }
}

function grouped(
  instances: readonly ListedInstance[],
  keysOf: (instance: ListedInstance) => readonly string[],
): ReadonlyMap<string, readonly ListedInstance[]> {
  const groups = new Map<string, ListedInstance[]>()
  for (const instance of instances) {
    for (const key of new Set(keysOf(instance))) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [instance])
      else group.push(instance)
    }
  }
  return groups
}
