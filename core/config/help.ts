/** For whoever sets a bot or a worker up: where each setting comes from, and which of them must never be shown. */
import type { Environment } from './read.ts'

const APPS = 'https://api.slack.com/apps'

/** Settings whose sentence is not here are explained by their problem alone. */
const WHERE_FROM: Readonly<Record<string, string>> = {
  REDIS_URL: 'export REDIS_URL=rediss://USER:PASSWORD@HOST:PORT   (the same for bot and workers)',
  SEALING_KEY: 'make one with: openssl rand -base64 32   (the same for bot and workers)',
  SLACK_BOT_TOKEN: `${APPS}, the app, OAuth & Permissions: Bot User OAuth Token (xoxb-…)`,
  SLACK_APP_TOKEN: `${APPS}, the app, Basic Information, App-Level Tokens: one with connections:write (xapp-…)`,
  RESCUE_CHANNELS: 'a channel’s id stands at the end of its details in Slack: C0AAAA,C0BBBB',
  RESCUE_REQUESTERS: 'a person’s id: their profile in Slack, the three dots, Copy member ID: U0AAAA,U0BBBB',
  RESCUE_APPROVERS: 'a person’s id: their profile in Slack, the three dots, Copy member ID: U0AAAA,U0BBBB',
  OCI_COMPARTMENTS: 'a compartment’s OCID: OCI console, Identity, Compartments: ocid1.compartment.oc1..…',
}

export interface SettingsFinding {
  readonly verdict: 'ok' | 'bad'
  readonly said: string
  readonly mend: readonly string[]
}

/** One for each of `ConfigError.problems` and each setting that is too much, or one that says that there are none. */
export function settingsFindings(
  problems: readonly string[],
  tooMuch: readonly string[] = [],
): readonly SettingsFinding[] {
  if (problems.length + tooMuch.length === 0) return [{ verdict: 'ok', said: 'are complete and well-formed', mend: [] }]
  return [
    ...problems.map((problem) => ({ verdict: 'bad', said: problem, mend: helpFor(problem) }) as const),
    ...tooMuch.map((name) => {
      return { verdict: 'bad', said: `${name}: stands in RESCUE_POLICY now`, mend: [`unset ${name}`] } as const
    }),
  ]
}

function helpFor(problem: string): readonly string[] {
  const { name = '' } = /^(?<name>[A-Z0-9_]+)/.exec(problem)?.groups ?? {}
  const where = WHERE_FROM[name]
  return where === undefined ? [`${name} is explained in README.md`] : [where]
}

/** A shorter one would be hidden in the middle of innocent words, and is none. */
const SHORTEST_SECRET = 4

/** What must not be shown of an environment, also when somebody else's words quote it. */
export function secretsOf(env: Environment): readonly string[] {
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SEALING_KEY, REDIS_URL = '' } = env
  const { password = '' } = /^rediss?:\/\/[^/?#]*?:(?<password>[^/?#]*)@/i.exec(REDIS_URL)?.groups ?? {}
  const all = [SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SEALING_KEY, password, decoded(password)]
  return all.flatMap((secret) =>
    secret !== undefined && secret.trim().length >= SHORTEST_SECRET ? [secret.trim()] : [],
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not encoded: it is what it is.
    return text
  }
}
