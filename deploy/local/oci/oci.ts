/**
 * A stand-in for OCI on loopback: the Compute API and the console gateway, around
 * machines that somebody else runs. It speaks the real protocols and knows
 * nothing of the product.
 */
import { startApi } from './api.ts'
import { compartmentsFor } from './compartments.ts'
import { type ConnectionState, ConsoleConnections } from './console-connections.ts'
import { startConsoleGateway } from './console-gateway.ts'
import { ConsoleHistories } from './console-histories.ts'
import { Faults } from './faults.ts'
import { Instance, type InstanceSetup } from './instance.ts'
import { DEFAULT_PACE, type Pace } from './pace.ts'
import type { ApiKey } from './signature.ts'
import type { Tags } from './tags.ts'
import { type Image, imagesFor, systemOf } from './tenancy.ts'

export interface OciOptions {
  /** E.g. `ap-tokyo-1`. */
  readonly region: string
  /** The API's port on 127.0.0.1; default: any free one. */
  readonly port?: number
  readonly machines: readonly InstanceSetup[]
  /** Who may call. All of one tenancy. */
  readonly apiKeys: readonly [ApiKey, ...ApiKey[]]
  /** Where the instances are, e.g. `apps/prod`. Default: the tenancy's root. */
  readonly compartmentPath?: string
  readonly delays?: Partial<Pace>
  /** By which signatures are old; the real time when not given. */
  readonly now?: () => number
}

interface LeftConnection extends Tags {
  readonly id: string
  readonly instanceId: string
  readonly state: Exclude<ConnectionState, 'DELETED'>
}

export interface OciStandIn extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, for `client.endpoint`. */
  readonly endpoint: string
  readonly gateway: { readonly host: string; readonly port: number; readonly hostKeyFingerprint: string }
  readonly region: string
  readonly tenancyId: string
  readonly compartmentId: string
  readonly faults: Faults
  /** The OCIDs of the instances with that display name, which need not be the only one. */
  instanceIds(displayName: string): readonly string[]
  /** The console connections that exist: those that are not DELETED. */
  consoleConnections(): readonly LeftConnection[]
  /** How many console histories there are. */
  consoleHistories(): number
  /** Cuts every line through the gateway, as a broken network does. */
  dropLines(): void
  close(): Promise<void>
}

/** Starts API and gateway. Closing them leaves the machines alone. */
export async function startOci(options: OciOptions): Promise<OciStandIn> {
  const { region, machines, apiKeys, now = Date.now } = options
  const { tenancyId } = apiKeys[0]
  const compartments = compartmentsFor(tenancyId, options.compartmentPath ?? '')
  const compartmentId = compartments.at(-1)?.id ?? tenancyId
  const faults = new Faults()
  const pace = { ...DEFAULT_PACE, ...options.delays }
  const closing = new AbortController()
  const { signal } = closing
  const images = imagesFor(machines, region)
  const instances = machines.map((setup) => new Instance(setup, region, imageIdOf(setup, images)))
  const connections = new ConsoleConnections({ region, pace, faults }, signal)
  const histories = new ConsoleHistories({ region, pace, faults, now }, signal)
  const gateway = await startConsoleGateway({ connections, faults })
  const place = { region, tenancyId, compartmentId, compartments, gateway, pace, signal }
  const tenancy = { ...place, instances, images, connections, histories }
  const api = await startApi({ tenancy, apiKeys, faults, now, port: options.port ?? 0 }).catch(
    async (error: unknown) => {
      await gateway.close()
      throw error
    },
  )
  const close = async () => {
    closing.abort()
    await Promise.all([api.close(), gateway.close()])
  }
  return {
    endpoint: `http://127.0.0.1:${api.port}`,
    gateway: { host: gateway.host, port: gateway.port, hostKeyFingerprint: gateway.hostKeyFingerprint },
    region,
    tenancyId,
    compartmentId,
    faults,
    instanceIds: (name) => instances.filter(({ setup }) => setup.displayName === name).map(({ id }) => id),
    consoleConnections: () => left(connections),
    consoleHistories: () => histories.list().length,
    dropLines: gateway.dropLines,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function imageIdOf(setup: InstanceSetup, images: readonly Image[]): string {
  const { operatingSystem, operatingSystemVersion } = systemOf(setup)
  const image = images.find(
    (image) => image.operatingSystem === operatingSystem && image.operatingSystemVersion === operatingSystemVersion,
  )
  if (!image) throw new Error(`no image for ${operatingSystem} ${operatingSystemVersion}`)
  return image.id
}

function left(connections: ConsoleConnections): readonly LeftConnection[] {
  return connections.list().flatMap(({ id, instance, state, tags }) => {
    return state === 'DELETED' ? [] : [{ id, instanceId: instance.id, state, ...tags }]
  })
}
