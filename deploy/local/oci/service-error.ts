/**
 * What OCI says when it says no: a status, a code, a sentence. Codes are those
 * of docs.oracle.com/iaas/Content/API/References/apierrors.htm; sentences are
 * OCI's own where somebody has seen them, and say what is wrong where not.
 */
export class ServiceError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'ServiceError'
    this.status = status
    this.code = code
  }
}

/** OCI does not tell a stranger whether a thing exists: one answer for "no such thing" and "not yours". */
export function notFound(): ServiceError {
  return new ServiceError(404, 'NotAuthorizedOrNotFound', 'Authorization failed or requested resource not found.')
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError(400, 'InvalidParameter', message)
}

export function incorrectState(message: string): ServiceError {
  return new ServiceError(409, 'IncorrectState', message)
}

export function notAuthenticated(message: string): ServiceError {
  return new ServiceError(401, 'NotAuthenticated', message)
}
