/** Console connections over REST, with the connection strings a person would copy. */
import { z } from 'zod'
import { type ConsoleConnection, connectionEtag } from './console-connections.ts'
import { page } from './paging.ts'
import { parseConsoleKey } from './public-key.ts'
import { invalidated } from './retry-tokens.ts'
import { type Call, demandMatch, parseBody, type Reply, type Route } from './route.ts'
import { incorrectState } from './service-error.ts'
import { TAGS, tagsOf } from './tags.ts'
import { asksForCompartment, findInstance, type Tenancy } from './tenancy.ts'

export const consoleRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/instanceConsoleConnections$/, answer: create },
  { method: 'GET', path: /^\/instanceConsoleConnections$/, answer: list },
  { method: 'GET', path: /^\/instanceConsoleConnections\/(?<id>[^/]+)$/, answer: get },
  { method: 'PUT', path: /^\/instanceConsoleConnections\/(?<id>[^/]+)$/, answer: update },
  { method: 'DELETE', path: /^\/instanceConsoleConnections\/(?<id>[^/]+)$/, answer: remove },
]

const CreateDetails = z.object({
  instanceId: z.string(),
  publicKey: z.string(),
  ...TAGS,
})

const UpdateDetails = z.object(TAGS)

function create(tenancy: Tenancy, { body }: Call): Reply {
  const details = parseBody(CreateDetails, body)
  const key = parseConsoleKey(details.publicKey)
  const instance = findInstance(tenancy, details.instanceId)
  if (instance.lifecycleState === 'TERMINATED' || instance.lifecycleState === 'TERMINATING') {
    throw incorrectState(`Instance ${instance.id} is in state ${instance.lifecycleState}.`)
  }
  const connection = tenancy.connections.create(instance, key, tagsOf(details))
  return { ...reply(tenancy, connection), again: () => again(tenancy, connection) }
}

function again(tenancy: Tenancy, connection: ConsoleConnection): Reply {
  if (connection.state === 'DELETING' || connection.state === 'DELETED') throw invalidated()
  return reply(tenancy, connection)
}

function list(tenancy: Tenancy, { query }: Call): Reply {
  const all = asksForCompartment(tenancy, query) ? tenancy.connections.list() : []
  const instanceId = query.get('instanceId')
  const found = all.filter(({ instance }) => (instanceId ?? instance.id) === instance.id)
  return page(
    found.map((connection) => view(tenancy, connection)),
    query,
  )
}

function get(tenancy: Tenancy, { id }: Call): Reply {
  return reply(tenancy, tenancy.connections.get(id))
}

function update(tenancy: Tenancy, call: Call): Reply {
  const connection = tenancy.connections.get(call.id)
  demandMatch(call, connectionEtag(connection))
  if (connection.state === 'DELETING' || connection.state === 'DELETED') {
    throw incorrectState(`Instance console connection ${connection.id} is in state ${connection.state}.`)
  }
  const { freeformTags, definedTags } = parseBody(UpdateDetails, call.body)
  connection.tags = {
    freeformTags: freeformTags ?? connection.tags.freeformTags,
    definedTags: definedTags ?? connection.tags.definedTags,
  }
  return reply(tenancy, connection)
}

function remove(tenancy: Tenancy, call: Call): Reply {
  demandMatch(call, connectionEtag(tenancy.connections.get(call.id)))
  tenancy.connections.delete(call.id)
  return { status: 204 }
}

function reply(tenancy: Tenancy, connection: ConsoleConnection): Reply {
  return { status: 200, body: view(tenancy, connection), headers: { etag: connectionEtag(connection) } }
}

function view(tenancy: Tenancy, connection: ConsoleConnection): unknown {
  const { id, instance, key, state, tags } = connection
  const { host, port, hostKeyFingerprint } = tenancy.gateway
  // Verbatim the form that OCI returns, with this gateway's host and port.
  const command = `ssh -o ProxyCommand='ssh -W %h:%p -p ${port} ${id}@${host}'`
  return {
    compartmentId: tenancy.compartmentId,
    connectionString: `${command} ${instance.id}`,
    vncConnectionString: `${command} -N -L localhost:5900:${instance.id}:5900 ${instance.id}`,
    fingerprint: key.fingerprint,
    serviceHostKeyFingerprint: connection.wrongHostKeyFingerprint ?? hostKeyFingerprint,
    id,
    instanceId: instance.id,
    lifecycleState: state,
    ...tags,
  }
}
