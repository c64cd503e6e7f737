/** Console histories over REST. */
import { z } from 'zod'
import type { ConsoleHistory } from './console-histories.ts'
import { page } from './paging.ts'
import { invalidated } from './retry-tokens.ts'
import { type Call, parseBody, type Reply, type Route, wholeNumber } from './route.ts'
import { TAGS, tagsOf } from './tags.ts'
import { asksForCompartment, findInstance, type Tenancy } from './tenancy.ts'

export const historyRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/instanceConsoleHistories$/, answer: capture },
  { method: 'GET', path: /^\/instanceConsoleHistories$/, answer: list },
  { method: 'GET', path: /^\/instanceConsoleHistories\/(?<id>[^/]+)$/, answer: get },
  { method: 'GET', path: /^\/instanceConsoleHistories\/(?<id>[^/]+)\/data$/, answer: content },
  { method: 'DELETE', path: /^\/instanceConsoleHistories\/(?<id>[^/]+)$/, answer: remove },
]

const CaptureDetails = z.object({
  instanceId: z.string(),
  displayName: z.string().min(1).max(255).optional(),
  ...TAGS,
})

/** Without `length` OCI cuts the content off; 10240 bytes are the least that its Terraform provider asks for. */
const USUAL_LENGTH = 10_240

/** The CLI's advice is `--length 10000000`, so at least that must be allowed. */
const MOST_LENGTH = 2 ** 31 - 1

function capture(tenancy: Tenancy, { body }: Call): Reply {
  const { instanceId, displayName, ...tags } = parseBody(CaptureDetails, body)
  const history = tenancy.histories.capture(findInstance(tenancy, instanceId), displayName, tagsOf(tags))
  return { ...reply(tenancy, history), again: () => again(tenancy, history) }
}

function again(tenancy: Tenancy, history: ConsoleHistory): Reply {
  if (!tenancy.histories.list().includes(history)) throw invalidated()
  return reply(tenancy, history)
}

function list(tenancy: Tenancy, { query }: Call): Reply {
  const all = asksForCompartment(tenancy, query) ? tenancy.histories.list() : []
  const instanceId = query.get('instanceId')
  const state = query.get('lifecycleState')
  const found = all.filter(
    ({ instance, lifecycleState }) =>
      (instanceId ?? instance.id) === instance.id && (state ?? lifecycleState) === lifecycleState,
  )
  // The youngest first, as OCI sorts by default.
  return page(
    found.toReversed().map((history) => view(tenancy, history)),
    query,
  )
}

function get(tenancy: Tenancy, { id }: Call): Reply {
  return reply(tenancy, tenancy.histories.get(id))
}

function content(tenancy: Tenancy, { id, query }: Call): Reply {
  const offset = wholeNumber(query, 'offset', 0, MOST_LENGTH) ?? 0
  const length = wholeNumber(query, 'length', 1, MOST_LENGTH) ?? USUAL_LENGTH
  const { bytes, remaining } = tenancy.histories.read(id, offset, length)
  return { status: 200, body: bytes, headers: { 'content-type': 'text/plain', 'opc-bytes-remaining': `${remaining}` } }
}

function remove(tenancy: Tenancy, { id }: Call): Reply {
  tenancy.histories.delete(id)
  return { status: 204 }
}

function reply(tenancy: Tenancy, history: ConsoleHistory): Reply {
  return { status: 200, body: view(tenancy, history), headers: { etag: `${history.id}-${history.lifecycleState}` } }
}

function view(tenancy: Tenancy, history: ConsoleHistory): unknown {
  const { id, instance, displayName, lifecycleState, timeCreated, tags } = history
  return {
    availabilityDomain: `Uocm:${tenancy.region.toUpperCase()}-AD-1`,
    compartmentId: tenancy.compartmentId,
    id,
    instanceId: instance.id,
    displayName,
    lifecycleState,
    timeCreated: timeCreated.toISOString(),
    ...tags,
  }
}
