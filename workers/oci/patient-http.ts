/**
 * How we speak HTTP with OCI, in place of the SDK's own way, which knows no time
 * limit, ignores Retry-After and loses the headers of an error. One object carries
 * one operation, over as many attempts as it takes.
 *
 * Trying again is safe: the SDK gives every POST an `opc-retry-token`, which is the
 * same for all attempts, and OCI carries out a token's call once.
 */
import { FetchHttpClient, type HttpClient, type HttpRequest, type RequestSigner } from 'oci-common'
import { z } from 'zod'
import { sleep, TimeLimit, within } from '../../core/base/deadline.ts'
import { describeError } from '../../core/base/errors.ts'
import { refused, silent } from './errors.ts'

/** OCI's control plane answers in well under a second; whoever needs longer than this will not answer. */
const ANSWER_LIMIT_MS = 15_000
export const MOST_ATTEMPTS = 5
/** Before the second attempt; twice as long before each further one. */
const FIRST_PAUSE_MS = 500
/** A longer Retry-After is cut: the rescue's own limit decides whether there is a next attempt. */
const LONGEST_PAUSE_MS = 30_000
/** Passing: too many requests, and all that a gateway or a restart causes. */
const WORTH_ANOTHER: readonly number[] = [429, 500, 502, 503, 504]

export interface Operation {
  /** E.g. `GetInstance`: for messages. */
  readonly name: string
  /** Asked before each attempt; throws when we must not act any more. */
  readonly mayAct: (signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  readonly mostAttempts: number
}

type Attempt =
  | { readonly kind: 'answered'; readonly response: Response }
  | {
      readonly kind: 'failed'
      readonly error: Error
      readonly retryAfterMs: number | undefined
      readonly again: boolean
    }

export class PatientHttp implements HttpClient {
  readonly #signer: RequestSigner
  readonly #operation: Operation
  #failure: unknown

  constructor(signer: RequestSigner, operation: Operation) {
    this.#signer = signer
    this.#operation = operation
  }

  /** Why `send` failed. The SDK turns every error into a plain object; here it is as it was. */
  get failure(): unknown {
    return this.#failure
  }

  async send(request: HttpRequest, excludeBody = false): Promise<Response> {
    try {
      return await this.#send(request, excludeBody)
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  async #send(request: HttpRequest, excludeBody: boolean): Promise<Response> {
    const { mayAct, signal, mostAttempts } = this.#operation
    for (let number = 1; ; number++) {
      await mayAct(signal)
      // Part of the signature; OCI refuses one that is five minutes old.
      request.headers.set('x-date', new Date().toUTCString())
      const attempt = await this.#attempt(request, excludeBody)
      if (attempt.kind === 'answered') return attempt.response
      if (!attempt.again || number >= mostAttempts) throw attempt.error
      await sleep(pause(number, attempt.retryAfterMs), signal)
    }
  }

  async #attempt(request: HttpRequest, excludeBody: boolean): Promise<Attempt> {
    const { name, signal } = this.#operation
    using limit = within(signal, ANSWER_LIMIT_MS)
    try {
      const http = new FetchHttpClient(this.#signer, null, { signal: limit.signal })
      const response = await http.send(request, excludeBody)
      // Read here, so that the limit holds for the whole answer.
      const body = await response.arrayBuffer()
      return response.ok ? { kind: 'answered', response: copy(response, body) } : notOk(name, response, body)
    } catch (thrown) {
      signal.throwIfAborted()
      return {
        kind: 'failed',
        error: silent(name, whyOf(thrown, limit.signal), thrown),
        retryAfterMs: undefined,
        again: true,
      }
    }
  }
}

function copy({ status, headers }: Response, body: ArrayBuffer): Response {
  // 204 and 205 must not have a body, not even an empty one (Fetch, "initialize a response").
  return new Response(body.byteLength === 0 ? null : body, { status, headers })
}

const ErrorBody = z.object({ code: z.string().catch(''), message: z.string().catch('') })

function notOk(operation: string, { status, headers }: Response, body: ArrayBuffer): Attempt {
  const { code: serviceCode, message } = parse(new TextDecoder().decode(body))
  const opcRequestId = headers.get('opc-request-id') ?? ''
  return {
    kind: 'failed',
    error: refused({ operation, status, serviceCode, message, opcRequestId }),
    retryAfterMs: retryAfter(headers.get('retry-after')),
    again: WORTH_ANOTHER.includes(status),
  }
}

/** Gateways answer with HTML where OCI answers with JSON. */
function parse(body: string): z.infer<typeof ErrorBody> {
  try {
    return ErrorBody.parse(JSON.parse(body))
  } catch (error) {
    return { code: '', message: `an answer that is not OCI's (${describeError(error).slice(0, 80)})` }
  }
}

/** RFC 9110, section 10.2.3: seconds, or a date. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds)
}

/** With up to a quarter at random, so that many workers do not come back at the same moment. */
function pause(attempts: number, retryAfterMs: number | undefined): number {
  const wait = retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (attempts - 1)
  return Math.min(wait, LONGEST_PAUSE_MS) * (1 + Math.random() / 4)
}

function whyOf(thrown: unknown, limit: AbortSignal): string {
  if (limit.reason instanceof TimeLimit) return `no answer within ${ANSWER_LIMIT_MS / 1000} s`
  // `fetch failed` says nothing; its cause does.
  const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${describeError(thrown.cause)}` : ''
  return `${describeError(thrown)}${cause}`
}
