/**
 * What a person gets of a password that was made for them. Never part of an event: it goes from the worker to the bot
 * as a sealed hand-over, and from there into one private message.
 */
import { z } from 'zod'

/** What such a hand-over is about, by the name of its event. */
export const PASSWORD = 'password'

export const OneTimePassword = z.object({ password: z.string().min(1).max(256) })
export type OneTimePassword = z.infer<typeof OneTimePassword>
