/** The life of console connections: made, awaited, deleted. OCI allows one for each instance. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import { sha256 } from '../../core/base/sha256.ts'
import type { Instance } from '../../core/record/events.ts'
import { isConflict } from './errors.ts'
import type { Oci } from './oci.ts'
import { allPages } from './pages.ts'
import { LONGEST_PAUSE_MS, patiently, pauses } from './patiently.ts'
import { deleteTagged, isOurs, isTaken, TAG } from './tagged.ts'

/** The fields we use of OCI's `InstanceConsoleConnection`. */
const ConsoleConnection = z.object({
  id: z.string(),
  /** `CREATING`, `ACTIVE`, `DELETING`, `DELETED`, `FAILED`; unknown ones are possible. */
  lifecycleState: z.string(),
  /** Stand there when it is ACTIVE. */
  connectionString: z.string().nullish(),
  vncConnectionString: z.string().nullish(),
  serviceHostKeyFingerprint: z.string().nullish(),
  freeformTags: z.record(z.string(), z.string()).nullish(),
})
export type ConsoleConnection = z.infer<typeof ConsoleConnection>

const NOT_READY = { code: 'console-connection-slow', what: 'console connection was not ready' }
const NOT_GONE = { code: 'console-connection-not-deleted', what: 'console connection was not gone' }

/**
 * A console connection that is ACTIVE. One that the rescue itself left behind is deleted first; anybody else's is not touched.
 * @throws RescueError `console-connection-exists` (details.id), `console-connection-failed`, `console-connection-slow`, `oci-…`
 */
export async function createConsoleConnection(
  oci: Oci,
  instance: Instance,
  rescue: string,
  publicKey: string,
  signal: AbortSignal,
): Promise<ConsoleConnection> {
  return patiently(NOT_READY, instance, signal, async (limit) => {
    for (;;) {
      const created = await create(oci, instance, rescue, publicKey, limit)
      if (created !== undefined) return untilActive(oci, created, limit)
      await makeRoom(oci, instance, rescue, limit)
    }
  })
}

/**
 * See `World.deleteConsoleConnections`.
 * @throws RescueError `console-connection-not-deleted`, `oci-…`
 */
export async function deleteConsoleConnections(
  oci: Oci,
  instance: Instance,
  rescue: string,
  signal: AbortSignal,
): Promise<void> {
  const list = (limit: AbortSignal) => listOf(oci, instance, limit)
  const remove = (id: string, limit: AbortSignal) => orderDeletion(oci, id, limit)
  await deleteTagged(NOT_GONE, instance, rescue, { list, remove }, signal)
}

/** Undefined when the instance has a console connection already. */
async function create(
  oci: Oci,
  { id: instanceId }: Instance,
  rescue: string,
  publicKey: string,
  signal: AbortSignal,
): Promise<ConsoleConnection | undefined> {
  const createInstanceConsoleConnectionDetails = { instanceId, publicKey, freeformTags: { [TAG]: rescue } }
  const request = { createInstanceConsoleConnectionDetails, opcRetryToken: retryToken(rescue, publicKey) }
  try {
    const answer = await oci.compute(
      'CreateInstanceConsoleConnection',
      (client) => client.createInstanceConsoleConnection(request),
      signal,
    )
    return ConsoleConnection.parse(answer.instanceConsoleConnection)
  } catch (error) {
    // Not documented how OCI says that there is one; tools in the field see 409.
    if (isConflict(error)) return undefined
    throw error
  }
}

/** Names the rescue in OCI's logs, and is another one for every attempt and key: a token stands for one result. */
function retryToken(rescue: string, publicKey: string): string {
  const key = sha256(publicKey).slice(0, 12)
  // OCI's limit is 64 characters.
  return `${rescue}-${key}-${randomUUID().slice(0, 8)}`
}

/** After a conflict: somebody else's is reported, our own is deleted, one that is going is awaited. */
async function makeRoom(oci: Oci, instance: Instance, rescue: string, signal: AbortSignal): Promise<void> {
  const existing = await listOf(oci, instance, signal)
  const foreign = existing.find(
    (connection) => !isOurs(connection, rescue) && ['ACTIVE', 'CREATING'].includes(connection.lifecycleState),
  )
  if (foreign !== undefined) {
    const details = { id: foreign.id, instance: instance.name, rescue: foreign.freeformTags?.[TAG] ?? '' }
    const message = `${instance.name} has a console connection of somebody else`
    throw new RescueError('operator', 'console-connection-exists', message, { details })
  }
  for (const { id } of existing.filter((connection) => isOurs(connection, rescue)))
    await isTaken(orderDeletion(oci, id, signal))
  await sleep(LONGEST_PAUSE_MS, signal)
}

async function untilActive(oci: Oci, created: ConsoleConnection, signal: AbortSignal): Promise<ConsoleConnection> {
  let connection = created
  for (const pause of pauses()) {
    if (connection.lifecycleState === 'ACTIVE') return connection
    if (connection.lifecycleState !== 'CREATING') break
    await sleep(pause, signal)
    const request = { instanceConsoleConnectionId: created.id }
    const got = await oci.compute(
      'GetInstanceConsoleConnection',
      (client) => client.getInstanceConsoleConnection(request),
      signal,
    )
    connection = ConsoleConnection.parse(got.instanceConsoleConnection)
  }
  const state = connection.lifecycleState
  throw new RescueError('cloud', 'console-connection-failed', `the console connection became ${state}`, {
    details: { id: created.id, state },
  })
}

/** Those that are not gone. OCI lists the DELETED ones for a while. */
async function listOf(
  oci: Oci,
  { id: instanceId, compartmentId }: Instance,
  signal: AbortSignal,
): Promise<readonly ConsoleConnection[]> {
  const found = await allPages(
    (page) =>
      oci.compute(
        'ListInstanceConsoleConnections',
        (client) => client.listInstanceConsoleConnections({ compartmentId, instanceId, ...page }),
        signal,
      ),
    (item) => ConsoleConnection.parse(item),
  )
  return found.filter(({ lifecycleState }) => lifecycleState !== 'DELETED')
}

function orderDeletion(oci: Oci, instanceConsoleConnectionId: string, signal: AbortSignal): Promise<unknown> {
  const request = { instanceConsoleConnectionId }
  return oci.compute(
    'DeleteInstanceConsoleConnection',
    (client) => client.deleteInstanceConsoleConnection(request),
    signal,
  )
}
