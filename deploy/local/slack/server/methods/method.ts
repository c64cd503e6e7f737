/** What every Web API method says of itself, and how its arguments are read from a form or from JSON. */
import type { z } from 'zod'
import { problemsOf } from '../check-blocks.ts'
import type { Allowance } from '../rates.ts'
import { refusalWith, sentenceOf } from '../refusal.ts'

export type Answer = Record<string, unknown>

export interface MethodRules {
  /** Which of the app's two tokens it takes; `none`: it needs no token at all. */
  readonly token: 'bot' | 'app' | 'none'
  /** What an app needs for it; for some methods that depends on where they are called for. */
  readonly scope?: string | ((args: Readonly<Record<string, unknown>>) => string)
  readonly limit: readonly Allowance[]
}

export interface Method extends MethodRules {
  /** Throws a SlackRefusal to answer `ok: false`. */
  call(args: Readonly<Record<string, unknown>>): Answer
}

export type Methods = Readonly<Record<string, Method>>

/** A method whose arguments are checked with `schema`; what does not fit is refused with `invalid_arguments`. */
export function method<S extends z.ZodType>(rules: MethodRules, schema: S, call: (args: z.infer<S>) => Answer): Method {
  return {
    ...rules,
    call: (args) => {
      const parsed = schema.safeParse(args)
      if (!parsed.success) throw refusalWith('invalid_arguments', problemsOf(parsed.error, args, '').map(sentenceOf))
      return call(parsed.data)
    },
  }
}
