/** All that one OCI tenancy holds here, for those that answer questions about it. */
import type { Compartment } from './compartments.ts'
import type { ConsoleConnections } from './console-connections.ts'
import type { ConsoleHistories } from './console-histories.ts'
import type { Instance, InstanceSetup } from './instance.ts'
import { newOcid } from './ocid.ts'
import type { Pace } from './pace.ts'
import { invalidParameter, notFound } from './service-error.ts'

export interface Image {
  readonly id: string
  readonly operatingSystem: string
  readonly operatingSystemVersion: string
  readonly timeCreated: Date
}

interface GatewayAddress {
  readonly host: string
  readonly port: number
  readonly hostKeyFingerprint: string
}

export interface Tenancy {
  readonly region: string
  readonly tenancyId: string
  /** Where the instances are. */
  readonly compartmentId: string
  readonly compartments: readonly Compartment[]
  readonly instances: readonly Instance[]
  readonly images: readonly Image[]
  readonly connections: ConsoleConnections
  readonly histories: ConsoleHistories
  readonly gateway: GatewayAddress
  readonly pace: Pace
  /** Ends with the stand-in. */
  readonly signal: AbortSignal
}

export function findInstance(tenancy: Tenancy, id: string): Instance {
  const instance = tenancy.instances.find((instance) => instance.id === id)
  if (!instance) throw notFound()
  return instance
}

/** True when the query asks for the compartment that holds everything; false for those above it; throws for others. */
export function asksForCompartment(tenancy: Tenancy, query: URLSearchParams): boolean {
  const compartmentId = query.get('compartmentId')
  if (!compartmentId) throw invalidParameter('compartmentId must not be null')
  if (!tenancy.compartments.some(({ id }) => id === compartmentId)) throw notFound()
  return compartmentId === tenancy.compartmentId
}

/** One image for each pair of operating system and version that the instances run. */
export function imagesFor(setups: readonly InstanceSetup[], region: string): readonly Image[] {
  const images = new Map<string, Image>()
  for (const { operatingSystem, operatingSystemVersion } of setups.map(systemOf)) {
    const key = `${operatingSystem} ${operatingSystemVersion}`
    if (images.has(key)) continue
    images.set(key, { id: newOcid('image', region), operatingSystem, operatingSystemVersion, timeCreated: new Date() })
  }
  return [...images.values()]
}

export function systemOf({ image, machine }: InstanceSetup): Pick<Image, 'operatingSystem' | 'operatingSystemVersion'> {
  return image ?? { operatingSystem: machine.spec.os.name, operatingSystemVersion: machine.spec.os.version }
}
