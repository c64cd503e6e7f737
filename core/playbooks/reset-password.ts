/**
 * The playbook for a console nobody can log in to: a new random password for one user. The password is made when the
 * change is applied, and goes to whoever asked for it; here it is only asked for. It has to be changed at the first
 * login: it has been in a message, and is not to live long.
 */
import { RescueError } from '../base/errors.ts'
import type { ResetPassword } from '../record/playbooks.ts'
import { because } from '../record/reasons.ts'
import type { Shell } from '../shell/shell.ts'
import { type Account, dateOf, isExpired, lookAtAccount } from './account.ts'
import { type Found, inspect, refuseFixed } from './inspect.ts'
import { refusesLogin } from './passwd.ts'
import type { Notice, Playbook, Proposal } from './playbook.ts'

const SHADOW = '/etc/shadow'
const NOLOGIN = '/etc/nologin'

export interface ResetPasswordFacts {
  readonly account: Account
  readonly shadow: Found
  readonly nologin: Found
}

/** Not looked at again: a second time would be a second password. */
export const resetPassword: Playbook<ResetPassword, ResetPasswordFacts> = {
  name: 'reset-password',
  looksAgain: false,
  look,
  propose,
}

async function look(shell: Shell, { user }: ResetPassword, signal: AbortSignal): Promise<ResetPasswordFacts> {
  const account = await lookAtAccount(shell, user, signal)
  const found = await inspect(shell, [SHADOW, NOLOGIN], signal)
  return { account, shadow: found(SHADOW), nologin: found(NOLOGIN) }
}

/** @throws RescueError `no-shadow-entry`, `unsafe-path`, `cannot-write` */
function propose(
  { account, shadow, nologin }: ResetPasswordFacts,
  { user }: ResetPassword,
  rescueId: string,
): Proposal {
  if (shadow.kind !== 'file' || shadow.sha256 === null) throw unsafe(shadow)
  refuseFixed(SHADOW, shadow)
  if (account.shadow === null)
    throw new RescueError('operator', 'no-shadow-entry', `${SHADOW} has no line for ${user}`, { details: { user } })
  const backup = `${SHADOW}.old-${rescueId}`
  const why = [because('new-password', { user })]
  const change = { kind: 'set-password', path: SHADOW, user, sha256: shadow.sha256, backup, why } as const
  const notices = [{ code: 'password-to-be-changed', details: { user } }, ...otherReasons(account, nologin)]
  return { kind: 'changes', plan: { user, changes: [change], selinux: account.selinux }, notices }
}

/** What keeps the user out whatever the password is; `unlock` mends it. */
function otherReasons(account: Account, nologin: Found): readonly Notice[] {
  const { user, shadow, shellIsThere } = account
  const details = { user: user.name }
  return [
    ...(isExpired(account)
      ? [{ code: 'account-expired', details: { ...details, since: dateOf(shadow?.expires ?? 0) } }]
      : []),
    ...(refusesLogin(user) || !shellIsThere
      ? [{ code: 'shell-refuses-login', details: { ...details, shell: user.shell } }]
      : []),
    ...(nologin.kind !== 'none' && user.uid !== 0 ? [{ code: 'logins-shut-out', details: { path: NOLOGIN } }] : []),
  ]
}

function unsafe({ kind }: Found): RescueError {
  const found = kind === 'none' || kind === 'symlink' ? kind : 'no-file'
  return new RescueError('operator', 'unsafe-path', `${SHADOW} is ${found}`, { details: { path: SHADOW, found } })
}
