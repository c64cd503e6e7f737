/**
 * What the worker may do in a compartment: tried, where trying changes nothing. OCI says
 * the same to what is forbidden and to what is not there, so each permission is tried on
 * something that is known to be there.
 */
import { type Check, type Seen, settled } from '../../core/base/checks.ts'
import { describeError } from '../../core/base/errors.ts'
import { CompartmentPaths } from '../oci/compartments.ts'
import { isConflict, isGone } from '../oci/errors.ts'
import type { Oci } from '../oci/oci.ts'
import { PERMISSIONS, type Permission, statementFor } from '../oci/policy.ts'
import type { SignInSettings } from '../oci/sign-in.ts'

interface Place {
  readonly oci: Oci
  readonly auth: SignInSettings['auth']
  readonly compartmentId: string
}

/** The fields we use of OCI's `Instance`. */
interface Found {
  readonly id: string
  readonly lifecycleState: string
  readonly displayName?: string
  readonly imageId?: string
}

/** Enough to find one that runs. */
const SOME = 50

export function compartmentCheck(place: Place): Check {
  return {
    what: `${PERMISSIONS.instances} in ${place.compartmentId}`,
    look: async (signal) => {
      try {
        const list = { compartmentId: place.compartmentId, limit: SOME }
        const { items } = await place.oci.compute('ListInstances', (client) => client.listInstances(list), signal)
        const living = items.filter(({ lifecycleState }) => lifecycleState !== 'TERMINATED')
        const running = living.find(({ lifecycleState }) => lifecycleState === 'RUNNING')
        const instance = running ?? living[0]
        const said = instance === undefined ? 'is granted; there is no instance' : 'is granted'
        return { verdict: 'ok', said, next: furtherChecks(place, instance) }
      } catch (thrown) {
        if (!isGone(thrown)) throw thrown
        const mend = [
          statementFor('instances', place.auth, place.compartmentId),
          'if that stands in a policy: is the OCID right?',
        ]
        return { verdict: 'bad', said: 'is missing, or there is no such compartment', mend }
      }
    },
  }
}

function furtherChecks(place: Place, instance: Found | undefined): readonly Check[] {
  const { oci, compartmentId } = place
  const list = { compartmentId, limit: 1 }
  return [
    tried(place, 'consoleConnections', 'listing', (signal) =>
      oci.compute('ListInstanceConsoleConnections', (client) => client.listInstanceConsoleConnections(list), signal),
    ),
    tried(place, 'histories', 'listing', (signal) =>
      oci.compute('ListConsoleHistories', (client) => client.listConsoleHistories(list), signal),
    ),
    notTried(place),
    powerCheck(place, instance),
    imageCheck(place, instance),
    vnicsCheck(place, instance),
    pathCheck(place),
  ]
}

/** `part` of the permission is tried; undefined: all of it that we need. */
function tried(
  place: Place,
  permission: Permission,
  part: string | undefined,
  call: (signal: AbortSignal) => Promise<unknown>,
): Check {
  return {
    what: nameOf(place, permission),
    look: async (signal) => {
      try {
        await call(signal)
        return { verdict: 'ok', said: part === undefined ? 'is granted' : `is granted as far as ${part} goes` }
      } catch (thrown) {
        if (!isGone(thrown)) throw thrown
        return missing(place, permission)
      }
    },
  }
}

function notTried(place: Place): Check {
  const manage = ['consoleConnections', 'histories'] as const
  const said =
    'creating and deleting console connections, capturing and deleting console histories: not tried, they leave traces'
  const mend = manage.map((permission) => statementFor(permission, place.auth, place.compartmentId))
  return settled(`the rest of ${nameOf(place, ...manage)}`, { verdict: 'note', said, mend })
}

/**
 * An order that OCI must not carry out: to start what runs, and only if it has an etag that no instance has. It is refused
 * for that (412, or 409) by whoever may give orders, and with 404 by whoever may not.
 */
function powerCheck(place: Place, instance: Found | undefined): Check {
  const look = async (signal: AbortSignal): Promise<Seen> => {
    const mend = [statementFor('power', place.auth, place.compartmentId)]
    if (instance?.lifecycleState !== 'RUNNING')
      return { verdict: 'note', said: 'was not tried: there is no instance that runs', mend }
    const order = { instanceId: instance.id, action: 'START', ifMatch: 'oci-rescue-doctor' }
    try {
      await place.oci.compute('InstanceAction', (client) => client.instanceAction(order), signal)
    } catch (thrown) {
      if (isGone(thrown)) return missing(place, 'power')
      if (!isConflict(thrown))
        return { verdict: 'note', said: `could not be found out: ${describeError(thrown)}`, mend }
    }
    return { verdict: 'ok', said: 'is granted (tried with an order that OCI can not carry out)' }
  }
  return { what: nameOf(place, 'power'), look }
}

function imageCheck(place: Place, instance: Found | undefined): Check {
  const look = async (signal: AbortSignal): Promise<Seen> => {
    const mend = [statementFor('images', place.auth, place.compartmentId)]
    const imageId = instance?.imageId
    if (!imageId) return { verdict: 'note', said: 'was not tried: there is no instance with an image', mend }
    try {
      await place.oci.compute('GetImage', (client) => client.getImage({ imageId }), signal)
      return { verdict: 'ok', said: 'is granted' }
    } catch (thrown) {
      if (!isGone(thrown)) throw thrown
      const name = instance.displayName ?? instance.id
      return { verdict: 'warn', said: `is missing, or the image of ${name} was deleted`, mend }
    }
  }
  return { what: nameOf(place, 'images'), look }
}

function vnicsCheck(place: Place, instance: Found | undefined): Check {
  const { oci, compartmentId } = place
  const list = { compartmentId, limit: SOME, ...(instance === undefined ? {} : { instanceId: instance.id }) }
  const look = async (signal: AbortSignal): Promise<Seen> => {
    try {
      const { items } = await oci.compute('ListVnicAttachments', (client) => client.listVnicAttachments(list), signal)
      const vnicId = items.find(({ lifecycleState }) => lifecycleState === 'ATTACHED')?.vnicId
      return { verdict: 'ok', said: 'is granted', next: [vnicCheck(place, vnicId)] }
    } catch (thrown) {
      if (!isGone(thrown)) throw thrown
      return missing(place, 'attachments')
    }
  }
  return { what: nameOf(place, 'attachments'), look }
}

function vnicCheck(place: Place, vnicId: string | undefined): Check {
  if (vnicId !== undefined)
    return tried(place, 'vnics', undefined, (signal) =>
      place.oci.network('GetVnic', (client) => client.getVnic({ vnicId }), signal),
    )
  const mend = [statementFor('vnics', place.auth, place.compartmentId)]
  return settled(nameOf(place, 'vnics'), { verdict: 'note', said: 'was not tried: there is no network card', mend })
}

/** Without it all goes well, but a list of instances has OCIDs where it could have the paths of compartments. */
function pathCheck(place: Place): Check {
  const { oci, auth, compartmentId } = place
  const look = async (signal: AbortSignal): Promise<Seen> => {
    const path = await new CompartmentPaths(oci).of(compartmentId, signal)
    if (path !== compartmentId) return { verdict: 'ok', said: `is granted: it is ${path}` }
    const said = 'is missing: forms in Slack show its OCID instead of its path'
    return { verdict: 'warn', said, mend: [statementFor('compartments', auth, compartmentId)] }
  }
  return { what: nameOf(place, 'compartments'), look }
}

function missing(place: Place, permission: Permission): Seen {
  return { verdict: 'bad', said: 'is missing', mend: [statementFor(permission, place.auth, place.compartmentId)] }
}

function nameOf({ compartmentId }: Place, ...permissions: readonly Permission[]): string {
  return `${permissions.map((permission) => PERMISSIONS[permission]).join(' and ')} in ${compartmentId}`
}
