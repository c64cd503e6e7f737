/** What the checks in OCI share: calls that are made once or twice, and what a refusal means. */
import { RescueError } from '../../core/base/errors.ts'
import { Oci } from '../oci/oci.ts'
import type { OciAccess } from '../oci/sign-in.ts'

/** Somebody waits: once more after a hiccup, and no longer. */
const MOST_ATTEMPTS = 2

export function askingOci(access: OciAccess): Oci {
  return new Oci(access, async () => {}, MOST_ATTEMPTS)
}

/** The code of OCI's refusal (workers/oci/errors.ts). Throws `thrown` again when there was no answer. */
export function refusalIn(thrown: unknown): string {
  if (thrown instanceof RescueError && thrown.details.status !== '') return thrown.code
  throw thrown
}
