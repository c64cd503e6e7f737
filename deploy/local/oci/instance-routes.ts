/** Instances, their power, their images and their network cards, over REST. */
import { z } from 'zod'
import { type Instance, POWER_ACTIONS } from './instance.ts'
import { page } from './paging.ts'
import { type Call, demandMatch, type Reply, type Route } from './route.ts'
import { invalidParameter, notFound } from './service-error.ts'
import { asksForCompartment, findInstance, type Image, type Tenancy } from './tenancy.ts'

export const instanceRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/instances$/, answer: listInstances },
  { method: 'GET', path: /^\/instances\/(?<id>[^/]+)$/, answer: getInstance },
  { method: 'POST', path: /^\/instances\/(?<id>[^/]+)$/, answer: instanceAction },
  { method: 'GET', path: /^\/images\/(?<id>[^/]+)$/, answer: getImage },
  { method: 'GET', path: /^\/vnicAttachments$/, answer: listVnicAttachments },
  { method: 'GET', path: /^\/vnics\/(?<id>[^/]+)$/, answer: getVnic },
]

const SortBy = z.enum(['TIMECREATED', 'DISPLAYNAME'])

function listInstances(tenancy: Tenancy, { query }: Call): Reply {
  const all = asksForCompartment(tenancy, query) ? tenancy.instances : []
  const displayName = query.get('displayName')
  const state = query.get('lifecycleState')
  const found = all.filter(
    (instance) =>
      (displayName === null || instance.setup.displayName === displayName) &&
      (state === null || instance.lifecycleState === state),
  )
  return page(
    sorted(found, query).map((instance) => instanceView(tenancy, instance)),
    query,
  )
}

function sorted(instances: readonly Instance[], query: URLSearchParams): readonly Instance[] {
  const sortBy = SortBy.safeParse(query.get('sortBy') ?? 'TIMECREATED')
  if (!sortBy.success) throw invalidParameter('sortBy must be TIMECREATED or DISPLAYNAME')
  // OCI's defaults: the youngest first, names in the order of the alphabet.
  const byName = sortBy.data === 'DISPLAYNAME'
  const up = (query.get('sortOrder') ?? (byName ? 'ASC' : 'DESC')) === 'ASC'
  const ascending = instances.toSorted((a, b) =>
    byName ? a.setup.displayName.localeCompare(b.setup.displayName) : a.timeCreated.getTime() - b.timeCreated.getTime(),
  )
  return up ? ascending : ascending.toReversed()
}

function getInstance(tenancy: Tenancy, { id }: Call): Reply {
  return instanceReply(tenancy, findInstance(tenancy, id))
}

async function instanceAction(tenancy: Tenancy, call: Call): Promise<Reply> {
  const instance = findInstance(tenancy, call.id)
  demandMatch(call, instance.etag)
  const action = POWER_ACTIONS.find((action) => action === call.query.get('action'))
  if (!action) throw invalidParameter(`action must be one of ${POWER_ACTIONS.join(', ')}`)
  await instance.act(action, tenancy.pace, tenancy.signal)
  return { ...instanceReply(tenancy, instance), again: () => instanceReply(tenancy, instance) }
}

function instanceReply(tenancy: Tenancy, instance: Instance): Reply {
  return { status: 200, body: instanceView(tenancy, instance), headers: { etag: instance.etag } }
}

function instanceView(tenancy: Tenancy, instance: Instance): unknown {
  const { setup } = instance
  return {
    ...placeOf(tenancy),
    id: instance.id,
    displayName: setup.displayName,
    lifecycleState: instance.lifecycleState,
    faultDomain: 'FAULT-DOMAIN-1',
    region: tenancy.region,
    shape: setup.shape ?? 'VM.Standard.E4.Flex',
    shapeConfig: { ocpus: 1, memoryInGBs: setup.machine.spec.memoryMiB / 1024 },
    imageId: instance.imageId,
    sourceDetails: { sourceType: 'image', imageId: instance.imageId },
    launchMode: 'PARAVIRTUALIZED',
    launchOptions: launchOptions(setup.machine.spec.firmware),
    timeCreated: instance.timeCreated.toISOString(),
    metadata: {},
    extendedMetadata: {},
    freeformTags: setup.freeformTags ?? {},
    definedTags: setup.definedTags ?? {},
    systemTags: {},
  }
}

function launchOptions(firmware: 'bios' | 'uefi'): unknown {
  return {
    bootVolumeType: 'PARAVIRTUALIZED',
    firmware: firmware === 'uefi' ? 'UEFI_64' : 'BIOS',
    networkType: 'PARAVIRTUALIZED',
    remoteDataVolumeType: 'PARAVIRTUALIZED',
    isPvEncryptionInTransitEnabled: false,
    isConsistentVolumeNamingEnabled: true,
  }
}

function getImage(tenancy: Tenancy, { id }: Call): Reply {
  const image = tenancy.images.find((image) => image.id === id)
  if (!image) throw notFound()
  return { status: 200, body: imageView(tenancy, image) }
}

function imageView(tenancy: Tenancy, image: Image): unknown {
  const { id, operatingSystem, operatingSystemVersion } = image
  return {
    compartmentId: tenancy.compartmentId,
    id,
    displayName: `${operatingSystem.replaceAll(' ', '-')}-${operatingSystemVersion}`,
    operatingSystem,
    operatingSystemVersion,
    createImageAllowed: true,
    launchMode: 'PARAVIRTUALIZED',
    lifecycleState: 'AVAILABLE',
    timeCreated: image.timeCreated.toISOString(),
    freeformTags: {},
    definedTags: {},
  }
}

function listVnicAttachments(tenancy: Tenancy, { query }: Call): Reply {
  const all = asksForCompartment(tenancy, query) ? tenancy.instances : []
  const instanceId = query.get('instanceId')
  const vnicId = query.get('vnicId')
  const found = all.filter(
    (instance) => (instanceId ?? instance.id) === instance.id && (vnicId ?? instance.vnicId) === instance.vnicId,
  )
  return page(
    found.map((instance) => vnicAttachmentView(tenancy, instance)),
    query,
  )
}

function vnicAttachmentView(tenancy: Tenancy, instance: Instance): unknown {
  return {
    ...placeOf(tenancy),
    id: instance.vnicAttachmentId,
    instanceId: instance.id,
    vnicId: instance.vnicId,
    lifecycleState: 'ATTACHED',
    nicIndex: 0,
    timeCreated: instance.timeCreated.toISOString(),
  }
}

function getVnic(tenancy: Tenancy, { id }: Call): Reply {
  const instance = tenancy.instances.find((instance) => instance.vnicId === id)
  if (!instance) throw notFound()
  return { status: 200, body: vnicView(tenancy, instance) }
}

function vnicView(tenancy: Tenancy, instance: Instance): unknown {
  const { setup } = instance
  return {
    ...placeOf(tenancy),
    id: instance.vnicId,
    displayName: setup.displayName,
    hostnameLabel: setup.displayName,
    isPrimary: true,
    lifecycleState: 'AVAILABLE',
    privateIp: setup.machine.sshd.host,
    ...(setup.publicIp === undefined ? {} : { publicIp: setup.publicIp }),
    skipSourceDestCheck: false,
    timeCreated: instance.timeCreated.toISOString(),
    freeformTags: {},
    definedTags: {},
  }
}

function placeOf(tenancy: Tenancy): { compartmentId: string; availabilityDomain: string } {
  return { compartmentId: tenancy.compartmentId, availabilityDomain: `Uocm:${tenancy.region.toUpperCase()}-AD-1` }
}
