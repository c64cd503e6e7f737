/** Names of compartments, as people know them: the path from the tenancy's root. */
import { z } from 'zod'
import { isGone } from './errors.ts'
import type { Oci } from './oci.ts'

/** OCI allows six levels below the root; more would be a circle. */
const DEEPEST = 10

/** The fields we use of OCI's `Compartment`. */
const Compartment = z.object({
  name: z.string(),
  /** The one it is in; the root is in none. */
  compartmentId: z.string().nullish(),
})

/** Remembers what it has been told, so that compartments that share their beginning cost no more calls than they must. */
export class CompartmentPaths {
  readonly #oci: Oci
  readonly #asked = new Map<string, Promise<z.infer<typeof Compartment> | undefined>>()

  constructor(oci: Oci) {
    this.#oci = oci
  }

  /**
   * E.g. `apps/prod`; the root's own name only for the root itself. What may not be read above is left out, and a
   * compartment that may not be read at all is named by its OCID.
   * @throws RescueError `oci-…`
   */
  async of(id: string, signal: AbortSignal): Promise<string> {
    const own = await this.#ask(id, signal)
    if (own === undefined) return id
    const names = [own.name]
    for (let { compartmentId: above } = own; above && names.length < DEEPEST; ) {
      const parent = await this.#ask(above, signal)
      if (!parent?.compartmentId) break
      names.unshift(parent.name)
      above = parent.compartmentId
    }
    return names.join('/')
  }

  #ask(id: string, signal: AbortSignal): Promise<z.infer<typeof Compartment> | undefined> {
    const known = this.#asked.get(id)
    if (known !== undefined) return known
    const asked = this.#get(id, signal)
    this.#asked.set(id, asked)
    return asked
  }

  /** Undefined when it is not ours to see. */
  async #get(id: string, signal: AbortSignal): Promise<z.infer<typeof Compartment> | undefined> {
    try {
      const path = `/compartments/${encodeURIComponent(id)}`
      return Compartment.parse(await this.#oci.identity('GetCompartment', path, signal))
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
  }
}
