/** What every Web API method says of itself, and how its arguments are read from a form or from JSON. */
import { z } from 'zod'
import { slackSentences } from '../check-blocks.ts'
import type { Allowance } from '../rates.ts'
import { refusalWith } from '../refusal.ts'

export type Answer = Record<string, unknown>

export interface MethodRules {
  /** Which of the app's two tokens it takes; `none`: it needs no token at all. */
  readonly token: 'bot' | 'app' | 'none'
  readonly scope?: string
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
      if (!parsed.success) throw refusalWith('invalid_arguments', slackSentences(parsed.error, args, ''))
      return call(parsed.data)
    },
  }
}

/** An argument that is JSON text in a form, and itself in a JSON body. Broken JSON stays text, for the check that follows. */
export const JsonArgument = z.preprocess(fromJson, z.unknown())

/** A yes or no that a form spells out. */
export const BooleanArgument = z.preprocess(
  (given) => (typeof given === 'string' ? given === 'true' || given === '1' : given),
  z.boolean(),
)

export const NumberArgument = z.coerce.number().int().min(0)

export function fromJson(given: unknown): unknown {
  if (typeof given !== 'string') return given
  try {
    return JSON.parse(given)
  } catch (error) {
    if (error instanceof SyntaxError) return given
    throw error
  }
}
