/** The bot's settings: Slack's tokens, and who may ask and who may approve. */
import { z } from 'zod'
import { ConfigError, type Environment, List, listOf, readConfig, Shared } from './read.ts'

const USER_ID = /^[UW][A-Z0-9]+$/
const CHANNEL_ID = /^[CG][A-Z0-9]+$/

const Language = z.enum(['en', 'ja'], { error: 'must be en or ja' })

const ChannelLanguages = List.transform((entries, context) => {
  const pairs = entries.map((entry) => entry.split('='))
  const isGood = ([channel = '', language, ...more]: string[]) =>
    CHANNEL_ID.test(channel) && Language.safeParse(language).success && more.length === 0
  if (!pairs.every(isGood)) context.addIssue('must be a comma list such as C0AAAA=ja,C0BBBB=en')
  return new Map(pairs.map(([channel = '', language]) => [channel, Language.catch('en').parse(language)] as const))
}).default(new Map())

/** The short form of a policy; with a policy of its own, each would say something that does not hold. */
const SHORT_FORM = ['RESCUE_CHANNELS', 'RESCUE_REQUESTERS', 'RESCUE_APPROVERS', 'REQUESTER_MAY_APPROVE'] as const

export const BotConfig = z.object({
  ...Shared,
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'must start with xoxb-'),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must start with xapp-'),
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).default('https://slack.com/api/'),
  /** A file with the policy (deploy/slack/policy.example.yaml), in place of the four lists and switches below. */
  RESCUE_POLICY: z.string().optional(),
  /** Channel ids in which a rescue may be asked for. */
  RESCUE_CHANNELS: listOf(CHANNEL_ID, 'channel ids (C…)'),
  /** User ids; empty means nobody. */
  RESCUE_REQUESTERS: listOf(USER_ID, 'user ids (U…)'),
  RESCUE_APPROVERS: listOf(USER_ID, 'user ids (U…)'),
  /** Of threads, and of those whose own language is not known. */
  RESCUE_LANGUAGE: Language.default('en'),
  /** Of the threads of single channels: `C0AAAA=ja,C0BBBB=en`. */
  RESCUE_CHANNEL_LANGUAGES: ChannelLanguages,
  /** What a reply in a rescue's thread begins with that is a command: signs that Slack does not give a meaning to. */
  RESCUE_COMMAND_PREFIX: z
    .string()
    .regex(/^[!.,;?+=%$^-]{1,3}$/, 'must be one to three of ! . , ; ? + = % $ ^ -')
    .default('!'),
  /** True: whoever asked may also approve. For teams of one. */
  REQUESTER_MAY_APPROVE: z.stringbool({ error: 'must be true or false' }).default(false),
})
export type BotConfig = z.infer<typeof BotConfig>

/** The settings that are set beside a policy that says what they say. */
export function saidTwice(env: Environment): readonly string[] {
  return env.RESCUE_POLICY?.trim() ? SHORT_FORM.filter((name) => env[name]?.trim()) : []
}

/** Throws `ConfigError`. */
export function readBotConfig(env: Environment): BotConfig {
  const both = saidTwice(env)
  if (both.length > 0) throw new ConfigError(both.map((name) => `${name}: stands in RESCUE_POLICY now; unset it here`))
  return readConfig(BotConfig, env)
}
