/**
 * `opc-retry-token`: the same token again means the same call again, which is
 * answered without being carried out a second time. OCI forgets a token after
 * 24 hours; nothing here lives that long.
 */
import { createHash } from 'node:crypto'
import type { Reply } from './route.ts'
import { ServiceError } from './service-error.ts'

export interface TokenUse {
  readonly token: string
  readonly method: string
  readonly target: string
  readonly body: Uint8Array
}

export class RetryTokens {
  readonly #known = new Map<string, { readonly request: string; readonly reply: Promise<Reply> }>()

  /** Carries out `work`, unless this token has: then its result as it is now. A failure does not use a token up. */
  async once(use: TokenUse, work: () => Promise<Reply>): Promise<Reply> {
    const request = digest(use)
    const known = this.#known.get(use.token)
    if (known) {
      if (known.request !== request) throw invalidated()
      const reply = await known.reply
      return reply.again?.() ?? reply
    }
    const reply = work()
    this.#known.set(use.token, { request, reply })
    reply.catch(() => this.#known.delete(use.token))
    return await reply
  }
}

/** For a token whose result is gone, or that stands for another call. */
export function invalidated(): ServiceError {
  return new ServiceError(
    409,
    'InvalidatedRetryToken',
    'The provided retry token was used in an earlier request that resulted in a system update, but a subsequent operation invalidated the token.',
  )
}

function digest({ method, target, body }: TokenUse): string {
  return createHash('sha256').update(`${method} ${target}\n`).update(body).digest('hex')
}
