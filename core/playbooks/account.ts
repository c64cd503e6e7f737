/**
 * Whether a user can log in at all: the account's lines in passwd(5) and shadow(5), nologin(5), and the counters of
 * failed logins. One command; of the password only its kind comes over the line, never the hash.
 */
import { RescueError } from '../base/errors.ts'
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'
import { findUser, type PasswdEntry } from './passwd.ts'
import { ASK_SELINUX, saysSelinux } from './selinux.ts'

export interface Account {
  readonly user: PasswdEntry
  /** Null when /etc/shadow has no line for the user. */
  readonly shadow: ShadowFacts | null
  /** False when the login shell is no program that is there. */
  readonly shellIsThere: boolean
  /** Shells of /etc/shells that are there, in its order. */
  readonly shells: readonly string[]
  /** Where failed logins are counted for this user, and some are. */
  readonly counters: readonly Counter[]
  /** False: sshd lets nobody in whose password is locked, not even with a key (sshd(8), "account locked"). */
  readonly sshdUsesPam: boolean
  /** Days since 1970 on the machine's clock. */
  readonly today: number
  readonly tools: ReadonlySet<string>
  readonly selinux: boolean
}

export interface Counter {
  readonly tool: string
  /** Its option for the place, which need not be the usual one. */
  readonly option: '--dir' | '--file'
  readonly place: string
}

export interface ShadowFacts {
  /** How many `!` stand before the password: what locks it. */
  readonly locks: number
  /** What stands behind them. */
  readonly password: 'hash' | 'star' | 'nothing' | 'other'
  /** Days since 1970; null where the field is empty. */
  readonly changed: number | null
  /** After so many days it has to be changed. */
  readonly lasts: number | null
  /** When nobody can log in any more: days since 1970. */
  readonly expires: number | null
}

export const TOOLS = { usermod: '/usr/sbin/usermod', chage: '/usr/bin/chage' } as const

/** The kind of what the second field holds, and the four that decide: read by the shell, so that no tool is needed. */
const SHADOW = [
  'while IFS=: read -r n p c i m w a e r || [ -n "$n" ]; do [ "$n" = "$u" ] || continue; b=0',
  `while :; do case $p in "!"*) p=\${p#?}; b=$((b+1));; *) break;; esac; done`,
  'case $p in "") k=nothing;; "*"*) k=star;; "$"*|?????????????) k=hash;; *) k=other;; esac',
  'echo "shadow $b,$k,$c,$m,$e"; break; done </etc/shadow 2>/dev/null',
].join('; ')

const PASSWD = [
  'while IFS= read -r l || [ -n "$l" ]; do case $l in "$u":*) echo "passwd $l"',
  `s=\${l##*:}; [ -z "$s" ] && s=/bin/sh; [ -x "$s" ] && [ -f "$s" ] && echo shell-is-there`,
  'break;; esac; done </etc/passwd',
].join('; ')

/**
 * Where the modules count is said by their arguments, by a configuration that these name, or by the usual one
 * (pam_faillock(8), faillock.conf(5), pam_tally2(8)); in /run nothing is left after a boot.
 */
const COUNTERS = [
  'said() { cat /etc/pam.conf /etc/pam.d/* 2>/dev/null | grep -v "^[[:space:]]*#" | grep -F -- "$1" | ' +
    'tr "[:blank:]" "\\n" | sed -n "s|^$2=||p"; }',
  'kept() { sed -n "s/^[[:space:]]*dir[[:space:]]*=[[:space:]]*//p" /etc/security/faillock.conf ' +
    '$(said pam_faillock.so conf) 2>/dev/null; said pam_faillock.so dir; echo /var/run/faillock; }',
  't=$(command -v faillock) && kept | sort -u | while IFS= read -r d; do [ -s "$d/$u" ] && echo "faillock $t $d"; done',
  't=$(command -v pam_tally2) && { said pam_tally2.so file; echo /var/log/tallylog; } | sort -u | ' +
    'while IFS= read -r d; do [ -s "$d" ] && "$t" --file "$d" --user "$u" 2>/dev/null | sed "s|^|tally $t $d |"; done',
].join('; ')

/** The first value wins; distributions include the directory before anything else. */
const USE_PAM =
  'cat /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config 2>/dev/null | ' +
  'sed -n "s/^[[:space:]]*[Uu][Ss][Ee][Pp][Aa][Mm][[:space:]=]*/use-pam /p" | head -n 1'

const SCRIPT = [
  'export LC_ALL=C; u=$1; shift',
  PASSWD,
  SHADOW,
  'while IFS= read -r s; do case $s in /*) [ -x "$s" ] && echo "known-shell $s";; esac; done </etc/shells 2>/dev/null',
  COUNTERS,
  USE_PAM,
  'for t do [ -x "$t" ] && echo "tool $t"; done',
  'echo "today $(($(date +%s) / 86400))"',
  ASK_SELINUX,
  'echo end',
].join('\n')

/** @throws RescueError `user-not-found`, `look-unreadable` */
export async function lookAtAccount(shell: Shell, name: string, signal: AbortSignal): Promise<Account> {
  const lines = await ask(shell, [SCRIPT, 'sh', name, ...Object.values(TOOLS)], signal)
  return readAccount(lines, name)
}

function readAccount(lines: readonly string[], name: string): Account {
  const user = findUser(tagged(lines, 'passwd'), name)
  if (user === undefined)
    throw new RescueError('operator', 'user-not-found', `there is no user ${name}`, { details: { user: name } })
  return {
    user,
    shadow: readShadow(tagged(lines, 'shadow')[0]),
    shellIsThere: lines.includes('shell-is-there'),
    shells: tagged(lines, 'known-shell'),
    counters: readCounters(lines, name),
    sshdUsesPam: /^yes\b/i.test(tagged(lines, 'use-pam')[0] ?? ''),
    today: Number(tagged(lines, 'today')[0] ?? 0),
    tools: new Set(tagged(lines, 'tool')),
    selinux: saysSelinux(lines),
  }
}

/** Nobody can log in from that day on (shadow(5)); a 0 is read as no date, as the tools themselves advise. */
export function isExpired({ shadow, today }: Account): boolean {
  return shadow !== null && shadow.expires !== null && shadow.expires > 0 && today >= shadow.expires
}

/** The password has to be changed before anything else, also by those who have only a key. */
export function hasOldPassword({ shadow, today }: Account): boolean {
  if (shadow === null || shadow.changed === null || shadow.changed === 0 || shadow.lasts === null) return false
  return shadow.lasts >= 0 && today > shadow.changed + shadow.lasts
}

/** A day of shadow(5) as `chage` and people write it. */
export function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

function readShadow(line: string | undefined): ShadowFacts | null {
  const [, locks, password, changed = '', lasts = '', expires = ''] =
    /^(\d+),(hash|star|nothing|other),(-?\d*),(-?\d*),(-?\d*)$/.exec(line ?? '') ?? []
  if (locks === undefined) return null
  const days = { changed: day(changed), lasts: day(lasts), expires: day(expires) }
  return { locks: Number(locks), password: kindOf(password), ...days }
}

function kindOf(word: string | undefined): ShadowFacts['password'] {
  return word === 'hash' || word === 'star' || word === 'nothing' ? word : 'other'
}

function day(field: string): number | null {
  return field === '' ? null : Number(field)
}

/** pam_tally2 prints a line of names, and one that begins with the user and the count. */
function readCounters(lines: readonly string[], name: string): readonly Counter[] {
  const failures = tagged(lines, 'faillock').flatMap((line): readonly Counter[] => {
    const [, tool, place] = /^(\/\S+) (\/.*)$/.exec(line) ?? []
    return tool === undefined || place === undefined ? [] : [{ tool, option: '--dir', place }]
  })
  const tallies = tagged(lines, 'tally').flatMap((line): readonly Counter[] => {
    const [tool = '', place = '', user, count] = line.split(/\s+/)
    return user === name && Number(count) > 0 ? [{ tool, option: '--file', place }] : []
  })
  return [...failures, ...tallies]
}
