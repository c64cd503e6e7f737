/**
 * Takes back what another rescue has changed: the inverse of each change, newest first, where
 * the machine still is as that rescue left it and the backup is there.
 */
import type { Change } from '../record/changes.ts'
import type { Undo } from '../record/playbooks.ts'
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'
import { type Found, inspect } from './inspect.ts'
import { pathsOf } from './make-change.ts'
import type { Playbook } from './playbook.ts'
import { usesSelinux } from './selinux.ts'
import { propose } from './undo-proposal.ts'

export interface UndoFacts {
  readonly found: (path: string) => Found
  /** Users whose line in /etc/shadow is the one of this backup. */
  readonly hasOldPassword: (user: string, backup: string) => boolean
  readonly selinux: boolean
}

/** Several changes of one path are taken back in as many rounds: each look tells where the next one stands. */
export const undo: Playbook<Undo, UndoFacts> = { name: 'undo', looksAgain: false, look, propose }

async function look(shell: Shell, { changes }: Undo, signal: AbortSignal): Promise<UndoFacts> {
  const found = await inspect(shell, [...new Set(changes.flatMap(pathsOf))], signal)
  const old = await oldPasswords(shell, changes, found, signal)
  return {
    found,
    hasOldPassword: (user, backup) => old.has(`${user} ${backup}`),
    selinux: await usesSelinux(shell, signal),
  }
}

/** Compared on the machine: no hash of a password goes over the line. */
const COMPARE =
  'while [ $# -gt 1 ]; do a=$(grep "^$1:" /etc/shadow); b=$(grep "^$1:" "$2"); ' +
  '[ "$a" != "$b" ] || echo "same $1 $2"; shift 2; done; echo end'

async function oldPasswords(
  shell: Shell,
  changes: readonly Change[],
  found: (path: string) => Found,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const passwords = changes.filter((change) => change.kind === 'set-password')
  const words = passwords.filter(({ backup }) => found(backup).kind === 'file').flatMap((one) => [one.user, one.backup])
  if (words.length === 0) return new Set()
  const lines = await ask(shell, [COMPARE, 'sh', ...words], signal, 'passwords')
  return new Set(tagged(lines, 'same'))
}
