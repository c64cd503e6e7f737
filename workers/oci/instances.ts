/** Instances: found by OCID or name, their power, and where their sshd listens. */
import type { models } from 'oci-core'
import { RescueError } from '../../core/base/errors.ts'
import type { Instance } from '../../core/record/events.ts'
import type { PowerAction } from '../../core/rescue/world.ts'
import { isGone } from './errors.ts'
import type { Oci } from './oci.ts'
import { allPages } from './pages.ts'

/** OCI's limit for display names. */
const LONGEST_NAME = 255
const INSTANCE_OCID = /^ocid1\.instance\.[\w.-]+$/i

/**
 * See `World.findInstances`. Names are looked for in `compartments` only.
 * @throws RescueError `oci-no-compartments`, `oci-…`
 */
export async function findInstances(
  oci: Oci,
  compartments: readonly string[],
  target: string,
  signal: AbortSignal,
): Promise<readonly Instance[]> {
  const found = INSTANCE_OCID.test(target)
    ? await getInstance(oci, target, signal)
    : await listInstances(oci, compartments, target, signal)
  const living = found.filter(({ lifecycleState }) => lifecycleState !== 'TERMINATED')
  return Promise.all((living.length > 0 ? living : found).map((instance) => describe(oci, instance, signal)))
}

/** Resolves when OCI has taken the order. */
export async function powerInstance(
  oci: Oci,
  { id: instanceId }: Instance,
  action: PowerAction,
  signal: AbortSignal,
): Promise<void> {
  await oci.compute('InstanceAction', (client) => client.instanceAction({ instanceId, action }), signal)
}

/** Addresses of the instance's network cards, those first that are the same everywhere. */
export async function addressesOf(oci: Oci, instance: Instance, signal: AbortSignal): Promise<readonly string[]> {
  const { id: instanceId, compartmentId } = instance
  const list = { compartmentId, instanceId }
  const { items } = await oci.compute('ListVnicAttachments', (client) => client.listVnicAttachments(list), signal)
  const ids = items.flatMap(({ vnicId, lifecycleState }) => (vnicId && lifecycleState === 'ATTACHED' ? [vnicId] : []))
  const cards = await Promise.all(
    ids.map((vnicId) => oci.network('GetVnic', (client) => client.getVnic({ vnicId }), signal)),
  )
  const primaryFirst = cards.map(({ vnic }) => vnic).toSorted((a, b) => Number(b.isPrimary) - Number(a.isPrimary))
  return [...primaryFirst.map(({ publicIp }) => publicIp), ...primaryFirst.map(({ privateIp }) => privateIp)].filter(
    (address) => typeof address === 'string',
  )
}

async function getInstance(oci: Oci, instanceId: string, signal: AbortSignal): Promise<models.Instance[]> {
  try {
    return [(await oci.compute('GetInstance', (client) => client.getInstance({ instanceId }), signal)).instance]
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

async function listInstances(
  oci: Oci,
  compartments: readonly string[],
  displayName: string,
  signal: AbortSignal,
): Promise<models.Instance[]> {
  if (displayName === '' || displayName.length > LONGEST_NAME) return []
  if (compartments.length === 0)
    throw new RescueError('operator', 'oci-no-compartments', 'names are looked for in OCI_COMPARTMENTS, which is empty')
  const found = await Promise.all(
    compartments.map((compartmentId) => listCompartment(oci, { compartmentId, displayName }, signal)),
  )
  // The same compartment can be configured twice.
  return [...new Map(found.flat().map((instance) => [instance.id, instance])).values()]
}

function listCompartment(
  oci: Oci,
  query: { readonly compartmentId: string; readonly displayName: string },
  signal: AbortSignal,
): Promise<models.Instance[]> {
  return allPages(
    (page) => oci.compute('ListInstances', (client) => client.listInstances({ ...query, ...page }), signal),
    (instance) => instance,
  )
}

async function describe(oci: Oci, instance: models.Instance, signal: AbortSignal): Promise<Instance> {
  const { id, compartmentId, region, lifecycleState, shape } = instance
  const os = await operatingSystem(oci, instance, signal)
  const tags = { freeformTags: instance.freeformTags ?? {}, definedTags: flat(instance.definedTags ?? {}) }
  return { id, name: instance.displayName ?? id, compartmentId, region, lifecycleState, shape, os, ...tags }
}

/** `{ Operations: { Tier: '1' } }` as `{ 'Operations.Tier': '1' }`: neither part may have a period in it. */
function flat(definedTags: NonNullable<models.Instance['definedTags']>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(definedTags).flatMap(([namespace, tags]) =>
      Object.entries(tags).map(([key, value]) => [`${namespace}.${key}`, String(value)]),
    ),
  )
}

/** Null when the image is gone or not ours to see: images can be deleted while instances made of them run. */
async function operatingSystem(oci: Oci, { imageId }: models.Instance, signal: AbortSignal): Promise<Instance['os']> {
  if (!imageId) return null
  try {
    const { image } = await oci.compute('GetImage', (client) => client.getImage({ imageId }), signal)
    return { name: image.operatingSystem, version: image.operatingSystemVersion }
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}
