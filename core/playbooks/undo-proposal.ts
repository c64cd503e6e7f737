/** What `undo` wants to change, from what it saw and what was changed. Pure. */
import { assertNever, RescueError } from '../base/errors.ts'
import { sha256 } from '../base/sha256.ts'
import { type Change, type ChangeOf, canBeUndone, changeName, isSameAttributes, movesBack } from '../record/changes.ts'
import type { Undo } from '../record/playbooks.ts'
import { because } from '../record/reasons.ts'
import type { Found } from './inspect.ts'
import { pathsOf } from './make-change.ts'
import type { Notice, Proposal } from './playbook.ts'
import type { UndoFacts } from './undo.ts'

/** @throws RescueError `file-changed`, `backup-gone` */
export function propose(facts: UndoFacts, { changes, of }: Undo, rescueId: string): Proposal {
  const notices = changes.filter((change) => !canBeUndone(change)).flatMap(staysAsItIs)
  const newestFirst = changes.filter(canBeUndone).toReversed()
  const { inverses, isPart } = inversesOf(facts, newestFirst, of, rescueId)
  if (inverses.length === 0) return { kind: 'nothing-to-change', details: { of }, notices }
  return { kind: 'changes', plan: { user: null, changes: inverses, selinux: facts.selinux }, notices, isPart }
}

interface Inverses {
  readonly inverses: Change[]
  /** Something waits for the next round: an older change of a path, and what tools have done. */
  readonly isPart: boolean
}

/** Where the machine stands to an older change of a path can be told only after the newer one was taken back. */
function inversesOf(facts: UndoFacts, newestFirst: readonly Change[], of: string, rescueId: string): Inverses {
  const inverses: Change[] = []
  const touched = new Set<string>()
  let waiting = 0
  for (const change of newestFirst.filter(({ kind }) => kind !== 'run')) {
    const paths = pathsOf(change)
    if (paths.some((path) => touched.has(path))) {
      waiting += 1
      continue
    }
    const inverse = inverseOf(change, facts, of, rescueId)
    if (inverse === undefined) continue
    inverses.push(inverse)
    for (const path of paths) touched.add(path)
  }
  // Nothing on the disk tells whether a tool was run, so it is run in the last round, and not looked for again.
  const runs = newestFirst.filter((change) => change.kind === 'run').flatMap((change) => inverseRun(change, of))
  return waiting > 0 ? { inverses, isPart: true } : { inverses: [...inverses, ...runs], isPart: false }
}

/** Undefined when it is found undone already. */
function inverseOf(change: Change, facts: UndoFacts, of: string, rescueId: string): Change | undefined {
  switch (change.kind) {
    case 'replace-file':
      return change.before === null
        ? withoutNewFile(change, facts, of, rescueId)
        : withOldFile(change, change.before, facts, of, rescueId)
    case 'replace-long-file':
      return withOldLongFile(change, facts, of, rescueId)
    case 'ensure-directory':
      return change.before === null ? undefined : oldAttributes(change, change.before, change.after, facts, of)
    case 'set-attributes':
      return oldAttributes(change, change.before, change.after, facts, of)
    case 'move-aside':
      return movedBack(change, facts, of)
    case 'set-password':
      return withOldPassword(change, facts, of, rescueId)
    case 'run':
      return undefined
    default:
      return assertNever(change)
  }
}

/** Mode and owner as the backup has them: it is the old file itself. */
function withOldFile(
  change: ChangeOf<'replace-file'>,
  before: string,
  { found }: UndoFacts,
  of: string,
  rescueId: string,
): Change | undefined {
  const { path, after, backup } = change
  const [now, kept] = [found(path), found(backup ?? path)]
  if (isFile(now, sha256(before)) && !isFile(now, sha256(after))) return undefined
  if (!isFile(now, sha256(after))) throw fileChanged(path)
  if (!isFile(kept, sha256(before))) throw backupGone(path, backup)
  const { mode, owner } = kept
  if (before === after && isSameAttributes(now, kept)) return undefined
  const why = [because('as-before', { rescue: of })]
  return {
    kind: 'replace-file',
    path,
    before: after,
    after: before,
    backup: newBackup(path, rescueId),
    mode,
    owner,
    why,
  }
}

/** As `withOldFile`; what was there before is in the backup, so nothing is sent. */
function withOldLongFile(
  { path, before, after, backup }: ChangeOf<'replace-long-file'>,
  { found }: UndoFacts,
  of: string,
  rescueId: string,
): Change | undefined {
  const [now, kept] = [found(path), found(backup)]
  if (isFile(now, before.sha256)) return undefined
  if (!isFile(now, after.sha256)) throw fileChanged(path)
  if (!isFile(kept, before.sha256)) throw backupGone(path, backup)
  const { mode, owner } = kept
  return {
    kind: 'replace-long-file',
    ...{ path, before: after, after: before, backup: newBackup(path, rescueId), from: backup },
    ...{ mode, owner, why: [because('as-before', { rescue: of })] },
  }
}

/** There was none before. */
function withoutNewFile(
  { path, after }: ChangeOf<'replace-file'>,
  { found }: UndoFacts,
  of: string,
  rescueId: string,
): Change | undefined {
  const now = found(path)
  if (now.kind === 'none') return undefined
  if (!isFile(now, sha256(after))) throw fileChanged(path)
  const why = [because('not-there-before', { rescue: of })]
  return { kind: 'move-aside', path, sha256: sha256(after), backup: newBackup(path, rescueId), why }
}

type Attributes = ChangeOf<'set-attributes'>['before']

function oldAttributes(
  { path }: { readonly path: string },
  before: Attributes,
  after: Attributes,
  { found }: UndoFacts,
  of: string,
): Change | undefined {
  const now = found(path)
  if (now.kind === 'none') throw fileChanged(path)
  if (isSameAttributes(now, before)) return undefined
  if (!isSameAttributes(now, after)) throw fileChanged(path)
  return { kind: 'set-attributes', path, before: after, after: before, why: [because('as-before', { rescue: of })] }
}

function movedBack(change: ChangeOf<'move-aside'>, { found }: UndoFacts, of: string): Change | undefined {
  const { path, backup, sha256: sum } = change
  const [here, there] = [found(path), found(backup)]
  if (isFile(here, sum) && there.kind === 'none') return undefined
  if (here.kind !== 'none') throw fileChanged(path)
  if (!isFile(there, sum)) throw movesBack(change) ? fileChanged(backup) : backupGone(path, backup)
  return { kind: 'move-aside', path: backup, sha256: sum, backup: path, why: [because('as-before', { rescue: of })] }
}

/** What the password is by now is not asked: a one-time password is there to be changed. */
function withOldPassword(
  { path, user, backup, sha256: sum }: ChangeOf<'set-password'>,
  { found, hasOldPassword }: UndoFacts,
  of: string,
  rescueId: string,
): Change | undefined {
  const [now, kept] = [found(path), found(backup)]
  if (!isFile(kept, sum)) throw backupGone(path, backup)
  if (hasOldPassword(user, backup)) return undefined
  if (now.kind !== 'file' || now.sha256 === null) throw fileChanged(path)
  const why = [because('password-as-before', { user, rescue: of })]
  return { kind: 'set-password', path, user, sha256: now.sha256, backup: newBackup(path, rescueId), from: backup, why }
}

function inverseRun(change: ChangeOf<'run'>, of: string): readonly Change[] {
  if (change.undo === null) return []
  const why = [because('takes-back', { command: changeName(change), rescue: of })]
  return [{ ...change, command: change.undo, undo: change.command, succeeds: [0], destructive: false, why }]
}

/** People are told what does not go back; a directory that only was checked has nothing to go back to. */
function staysAsItIs(change: Change): readonly Notice[] {
  if (change.kind === 'run') return [{ code: 'undo-not-possible', details: { command: changeName(change) } }]
  const isNew = change.kind === 'ensure-directory' && change.before === null
  return isNew ? [{ code: 'undo-leaves-directory', details: { path: change.path } }] : []
}

function isFile(now: Found, sum: string): now is Extract<Found, { kind: 'file' }> & { readonly sha256: string } {
  return now.kind === 'file' && now.sha256 === sum
}

function newBackup(path: string, rescueId: string): string {
  return `${path}.old-${rescueId}`
}

function fileChanged(path: string): RescueError {
  return new RescueError('operator', 'file-changed', `${path} is no longer as the rescue left it`, {
    details: { path },
  })
}

function backupGone(path: string, backup: string | null): RescueError {
  const details = { path, backup: backup ?? '' }
  return new RescueError('operator', 'backup-gone', `the backup of ${path} is gone`, { details })
}
