/**
 * Errors are sorted by who has to act next. The reader of a failed rescue asks
 * that first; where in our code it came from is in the stack and the `cause`.
 */
export type Responsible = 'operator' | 'machine' | 'cloud' | 'us'

export class RescueError extends Error {
  readonly responsible: Responsible
  /** Stable key: the message catalogue (`core/i18n`), the events and the tests refer to it. */
  readonly code: string
  /** What the sentence for people needs to name, e.g. `{ user: 'opc' }`. Never a secret: it is logged and shown. */
  readonly details: Readonly<Record<string, string>>

  constructor(
    responsible: Responsible,
    code: string,
    message: string,
    options: ErrorOptions & { details?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options)
    this.name = 'RescueError'
    this.responsible = responsible
    this.code = code
    this.details = options.details ?? {}
  }
}

/** The error as ours: `thrown` itself when it is one, else wrapped as our own fault. */
export function toRescueError(thrown: unknown): RescueError {
  if (thrown instanceof RescueError) return thrown
  return new RescueError('us', 'unexpected', describeError(thrown), { cause: thrown })
}

/** One line about whatever was thrown; some libraries throw plain objects. */
export function describeError(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message)
  return String(thrown)
}

export function assertNever(value: never): never {
  throw new RescueError('us', 'unhandled-case', `unhandled case: ${JSON.stringify(value)}`)
}
