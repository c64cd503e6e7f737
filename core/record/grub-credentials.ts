/**
 * What GRUB asks for before an entry may be edited. Never part of an event: it goes from
 * a person to the worker as a sealed hand-over, and from there into the serial line.
 */
import { z } from 'zod'

/**
 * GRUB takes printable ASCII only when it asks (grub-core/normal/auth.c, `grub_isprint`), and its list of users is
 * separated by blanks, commas, semicolons, pipes or ampersands (GRUB's manual, "Security").
 */
export const GrubUserName = z.string().regex(/^[^,;&|\u0000-\u0020\u007f-\uffff]{1,64}$/)
/** Printable ASCII; GRUB has room for more, people have not. */
export const GrubPassword = z.string().regex(/^[\u0020-\u007e]{1,256}$/)

/** GRUB legacy asks for a password only; the user name is empty then. */
export const GrubCredentials = z.object({ username: GrubUserName.or(z.literal('')), password: GrubPassword })
export type GrubCredentials = z.infer<typeof GrubCredentials>
