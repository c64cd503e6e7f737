/** The arguments of every Web API method that the stand-in has, as a form or as JSON (docs.slack.dev/reference/methods). */
import { z } from 'zod'

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

const Anything = z.looseObject({})
const Content = z.object({
  channel: z.string().min(1),
  text: z.string().default(''),
  blocks: JsonArgument.optional(),
})
const OpenView = z.object({ trigger_id: z.string().min(1), view: JsonArgument })
/** `alt_txt_too_large` beyond it (docs.slack.dev/reference/methods/files.getUploadURLExternal). */
const AltText = z.string().max(1000).optional()
const OneChannel = z.object({ channel: z.string().min(1) })
/** Slack gives up to 999 messages at a time, 100 when nothing is said. */
const Paging = z.object({
  limit: NumberArgument.max(999).default(100),
  cursor: z.string().optional(),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: BooleanArgument.default(false),
  include_all_metadata: BooleanArgument.default(false),
})
export type Paging = z.infer<typeof Paging>
const History = OneChannel.extend(Paging.shape)

export const methodArguments = {
  'api.test': Anything,
  'auth.test': Anything,
  'apps.connections.open': Anything,
  'bots.info': z.object({ bot: z.string().min(1) }),
  'chat.postMessage': Content.extend({
    thread_ts: z.string().optional(),
    reply_broadcast: BooleanArgument.optional(),
    metadata: JsonArgument.optional(),
  }),
  'chat.update': Content.extend({ ts: z.string().min(1), metadata: JsonArgument.optional() }),
  'chat.postEphemeral': Content.extend({ user: z.string().min(1), thread_ts: z.string().optional() }),
  'chat.delete': z.object({ channel: z.string().min(1), ts: z.string().min(1) }),
  'chat.getPermalink': z.object({ channel: z.string().min(1), message_ts: z.string().min(1) }),
  'views.open': OpenView,
  'views.push': OpenView,
  'views.update': z.object({
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
    view: JsonArgument,
  }),
  'conversations.info': OneChannel,
  'conversations.members': OneChannel.extend({ limit: NumberArgument.default(100), cursor: z.string().optional() }),
  'conversations.history': History,
  'conversations.replies': History.extend({ ts: z.string().min(1) }),
  'conversations.open': z.object({ users: z.string().min(1), return_im: BooleanArgument.default(false) }),
  'users.info': z.object({ user: z.string().min(1), include_locale: BooleanArgument.default(false) }),
  'usergroups.list': z.object({ include_users: BooleanArgument.default(false) }),
  'usergroups.users.list': z.object({ usergroup: z.string().min(1) }),
  'files.getUploadURLExternal': z.object({
    filename: z.string().min(1),
    length: NumberArgument.min(1),
    alt_txt: AltText,
    alt_text: AltText,
    snippet_type: z.string().optional(),
  }),
  'files.completeUploadExternal': z.object({
    files: JsonArgument.pipe(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
    channel_id: z.string().optional(),
    channels: z.string().optional(),
    thread_ts: z.string().optional(),
    initial_comment: z.string().optional(),
  }),
  'files.info': z.object({ file: z.string().min(1) }),
} as const satisfies Readonly<Record<string, z.ZodType>>

export type MethodName = keyof typeof methodArguments
export type ArgumentsOf<M extends MethodName> = z.infer<(typeof methodArguments)[M]>
