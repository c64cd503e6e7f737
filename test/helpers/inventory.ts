/** Lists of instances, for those who search in them. */
import type { Inventory, ListedInstance } from '../../core/record/inventory.ts'

/** An instance that differs from any other only in what is given. */
export function listed(
  name: string,
  more: Partial<ListedInstance> & { addresses?: readonly string[] } = {},
): ListedInstance {
  const { addresses = [], ...given } = more
  return {
    id: `ocid1.instance.oc1.ap-tokyo-1.${Buffer.from(name).toString('hex').padEnd(60, 'q')}`,
    name,
    state: 'RUNNING',
    shape: 'VM.Standard.E4.Flex',
    compartment: 'apps/prod',
    cards: addresses.length === 0 ? [] : [{ id: `ocid1.vnic.oc1.ap-tokyo-1.${name}`, addresses: [...addresses] }],
    ...given,
  }
}

export function inventoryOf(...instances: readonly ListedInstance[]): Inventory {
  return { instances: [...instances], leftOut: 0, everyMinutes: 5 }
}

const PARTS = ['web', 'db', 'cache', 'batch', 'auth', 'mail', 'report', 'gateway', 'queue', 'search']
const PLACES = ['apps/prod', 'apps/stage', 'data/prod', 'shared/network', 'apps/prod/blue']
const SHAPES = ['VM.Standard.E4.Flex', 'VM.Standard.A1.Flex', 'VM.Standard3.Flex', 'BM.Standard.E4.128']

/** As a large tenancy has them: names by scheme, two addresses each, one in eight stopped. */
export function manyInstances(count: number): Inventory {
  const pick = (from: readonly string[], number: number) => from[number % from.length] ?? ''
  return inventoryOf(
    ...Array.from({ length: count }, (_, n) =>
      listed(`${pick(PARTS, n)}-${pick(['tokyo', 'osaka', 'fra'], n)}-${String(n).padStart(5, '0')}`, {
        state: n % 8 === 0 ? 'STOPPED' : 'RUNNING',
        shape: pick(SHAPES, n),
        compartment: pick(PLACES, n),
        addresses: [`203.0.${(n >> 8) & 255}.${n & 255}`, `10.${n % 7}.${(n >> 8) & 255}.${n & 255}`],
      }),
    ),
  )
}
