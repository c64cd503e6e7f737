/** One thing a playbook wants to do to a machine, in a form a person can approve, and the worker can compare and undo. */
import { z } from 'zod'
import { sha256 } from '../base/sha256.ts'
import { Sha256, TextSum } from './file-text.ts'
import { Reason } from './reasons.ts'

/** Numeric owner, as `stat` gives it. */
export const Owner = z.object({ uid: z.number().int().min(0), gid: z.number().int().min(0) })
export type Owner = z.infer<typeof Owner>

/** Four octal digits, e.g. `0600`. */
export const Mode = z.string().regex(/^[0-7]{4}$/)

const Why = z.array(Reason).min(1)

const Attributes = z.object({ mode: Mode, owner: Owner })
export type Attributes = z.infer<typeof Attributes>

export const Change = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ensure-directory'),
    path: z.string(),
    /** What is there now; null when nothing is. */
    before: Attributes.nullable(),
    after: Attributes,
    why: Why,
  }),
  z.object({
    kind: z.literal('replace-file'),
    path: z.string(),
    /** The text that is there now; null when there is no file. */
    before: z.string().nullable(),
    after: z.string(),
    /** Where the old file is kept; null when there is none to keep. */
    backup: z.string().nullable(),
    mode: Mode,
    owner: Owner,
    why: Why,
  }),
  /**
   * As `replace-file`, with texts that are too long to stand in every event about it: each stands in the log once, in a
   * `text-kept`, and here are their sums.
   */
  z.object({
    kind: z.literal('replace-long-file'),
    path: z.string(),
    before: TextSum,
    after: TextSum,
    backup: z.string(),
    /** The new text is the one of this older file on the machine: nothing is sent. */
    from: z.string().optional(),
    mode: Mode,
    owner: Owner,
    why: Why,
  }),
  /** Mode and owner of a file or a directory that stays; its content is not touched. */
  z.object({
    kind: z.literal('set-attributes'),
    path: z.string(),
    before: Attributes,
    after: Attributes,
    why: Why,
  }),
  /**
   * A file gets another name in its directory, under which nothing looks for it: that name is its backup. Or it gets
   * its own name back: `movesBack`.
   */
  z.object({ kind: z.literal('move-aside'), path: z.string(), sha256: Sha256, backup: z.string(), why: Why }),
  /**
   * The password of one user in /etc/shadow becomes a random one. Neither it nor its hash stands in the plan: the
   * worker makes it when it applies, and hands it over sealed.
   */
  z.object({
    kind: z.literal('set-password'),
    path: z.literal('/etc/shadow'),
    user: z.string(),
    /** Of the whole file as it was seen. */
    sha256: Sha256,
    backup: z.string(),
    /** No new password then: the user's line comes back out of this older file. */
    from: z.string().optional(),
    why: Why,
  }),
  /** What only a tool of the machine can do, such as a check of a file system. */
  z.object({
    kind: z.literal('run'),
    /** Words, not text for a shell; the first one is a path from `/`. */
    command: z.array(z.string()).min(1),
    /** The exit codes with which it has done its work, e.g. 0 and 1 for e2fsck(8). */
    succeeds: z.array(z.number().int()).min(1),
    /** True when it may throw data away: shown loudly. */
    destructive: z.boolean(),
    /** On which file systems it works: not while they are writable. Null when it needs a writable system, as most do. */
    device: z.string().nullable(),
    /** The command that takes it back; null when nothing does. */
    undo: z.array(z.string()).min(1).nullable(),
    /** What the tool itself says is wrong, from a run that changed nothing; shortened. */
    evidence: z.string().optional(),
    why: Why,
  }),
])
export type Change = z.infer<typeof Change>
export type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>

/** What a change is called in one line: the path it is about, or the command it runs. */
export function changeName(change: Change): string {
  if (change.kind === 'run') return change.command.join(' ')
  return change.kind === 'move-aside' && movesBack(change) ? change.backup : change.path
}

/** A file that was moved aside gets the name again under which it is looked for; it leaves no backup. */
export function movesBack({ path, backup }: ChangeOf<'move-aside'>): boolean {
  return path.startsWith(`${backup}.`)
}

/** Whether another rescue can take it back: a directory that was made stays, and not every tool's work can be undone. */
export function canBeUndone(change: Change): boolean {
  if (change.kind === 'run') return change.undo !== null
  if (change.kind !== 'ensure-directory') return true
  const { before, after } = change
  return before !== null && !isSameAttributes(before, after)
}

export function isSameAttributes(one: Attributes, other: Attributes): boolean {
  return one.mode === other.mode && one.owner.uid === other.owner.uid && one.owner.gid === other.owner.gid
}

export type FileChange = ChangeOf<'replace-file' | 'replace-long-file'>

export function isFileChange(change: Change): change is FileChange {
  return change.kind === 'replace-file' || change.kind === 'replace-long-file'
}

/** SHA-256 of the file as it was and as it shall be; null for no file. */
export function sumsOf(change: FileChange): { readonly before: string | null; readonly after: string } {
  if (change.kind === 'replace-long-file') return { before: change.before.sha256, after: change.after.sha256 }
  return { before: change.before === null ? null : sha256(change.before), after: sha256(change.after) }
}

/** Under which name the old file is kept, where there is one. */
export function backupOf(change: Change): string | null {
  switch (change.kind) {
    case 'replace-file':
    case 'replace-long-file':
    case 'set-password':
      return change.backup
    case 'move-aside':
      return movesBack(change) ? null : change.backup
    case 'ensure-directory':
    case 'set-attributes':
    case 'run':
      return null
    default:
      return change satisfies never
  }
}
