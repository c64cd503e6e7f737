/** The playbooks by name, and what several of them want to do in one maintenance boot. */
import { assertNever } from '../base/errors.ts'
import { type Change, isFileChange } from '../record/changes.ts'
import type { Repair } from '../record/playbooks.ts'
import type { Shell } from '../shell/shell.ts'
import { wantsReadOnly } from './apply.ts'
import { defaultKernel } from './default-kernel.ts'
import { type AskForText, lookAtFile, type OnFetched, proposeEdit } from './edit.ts'
import { fsck } from './fsck.ts'
import { pathsOf } from './make-change.ts'
import { mountFor } from './mounts.ts'
import { consult, type Notice, type Proposal, type ProposedChanges } from './playbook.ts'
import { repairFstab } from './repair-fstab.ts'
import { repairSshd } from './repair-sshd.ts'
import { repairSudoers } from './repair-sudoers.ts'
import { replaceKey } from './replace-key.ts'
import { resetPassword } from './reset-password.ts'
import { undo } from './undo.ts'
import { unlock } from './unlock.ts'

export { applyChanges, wantsReadOnly } from './apply.ts'
export { checkChanges } from './check.ts'
export { rebootCommand } from './leave.ts'
export type { LongTexts } from './make-change.ts'
export { newOneTimePassword } from './one-time-password.ts'
export { sha512Crypt } from './sha512-crypt.ts'

/** What people are asked to approve now, and for which of the repairs. */
export interface Round {
  /** Undefined when the machine already is as it should be. */
  readonly plan: ProposedChanges | undefined
  readonly notices: readonly Notice[]
  /** What was found to be in order, of the last repair that found it so. */
  readonly found: Readonly<Record<string, string>>
  /** Those whose changes are all in the plan. */
  readonly planned: readonly Repair[]
  /** Those that the plan names by their sums alone. */
  readonly texts: readonly string[]
}

/** What the rescue knows that a look at the machine does not tell. */
export interface Knowledge {
  readonly rescueId: string
  readonly askForText: AskForText
  /** Nobody is told when it is not given. */
  readonly onFetched?: OnFetched
  /** The changes that it has made so far. */
  readonly done: readonly Change[]
}

/**
 * What these repairs want to change on this machine, in their order; changes nothing. What can not be in one plan with
 * what comes before it waits for the next round: another change of the same file, and all that stands on a file system
 * that is about to be mended.
 * @throws RescueError `operator` when a request can not be met on this machine, `machine` when it gives no clear answers
 */
export async function lookAndPropose(
  shell: Shell,
  repairs: readonly Repair[],
  knowledge: Knowledge,
  signal: AbortSignal,
): Promise<Round> {
  const changes: Change[] = []
  const notices: Notice[] = []
  const planned: Repair[] = []
  const texts: string[] = []
  const users = new Set<string | null>()
  let selinux = false
  let found: Round['found'] = {}
  for (const repair of repairs) {
    const needs = needsOf(repair)
    if (needs.length > 0) await mountFor(shell, needs, signal)
    const proposal = await proposalOf(repair, shell, knowledge, signal)
    notices.push(...proposal.notices)
    if (proposal.kind === 'nothing-to-change') {
      found = proposal.details
      continue
    }
    const { plan } = proposal
    if (touchesSame(changes, plan.changes)) continue
    changes.push(...plan.changes.map((change) => withOwnBackup(change, knowledge.done)))
    users.add(plan.user)
    selinux ||= plan.selinux
    texts.push(...(proposal.texts ?? []))
    if (proposal.isPart !== true) planned.push(repair)
    if (plan.changes.some(wantsReadOnly)) break
  }
  const [user = null] = users.size === 1 ? users : []
  return { plan: changes.length > 0 ? { user, changes, selinux } : undefined, notices, found, planned, texts }
}

/** Whether another look tells if the repair has done its work. */
export function looksAgain({ name }: Repair): boolean {
  switch (name) {
    case 'fsck':
      return fsck().looksAgain
    case 'replace-key':
      return replaceKey.looksAgain
    case 'default-kernel':
      return defaultKernel.looksAgain
    case 'fstab':
      return repairFstab.looksAgain
    case 'sshd':
      return repairSshd.looksAgain
    case 'sudoers':
      return repairSudoers.looksAgain
    case 'reset-password':
      return resetPassword.looksAgain
    case 'unlock':
      return unlock.looksAgain
    default:
      return false
  }
}

/** What must be mounted before a repair looks; what only its look can tell, it mounts itself. */
function needsOf(repair: Repair): readonly string[] {
  switch (repair.name) {
    case 'default-kernel':
      return ['/boot/efi', '/usr']
    case 'unlock':
    case 'sshd':
    case 'sudoers':
      return ['/usr']
    case 'edit':
      return [repair.path]
    case 'undo':
      return repair.changes.flatMap(pathsOf)
    default:
      return []
  }
}

async function proposalOf(
  repair: Repair,
  shell: Shell,
  { rescueId, askForText, onFetched = async () => undefined, done }: Knowledge,
  signal: AbortSignal,
): Promise<Proposal> {
  switch (repair.name) {
    case 'fsck':
      return consult(fsck(done), shell, repair, rescueId, signal)
    case 'replace-key':
      return consult(replaceKey, shell, repair, rescueId, signal)
    case 'default-kernel':
      return consult(defaultKernel, shell, repair, rescueId, signal)
    case 'fstab':
      return consult(repairFstab, shell, repair, rescueId, signal)
    case 'sshd':
      return consult(repairSshd, shell, repair, rescueId, signal)
    case 'sudoers':
      return consult(repairSudoers, shell, repair, rescueId, signal)
    case 'edit': {
      const facts = await lookAtFile(shell, repair, onFetched, signal)
      return proposeEdit(facts, await askForText(facts), rescueId)
    }
    case 'undo':
      return consult(undo, shell, repair, rescueId, signal)
    case 'reset-password':
      return consult(resetPassword, shell, repair, rescueId, signal)
    case 'unlock':
      return consult(unlock, shell, repair, rescueId, signal)
    default:
      return assertNever(repair)
  }
}

/** A file that is changed in several rounds keeps what it was before each of them. */
function withOwnBackup(change: Change, done: readonly Change[]): Change {
  if (!isFileChange(change) || change.backup === null) return change
  const { path, backup } = change
  const rounds = done.filter((one) => isFileChange(one) && one.path === path && one.backup !== null).length
  return rounds === 0 ? change : { ...change, backup: `${backup}-${rounds + 1}` }
}

function touchesSame(earlier: readonly Change[], later: readonly Change[]): boolean {
  const paths = new Set(earlier.flatMap(pathsOf))
  return later.flatMap(pathsOf).some((path) => paths.has(path))
}
