/**
 * The playbooks by name and the parameters each takes: what a command and a
 * modal must ask for, and what a worker may rely on.
 */
import { z } from 'zod'

/** A POSIX user name (IEEE Std 1003.1, 3.437), with the 32 characters that Linux's useradd allows. */
export const UserName = z.string().regex(/^[a-z_][a-z0-9_.-]{0,31}$/i)

export const ReplaceKey = z.object({
  name: z.literal('replace-key'),
  user: UserName,
  /** One line of `authorized_keys`: type, base64, comment; no options. Public, so it may be logged. */
  publicKey: z.string().max(16 * 1024),
  /** True: the new key is added to those that are there. */
  keepExisting: z.boolean(),
})
export type ReplaceKey = z.infer<typeof ReplaceKey>

export const PlaybookRequest = z.discriminatedUnion('name', [ReplaceKey])
export type PlaybookRequest = z.infer<typeof PlaybookRequest>
