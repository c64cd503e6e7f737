/** The tree of compartments that a tenancy has, as its identity service tells of it. */
import { newOcid } from './ocid.ts'
import type { Call, Reply, Route } from './route.ts'
import { notFound } from './service-error.ts'
import type { Tenancy } from './tenancy.ts'

export interface Compartment {
  readonly id: string
  readonly name: string
  /** Undefined: the root, which is the tenancy itself. */
  readonly parentId: string | undefined
}

const ROOT_NAME = 'harborcloud'

export const compartmentRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/compartments\/(?<id>[^/]+)$/, answer: getCompartment },
]

/** The root, and one in another for each name of `path`, e.g. `apps/prod`; the last one comes last. */
export function compartmentsFor(tenancyId: string, path: string): readonly Compartment[] {
  const compartments: Compartment[] = [{ id: tenancyId, name: ROOT_NAME, parentId: undefined }]
  for (const name of path.split('/').filter((one) => one !== '')) {
    compartments.push({ id: newOcid('compartment', ''), name, parentId: compartments.at(-1)?.id })
  }
  return compartments
}

function getCompartment(tenancy: Tenancy, { id }: Call): Reply {
  const compartment = tenancy.compartments.find((one) => one.id === id)
  if (compartment === undefined) throw notFound()
  const { name, parentId } = compartment
  return {
    status: 200,
    // Of the root OCI names no compartment that it is in.
    body: { id, name, description: name, compartmentId: parentId ?? null, lifecycleState: 'ACTIVE', freeformTags: {} },
  }
}
