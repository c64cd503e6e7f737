/** OCI's answers and silences, as errors of ours. Codes and status: OCI's "API Errors" page, and what was seen. */
import { RescueError, type Responsible } from '../../core/base/errors.ts'

/** An answer that was not a success. */
export interface OciRefusal {
  readonly operation: string
  readonly status: number
  /** OCI's own code, e.g. `NotAuthorizedOrNotFound`; empty when the answer was not OCI's. */
  readonly serviceCode: string
  readonly message: string
  readonly opcRequestId: string
}

export function refused(refusal: OciRefusal): RescueError {
  const [responsible, code] = meaning(refusal)
  const { operation, status, serviceCode, message, opcRequestId } = refusal
  return new RescueError(responsible, code, `OCI answered ${operation} with ${status} ${serviceCode}: ${message}`, {
    details: { operation, status: `${status}`, serviceCode, message, opcRequestId },
  })
}

/** No answer: the network, or a limit of ours. */
export function silent(operation: string, why: string, cause: unknown): RescueError {
  return new RescueError('cloud', 'oci-unavailable', `OCI did not answer ${operation}: ${why}`, {
    cause,
    details: { operation, status: '', serviceCode: '', message: why, opcRequestId: '' },
  })
}

/** True for errors that mean: there is no such thing, or we may not see it. OCI does not tell which. */
export function isGone(error: unknown): boolean {
  return error instanceof RescueError && error.code === 'oci-not-found-or-not-authorized'
}

export function isConflict(error: unknown): error is RescueError {
  return error instanceof RescueError && error.code === 'oci-conflict'
}

function meaning({ status }: OciRefusal): readonly [Responsible, string] {
  switch (status) {
    case 401:
      return ['operator', 'oci-not-authenticated']
    case 403:
    case 404:
      return ['operator', 'oci-not-found-or-not-authorized']
    case 409:
    case 412:
      return ['cloud', 'oci-conflict']
    case 429:
      return ['cloud', 'oci-throttled']
    default:
      return status >= 500 ? ['cloud', 'oci-unavailable'] : ['us', 'oci-refused']
  }
}
