/** Reads settings out of environment variables: once, at the door, with every problem in one report. */
import { createSecretKey } from 'node:crypto'
import { z } from 'zod'

export type Environment = Readonly<Record<string, string | undefined>>

/** Its message is the whole report, one line for each problem. Values are not in it: some are secrets. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(['The environment is not complete:', ...problems.map((problem) => `  ${problem}`)].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** A variable that is set to nothing counts as one that is not set. */
export function readConfig<T>(schema: z.ZodType<T>, env: Environment): T {
  const set = withoutBlank(env)
  const parsed = schema.safeParse(set)
  if (parsed.success) return parsed.data
  throw new ConfigError(parsed.error.issues.map((issue) => describe(issue, set)))
}

/** For a check-up: the settings that are good, each for itself, and all that is wrong with the others. */
export function readPartly<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, env: Environment): Partly<Shape> {
  const set = withoutBlank(env)
  const problems = schema.safeParse(set).error?.issues.map((issue) => describe(issue, set)) ?? []
  const good = Object.entries(schema.shape).flatMap(([name, setting]) => {
    const parsed = z.safeParse(setting, set[name])
    return parsed.success ? [[name, parsed.data] as const] : []
  })
  // Each value comes from the schema of its own name.
  return { good: Object.fromEntries(good) as Partly<Shape>['good'], problems }
}

export interface Partly<Shape extends z.ZodRawShape> {
  readonly good: Partial<z.infer<z.ZodObject<Shape>>>
  readonly problems: readonly string[]
}

function withoutBlank(env: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
}

/** Comma-separated; blanks do not count. */
export const List = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
)

/** A list whose entries have a form; empty when not set. */
export function listOf(form: RegExp, what: string) {
  return List.refine(
    (entries) => entries.every((entry) => form.test(entry)),
    `must be a comma list of ${what}`,
  ).default([])
}

/** AES-256 takes exactly these. */
const KEY_BYTES = 32

/** As a key object, which shows nothing of itself when it is printed. */
const SecretKey = z
  .base64({ error: `must be ${KEY_BYTES} bytes in base64 (openssl rand -base64 ${KEY_BYTES})` })
  .transform((text) => createSecretKey(Buffer.from(text, 'base64')))
  .refine((key) => key.symmetricKeySize === KEY_BYTES, { error: `must be ${KEY_BYTES} bytes in base64` })

export const Shared = {
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// address' }),
  /** Seals what must stand in no log on its way from bot to worker: the same for both. */
  SEALING_KEY: SecretKey,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
}

function describe(issue: z.core.$ZodIssue, set: Record<string, unknown>): string {
  const name = String(issue.path[0] ?? 'environment')
  const isSet = issue.path.length === 0 || name in set
  return isSet ? `${name}: ${issue.message}` : `${name} is not set`
}
