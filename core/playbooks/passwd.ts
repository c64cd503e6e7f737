/**
 * One user's line of `/etc/passwd` (passwd(5)). Users that only a directory service
 * knows are not found: there is no network in the maintenance shell.
 */
import { RescueError } from '../base/errors.ts'

export interface PasswdEntry {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

/** The first line for `name`, as getpwnam(3) takes it; undefined when there is none. */
export function findUser(lines: readonly string[], name: string): PasswdEntry | undefined {
  return lines.map(readPasswdLine).find((entry) => entry?.name === name)
}

/**
 * The home as an absolute path.
 * @throws RescueError `user-without-home` when the entry names none where keys could be kept
 */
export function homeOf(entry: PasswdEntry): string {
  const { name: user, home } = entry
  // `/` would make `.ssh` a directory of the whole system; the others are how distributions say "none".
  const isNone = !home.startsWith('/') || /^\/+$/.test(home) || /^\/(?:nonexistent|dev|proc|sys)(?:\/|$)/.test(home)
  if (isNone || hasControlCharacters(home)) {
    throw new RescueError('operator', 'user-without-home', `${user} has no home directory`, { details: { user, home } })
  }
  return home
}

/** True for the shells that exist to refuse a login. */
export function refusesLogin(entry: PasswdEntry): boolean {
  return /\/(?:nologin|false)$/.test(entry.shell)
}

/** Such a path can neither be shown to people nor be read off a line reliably. */
export function hasControlCharacters(path: string): boolean {
  return /[\u0000-\u001f\u007f]/.test(path)
}

function readPasswdLine(line: string): PasswdEntry | undefined {
  const fields = line.split(':')
  const [name = '', , uid = '', gid = '', , home = '', shell = ''] = fields
  if (fields.length !== 7 || name === '' || !/^\d{1,10}$/.test(uid) || !/^\d{1,10}$/.test(gid)) return undefined
  return { name, uid: Number(uid), gid: Number(gid), home, shell }
}
