/** What an app may post to a `response_url` (docs.slack.dev/interactivity/handling-user-interaction). */
import { z } from 'zod'

export const ResponseMessage = z.object({
  text: z.string().default(''),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
})
export type ResponseMessage = z.infer<typeof ResponseMessage>
