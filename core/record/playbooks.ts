/**
 * What can be asked for, by name, with the parameters of each: what a command and a form must
 * ask people for, and what a worker may rely on.
 *
 * A *repair* changes the machine from a maintenance shell. Several fit into one maintenance boot.
 * The others look at a machine, boot it, or hand out its console.
 */
import { z } from 'zod'
import { RESCUE_ID } from '../base/ids.ts'
import { Change } from './changes.ts'

/** A POSIX user name (IEEE Std 1003.1, 3.437), with the 32 characters that Linux's useradd allows. */
export const UserName = z.string().regex(/^[a-z_][a-z0-9_.-]{0,31}$/i)

/** From `/`, without `.` or `..` on the way, and without what can not be shown. */
export const AbsolutePath = z
  .string()
  .max(1024)
  .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+)+$/u)

/** One line of `authorized_keys`: type, base64, comment; no options. Public, so it may be logged. */
const PublicKeyLine = z.string().max(16 * 1024)

export const ReplaceKey = z.object({
  name: z.literal('replace-key'),
  user: UserName,
  publicKey: PublicKeyLine,
  /** True: the new key is added to those that are there. */
  keepExisting: z.boolean(),
})
export type ReplaceKey = z.infer<typeof ReplaceKey>

/** Lets a user in again who is locked, expired, counted out (faillock), without a shell, or shut out by nologin(5). */
export const Unlock = z.object({ name: z.literal('unlock'), user: UserName })
export type Unlock = z.infer<typeof Unlock>

/** A one-time random password, given to the one who asked, and to nobody else. */
export const ResetPassword = z.object({ name: z.literal('reset-password'), user: UserName })
export type ResetPassword = z.infer<typeof ResetPassword>

/** Entries of fstab(5) that keep the machine from booting no longer do. */
export const Fstab = z.object({
  name: z.literal('fstab'),
  /** Devices, mount points or options that the evidence names, as it names them; empty: those found to be wrong. */
  only: z.array(z.string().max(1024)).max(32),
})
export type Fstab = z.infer<typeof Fstab>

/** An sshd that does not start, or does not let a user in, is set right as far as `sshd -t` and its lists tell. */
export const Sshd = z.object({
  name: z.literal('sshd'),
  /** Who shall be let in; null: it shall start, and nothing more. */
  user: UserName.nullable(),
})
export type Sshd = z.infer<typeof Sshd>

/** sudo's configuration and its own file become what sudo accepts. */
export const Sudoers = z.object({ name: z.literal('sudoers') })
export type Sudoers = z.infer<typeof Sudoers>

/** Checks file systems and mends them, from what is harmless to what may lose data, each step approved. */
export const Fsck = z.object({
  name: z.literal('fsck'),
  /** Devices or mount points as the evidence names them; empty: the root file system and the others that the boot checks. */
  only: z.array(z.string().max(1024)).max(8),
})
export type Fsck = z.infer<typeof Fsck>

/** Makes a kernel the one that boots by itself: what comes after a previous kernel that has proved itself. */
export const DefaultKernel = z.object({
  name: z.literal('default-kernel'),
  /** Its path as the boot loader has it, e.g. `/boot/vmlinuz-6.1.0-13-amd64`. */
  kernel: z.string().max(512),
})
export type DefaultKernel = z.infer<typeof DefaultKernel>

/** A file is shown to whoever asked, who gives back what it shall be. */
export const Edit = z.object({ name: z.literal('edit'), path: AbsolutePath })
export type Edit = z.infer<typeof Edit>

/** Takes back what another rescue has changed; the changes stand here as its log has them, oldest first. */
export const Undo = z.object({
  name: z.literal('undo'),
  of: z.string().regex(RESCUE_ID),
  changes: z.array(Change).min(1),
})
export type Undo = z.infer<typeof Undo>

export const Repair = z.discriminatedUnion('name', [
  ReplaceKey,
  Unlock,
  ResetPassword,
  Fsck,
  Fstab,
  Sshd,
  Sudoers,
  DefaultKernel,
  Edit,
  Undo,
])
export type Repair = z.infer<typeof Repair>
export type RepairName = Repair['name']

/** Several repairs in one maintenance boot. */
export const Repairs = z.object({ name: z.literal('repair'), repairs: z.array(Repair).min(1).max(9) })
export type Repairs = z.infer<typeof Repairs>

/** Boots the kernel before the newest one, once; it becomes the default only after it has proved itself. */
export const PreviousKernel = z.object({ name: z.literal('kernel') })

/** No repair: people type lines, and each line's output comes back. */
export const OperatorShell = z.object({ name: z.literal('shell') })

/** What keeps the machine from booting, or people from logging in: from what its console has said. */
export const Diagnose = z.object({ name: z.literal('diagnose') })

/** A console connection for a person's own key. */
export const Connect = z.object({
  name: z.literal('connect'),
  /** RSA: OCI takes nothing else here. */
  publicKey: PublicKeyLine,
  /** How long the connection stays. */
  minutes: z.number().int().min(5).max(1440),
})
export type Connect = z.infer<typeof Connect>

export const History = z.object({ name: z.literal('history') })
export const Screenshot = z.object({ name: z.literal('screenshot') })
/** Graceful: the system is asked to stop first. */
export const Reboot = z.object({ name: z.literal('reboot'), how: z.enum(['graceful', 'hard']) })
export type Reboot = z.infer<typeof Reboot>
/** A non-maskable interrupt: what it does is up to the system, a crash dump for example. */
export const Interrupt = z.object({ name: z.literal('interrupt') })

export const PlaybookRequest = z.discriminatedUnion('name', [
  ...Repair.options,
  Repairs,
  PreviousKernel,
  OperatorShell,
  Diagnose,
  Connect,
  History,
  Screenshot,
  Reboot,
  Interrupt,
])
export type PlaybookRequest = z.infer<typeof PlaybookRequest>
export type PlaybookName = PlaybookRequest['name']

/**
 * In this order in one boot: what the others stand on comes first. An edit is a person's own and comes after what is
 * mended by rule.
 */
const ORDER: readonly RepairName[] = [
  'fsck',
  'fstab',
  'sshd',
  'unlock',
  'replace-key',
  'reset-password',
  'sudoers',
  'default-kernel',
  'edit',
  'undo',
]

/** The repairs that a request asks for, in the order in which they are made; none when it is no repair. */
export function repairsOf(request: PlaybookRequest): readonly Repair[] {
  const repairs = request.name === 'repair' ? request.repairs : [Repair.safeParse(request).data].filter(isThere)
  return [...repairs].sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name))
}

/** Whom a request is about, where it is about one user. */
export function userOf(request: PlaybookRequest): string | undefined {
  const users = repairsOf(request).flatMap((repair) => ('user' in repair ? (repair.user ?? []) : []))
  return users[0]
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined
}
