/**
 * The instances there are to choose from, as OCI had them a few minutes ago: written whole by a worker, read by the bot,
 * which has no OCI credentials. It helps people to name an instance and decides nothing: a rescue asks OCI anew.
 */
import { z } from 'zod'

/** Far above a large tenancy; what is beyond is left out, and counted. */
export const MOST_LISTED = 20_000

/** A virtual network card (VNIC) of an instance. */
export const NetworkCard = z.object({
  id: z.string(),
  /** IP addresses, public ones first. */
  addresses: z.array(z.string()),
})
export type NetworkCard = z.infer<typeof NetworkCard>

export const ListedInstance = z.object({
  /** OCID. */
  id: z.string(),
  name: z.string(),
  state: z.string(),
  shape: z.string(),
  /** Its path, e.g. `apps/prod`; its OCID where names of compartments can not be read. */
  compartment: z.string(),
  /** Those whose addresses are known by now. */
  cards: z.array(NetworkCard),
})
export type ListedInstance = z.infer<typeof ListedInstance>

export const Inventory = z.object({
  instances: z.array(ListedInstance).max(MOST_LISTED),
  /** How many there are besides these. */
  leftOut: z.number().int().nonnegative(),
  /** How often workers mean to make a new one. */
  everyMinutes: z.number().positive(),
})
export type Inventory = z.infer<typeof Inventory>

/** An inventory, and when OCI was asked. */
export interface Listing {
  readonly inventory: Inventory
  readonly listedAt: Date
}

/** So many runs may fail in turn before a list counts as old. */
const RUNS_MISSED = 3

/** True when no worker has renewed it for several runs. */
export function isOld({ inventory, listedAt }: Listing, now: Date): boolean {
  return now.getTime() - listedAt.getTime() > RUNS_MISSED * inventory.everyMinutes * 60_000
}

/** Gone, or going: nobody rescues it any more. */
export function isGoing(state: string): boolean {
  return state === 'TERMINATED' || state === 'TERMINATING'
}
