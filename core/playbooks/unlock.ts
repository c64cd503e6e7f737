/**
 * The playbook for an account that is there and lets nobody in: a locked password, an expired account, a password that
 * is too old, a shell that is none, nologin(5), and counters of failed logins.
 */
import { RescueError } from '../base/errors.ts'
import type { Change } from '../record/changes.ts'
import type { Unlock } from '../record/playbooks.ts'
import { because } from '../record/reasons.ts'
import type { Shell } from '../shell/shell.ts'
import { type Account, dateOf, hasOldPassword, isExpired, lookAtAccount, TOOLS } from './account.ts'
import { type Found, inspect } from './inspect.ts'
import { refusesLogin } from './passwd.ts'
import type { Playbook, Proposal } from './playbook.ts'
import { runOf, toolRun } from './tool-run.ts'

/** The second one is usually empty in a maintenance shell: what systemd writes there is gone with the boot. */
const NOLOGIN = ['/etc/nologin', '/run/nologin']

export interface UnlockFacts {
  readonly account: Account
  readonly nologin: readonly { readonly path: string; readonly found: Found }[]
}

export const unlock: Playbook<Unlock, UnlockFacts> = { name: 'unlock', looksAgain: true, look, propose }

async function look(shell: Shell, { user }: Unlock, signal: AbortSignal): Promise<UnlockFacts> {
  const account = await lookAtAccount(shell, user, signal)
  const found = await inspect(shell, NOLOGIN, signal)
  return { account, nologin: NOLOGIN.map((path) => ({ path, found: found(path) })) }
}

/** @throws RescueError `tool-missing`, `no-shell`, `unsafe-path` */
function propose({ account, nologin }: UnlockFacts, { user }: Unlock, rescueId: string): Proposal {
  const changes: Change[] = [
    ...unlockPassword(account),
    ...prolong(account),
    ...giveShell(account),
    // root is let in all the same.
    ...(account.user.uid === 0 ? [] : nologin.flatMap((one) => moveAside(one, rescueId))),
    ...forgetFailures(account),
  ]
  if (changes.length === 0) return { kind: 'nothing-to-change', details: { user, path: '/etc/shadow' }, notices: [] }
  return { kind: 'changes', plan: { user, changes, selinux: account.selinux }, notices: [] }
}

/**
 * `!` before a hash locks the password. `!` alone means that there is none: then only a sshd without PAM refuses the
 * keys, too, and takes `*` for the same without the lock (auth.c, `allowed_user`).
 */
function unlockPassword({ user, shadow, sshdUsesPam, tools }: Account): readonly Change[] {
  if (shadow === null || shadow.locks === 0) return []
  if (shadow.password === 'hash') {
    const why = because('password-locked', { user: user.name })
    const command = [TOOLS.usermod, '-U', user.name]
    // Red Hat's `passwd -l` puts two there; usermod(8) takes away one at a time.
    return Array.from({ length: shadow.locks }, () => runOf(tools, command, [TOOLS.usermod, '-L', user.name], why))
  }
  if (sshdUsesPam || shadow.password === 'other') return []
  const why = because('locked-without-pam', { user: user.name })
  return [runOf(tools, [TOOLS.usermod, '-p', '*', user.name], [TOOLS.usermod, '-p', '!', user.name], why)]
}

function prolong(account: Account): readonly Change[] {
  const { user, shadow, today, tools } = account
  if (shadow === null) return []
  const chage = (option: string, value: string) => [TOOLS.chage, option, value, user.name]
  const changed = shadow.changed ?? 0
  return [
    ...(isExpired(account)
      ? [
          runOf(
            tools,
            chage('-E', '-1'),
            chage('-E', `${shadow.expires}`),
            because('account-expired', { since: dateOf(shadow.expires ?? 0) }),
          ),
        ]
      : []),
    ...(hasOldPassword(account)
      ? [
          runOf(
            tools,
            chage('-d', dateOf(today)),
            chage('-d', dateOf(changed)),
            because('password-too-old', { since: dateOf(changed), days: `${shadow.lasts}` }),
          ),
        ]
      : []),
  ]
}

function giveShell({ user, shellIsThere, shells, tools }: Account): readonly Change[] {
  if (shellIsThere && !refusesLogin(user)) return []
  const usable = shells.filter((shell) => !refusesLogin({ ...user, shell }))
  const shell = usable.find((one) => one === '/bin/bash') ?? usable[0]
  if (shell === undefined)
    throw new RescueError('operator', 'no-shell', 'no shell of /etc/shells is there', { details: { user: user.name } })
  const names = { user: user.name, shell: user.shell }
  const why = shellIsThere ? because('shell-refuses-logins', names) : because('shell-not-there', names)
  return [runOf(tools, [TOOLS.usermod, '-s', shell, user.name], [TOOLS.usermod, '-s', user.shell, user.name], why)]
}

function moveAside({ path, found }: UnlockFacts['nologin'][number], rescueId: string): readonly Change[] {
  if (found.kind === 'none') return []
  if (found.kind !== 'file' || found.sha256 === null)
    throw new RescueError('operator', 'unsafe-path', `${path} is no file`, { details: { path, found: 'no-file' } })
  const why = [because('only-root-may-log-in')]
  return [{ kind: 'move-aside', path, sha256: found.sha256, backup: `${path}.old-${rescueId}`, why }]
}

function forgetFailures({ user, counters }: Account): readonly Change[] {
  const why = because('failed-logins-counted', { user: user.name })
  return counters.map(({ tool, option, place }) =>
    toolRun([tool, option, place, '--user', user.name, '--reset'], null, why),
  )
}
