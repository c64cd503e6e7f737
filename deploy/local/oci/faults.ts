/**
 * What can be made to go wrong on demand. A plain object that tests hold; nothing
 * of it can be reached over the wire.
 */

/** What one API call gets instead of its answer. */
export type ApiFault =
  /** An error like OCI's own. `code` and `message` default to what OCI says with that status. */
  | { readonly kind: 'answer'; readonly status: number; readonly code?: string; readonly message?: string }
  /** No answer, until the client gives up. Nothing was done. */
  | { readonly kind: 'hang' }
  /** The connection is cut. Nothing was done. */
  | { readonly kind: 'drop' }
  /** The call is carried out and the connection cut before the answer: the client cannot know. */
  | { readonly kind: 'lose-answer' }

/** Which calls: all that fit. The path is matched without query, e.g. `/20160918/instances/ocid1…`. */
export interface CallPattern {
  readonly method?: string
  readonly path?: RegExp
}

/** What becomes of a console connection that is created now. */
export type ConnectionFate = 'active' | 'stays-creating' | 'failed'

/** What becomes of a console history that is captured now. */
export type HistoryFate = 'succeeded' | 'stays-requested' | 'failed'

interface PlannedFault {
  readonly pattern: CallPattern
  readonly fault: ApiFault
  left: number
}

export class Faults {
  consoleConnections: ConnectionFate = 'active'
  consoleHistories: HistoryFate = 'succeeded'
  /** True: a console connection created now is given a `serviceHostKeyFingerprint` that is not the gateway's. */
  wrongHostKey = false
  /** True: the gateway behaves as if somebody else sat at each console. */
  gatewayBusy = false
  /** How long a console counts as taken after its client vanished without closing, in ms. About 5 minutes in OCI. */
  slotHeldMs = 0
  #planned: PlannedFault[] = []

  /** The next `times` calls that match get `fault`. Faults planned first are used first. */
  next(pattern: CallPattern, fault: ApiFault, times = 1): void {
    this.#planned.push({ pattern, fault, left: times })
  }

  /** The fault for this call, if one was planned; it is used up by asking. */
  take(method: string, path: string): ApiFault | undefined {
    const planned = this.#planned.find(({ pattern, left }) => left > 0 && matches(pattern, method, path))
    if (!planned) return undefined
    planned.left -= 1
    return planned.fault
  }

  /** Everything works again. */
  clear(): void {
    this.#planned = []
    this.consoleConnections = 'active'
    this.consoleHistories = 'succeeded'
    this.wrongHostKey = false
    this.gatewayBusy = false
    this.slotHeldMs = 0
  }
}

function matches(pattern: CallPattern, method: string, path: string): boolean {
  return (pattern.method ?? method) === method && (pattern.path?.test(path) ?? true)
}

/** What OCI says with a status when it says nothing more special. */
export const USUAL_WORDS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['InvalidParameter', 'A parameter is invalid.'],
  401: ['NotAuthenticated', 'The required information to complete authentication was not provided or was incorrect.'],
  403: ['NotAuthorized', 'You are not authorized to perform this operation.'],
  404: ['NotAuthorizedOrNotFound', 'Authorization failed or requested resource not found.'],
  409: ['IncorrectState', 'The requested state for the resource conflicts with its current state.'],
  429: ['TooManyRequests', 'Too many requests for the user'],
  500: ['InternalServerError', 'Internal error occurred'],
  503: ['ServiceUnavailable', 'The service is currently unavailable.'],
}
