/** One call of the Web API: token, scope and rate are checked in that order, then the method runs. */
import type { Clock } from './clock.ts'
import type { Answer, Method, Methods } from './methods/method.ts'
import { POSTS_PER_CHANNEL, RateWindows } from './rates.ts'
import { SlackRefusal } from './refusal.ts'
import type { Violations } from './violations.ts'
import type { InstalledApp } from './workspace.ts'

export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Answer
}

export interface ApiStatistics {
  /** Calls by method, the refused ones too. */
  readonly calls: Readonly<Record<string, number>>
  /** How many answers were HTTP 429. */
  readonly rateLimited: number
  /** Answers with `ok: false`, by `method: error`. */
  readonly refusals: Readonly<Record<string, number>>
  /** When each method was first called, in milliseconds since 1970. */
  readonly firstCall: Readonly<Record<string, number>>
}

/** What Retry-After says where a method is to answer 429 whatever the rate is. */
const REJECTED_SECONDS = 30

export class Api {
  readonly #app: InstalledApp
  readonly #methods: Methods
  readonly #violations: Violations
  readonly #clock: Clock
  readonly #rates: RateWindows
  readonly #calls: Record<string, number> = {}
  readonly #refusals: Record<string, number> = {}
  readonly #firstCall: Record<string, number> = {}
  readonly #failing = new Map<string, string>()
  #rateLimited = 0

  constructor(app: InstalledApp, methods: Methods, violations: Violations, clock: Clock) {
    this.#violations = violations
    this.#app = app
    this.#methods = methods
    this.#clock = clock
    this.#rates = new RateWindows(clock)
  }

  call(name: string, args: Readonly<Record<string, unknown>>, authorization: string | undefined): ApiAnswer {
    this.#calls[name] = (this.#calls[name] ?? 0) + 1
    this.#firstCall[name] ??= this.#clock.now()
    this.#violations.call(name, args)
    try {
      const method = this.#method(name)
      this.#authorise(method, args, tokenOf(args, authorization))
      const failure = this.#failing.get(name)
      if (failure === 'ratelimited') return this.#tooMany(name, REJECTED_SECONDS)
      if (failure !== undefined) throw new SlackRefusal(failure)
      const wait = this.#overRate(name, method, args)
      return wait === undefined ? this.#ok(method.call(args)) : this.#tooMany(name, wait)
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
      this.#countRefusal(name, error.error)
      return this.#ok(error.body())
    }
  }

  /** From now on the method answers with this error, `ratelimited` by a 429; as always again with none. */
  fail(method: string, error: string | undefined): void {
    if (error === undefined) this.#failing.delete(method)
    else this.#failing.set(method, error)
  }

  statistics(): ApiStatistics {
    return {
      calls: { ...this.#calls },
      rateLimited: this.#rateLimited,
      refusals: { ...this.#refusals },
      firstCall: { ...this.#firstCall },
    }
  }

  #ok(body: Answer): ApiAnswer {
    return { status: 200, headers: { 'x-oauth-scopes': this.#app.scopes.join(',') }, body }
  }

  #method(name: string): Method {
    const method = Object.hasOwn(this.#methods, name) ? this.#methods[name] : undefined
    if (method === undefined) throw new SlackRefusal('unknown_method', { req_method: name })
    return method
  }

  #authorise(method: Method, args: Readonly<Record<string, unknown>>, token: string | undefined): void {
    if (method.token === 'none') return
    if (token === undefined) throw new SlackRefusal('not_authed')
    const { botToken, appToken, scopes } = this.#app
    if (token !== botToken && token !== appToken) throw new SlackRefusal('invalid_auth')
    if ((method.token === 'app') !== (token === appToken)) throw new SlackRefusal('not_allowed_token_type')
    const needed = typeof method.scope === 'function' ? method.scope(args) : method.scope
    if (method.token === 'bot' && needed !== undefined && !scopes.includes(needed))
      throw new SlackRefusal('missing_scope', { needed, provided: scopes.join(',') })
  }

  /** The seconds to wait when this call is one too many. */
  #overRate(name: string, method: Method, args: Readonly<Record<string, unknown>>): number | undefined {
    if (name === 'chat.postMessage') {
      const wait = this.#rates.take(`${name} ${String(args.channel)}`, POSTS_PER_CHANNEL)
      if (wait !== undefined) return wait
    }
    return this.#rates.take(name, method.limit)
  }

  #countRefusal(name: string, error: string): void {
    const refusal = `${name}: ${error}`
    this.#refusals[refusal] = (this.#refusals[refusal] ?? 0) + 1
  }

  #tooMany(name: string, seconds: number): ApiAnswer {
    this.#rateLimited += 1
    this.#countRefusal(name, 'ratelimited')
    return { status: 429, headers: { 'retry-after': String(seconds) }, body: { ok: false, error: 'ratelimited' } }
  }
}

function tokenOf(args: Readonly<Record<string, unknown>>, authorization: string | undefined): string | undefined {
  const given = authorization ?? (typeof args.token === 'string' ? `Bearer ${args.token}` : undefined)
  return given === undefined ? undefined : (/^Bearer (?<token>\S+)$/i.exec(given)?.groups?.token ?? '')
}
