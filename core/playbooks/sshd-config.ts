/**
 * The settings of sshd_config(5) for one user, read as sshd reads them, and where it looks for
 * that user's keys. The first value wins; a value in a `Match` block that applies beats the
 * global one; `Include` stands for the lines of its files, and only where it stands itself.
 * Blocks that depend on the client (Address, Host, …) or on groups can not be decided here;
 * they are passed over, and named.
 */
import { posix } from 'node:path'
import { RescueError } from '../base/errors.ts'
import type { PasswdEntry } from './passwd.ts'

export const MAIN_CONFIG = '/etc/ssh/sshd_config'

/** What sshd uses when nothing is configured (servconf.c, `fill_default_server_options`). */
const DEFAULT_FILES = ['.ssh/authorized_keys', '.ssh/authorized_keys2']

/** As deep as sshd follows `Include` (servconf.h, `SERVCONF_MAX_DEPTH`). */
const DEEPEST_INCLUDE = 16

interface ConfigFile {
  readonly path: string
  /** At least the lines whose keyword is asked for, Include or Match. */
  readonly lines: readonly string[]
}

/** The files that each pattern names, in the shell's order. */
export type ConfigFiles = ReadonlyMap<string, readonly ConfigFile[]>

export interface Setting {
  readonly path: string
  /** Of the lines that were given; counted from 1. */
  readonly line: number
  /** In lower case. */
  readonly keyword: string
  readonly values: readonly string[]
  readonly scope: 'global' | 'applies' | 'unknown'
  /** What the `Match` says that it stands under. */
  readonly block: string
}

type KeysSetting =
  /** `Include` names files that have not been read yet. */
  | { readonly kind: 'read-more'; readonly patterns: readonly string[] }
  | { readonly kind: 'known'; readonly values: readonly string[]; readonly passedOver: readonly string[] }

/** The value of `AuthorizedKeysFile` for `user`, as far as `files` tell. */
export function readKeysSetting(files: ConfigFiles, user: string): KeysSetting {
  const { settings, missing } = readSettings(files, user)
  if (missing.length > 0) return { kind: 'read-more', patterns: missing }
  const ours = settings.filter(({ keyword, values }) => keyword === 'authorizedkeysfile' && values.length > 0)
  const [first] = [...inScope(ours, 'applies'), ...inScope(ours, 'global')]
  const passedOver = inScope(ours, 'unknown').map(
    ({ block, values }) => `Match ${block}: AuthorizedKeysFile ${values.join(' ')}`,
  )
  return { kind: 'known', values: first?.values ?? DEFAULT_FILES, passedOver }
}

/** All that is set for `user`, in the order in which sshd reads it; `missing`: what `Include` names and `files` lack. */
export function readSettings(
  files: ConfigFiles,
  user: string,
): { readonly settings: readonly Setting[]; readonly missing: readonly string[] } {
  const reading: Reading = { files, user, missing: new Set(), settings: [] }
  walk(reading, MAIN_CONFIG, 'global', 0)
  return { settings: reading.settings, missing: [...reading.missing] }
}

export function inScope(settings: readonly Setting[], scope: Setting['scope']): readonly Setting[] {
  return settings.filter((setting) => setting.scope === scope)
}

/**
 * The one file to keep the user's key in: the first below the home, else the first.
 * @throws RescueError `keys-file-none` when sshd reads no file at all, `keys-file-unclear` for tokens it does not know
 */
export function chooseKeysFile(values: readonly string[], user: PasswdEntry): string {
  const paths = values.filter((value) => value.toLowerCase() !== 'none').map((value) => expand(value, user))
  const chosen = paths.find((path) => isBelow(path, user.home)) ?? paths[0]
  if (chosen !== undefined) return chosen
  throw new RescueError('operator', 'keys-file-none', `sshd reads no authorized_keys file for ${user.name}`, {
    details: { user: user.name },
  })
}

export function isBelow(path: string, directory: string): boolean {
  return path.startsWith(`${directory}/`)
}

type Scope = 'global' | 'applies' | 'unknown' | 'no'

interface Reading {
  readonly files: ConfigFiles
  readonly user: string
  readonly missing: Set<string>
  readonly settings: Setting[]
}

function walk(reading: Reading, pattern: string, outer: Scope, depth: number): void {
  const files = reading.files.get(pattern)
  if (files === undefined) reading.missing.add(pattern)
  if (files === undefined || depth > DEEPEST_INCLUDE) return
  for (const { path, lines } of files) {
    // A Match ends with its file: it does not reach into the file that includes it.
    let scope = outer
    let block = ''
    for (const [index, line] of lines.entries()) {
      const [keyword, ...values] = splitLine(line)
      if (keyword === undefined) continue
      if (keyword === 'match') {
        block = values.join(' ')
        scope = narrow(outer, decide(values, reading.user))
      } else if (keyword === 'include') {
        for (const value of values) walk(reading, posix.resolve('/etc/ssh', value), scope, depth + 1)
      } else if (scope !== 'no') reading.settings.push({ path, line: index + 1, keyword, values, scope, block })
    }
  }
}

function narrow(outer: Scope, inner: Exclude<Scope, 'global'>): Scope {
  if (outer === 'no' || inner === 'no') return 'no'
  return outer === 'unknown' ? 'unknown' : inner
}

/** A block applies when all its criteria do. */
function decide(words: readonly string[], user: string): Exclude<Scope, 'global'> {
  const criteria = words.flatMap((word) => (/^[A-Za-z-]+=/.test(word) ? splitOnce(word) : [word]))
  let decision: Exclude<Scope, 'global'> = 'applies'
  for (let at = 0; at < criteria.length; at += 1) {
    const criterion = criteria[at]?.toLowerCase()
    if (criterion === 'all') continue
    // Takes no value, and is about users that do not exist; ours does.
    if (criterion === 'invalid-user') return 'no'
    at += 1
    if (criterion !== 'user') decision = 'unknown'
    else if (!matchesPatternList(user, criteria[at] ?? '')) return 'no'
  }
  return decision
}

function splitOnce(word: string): readonly string[] {
  const at = word.indexOf('=')
  return [word.slice(0, at), word.slice(at + 1)]
}

/** ssh_config(5), PATTERNS: `*` and `?`, separated by commas; a `!` that matches decides against. */
export function matchesPatternList(text: string, list: string): boolean {
  const patterns = list.split(',')
  const hits = (pattern: string) => toRegExp(pattern).test(text)
  if (patterns.some((pattern) => pattern.startsWith('!') && hits(pattern.slice(1)))) return false
  return patterns.some((pattern) => !pattern.startsWith('!') && hits(pattern))
}

function toRegExp(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll(/\*+/g, '.*').replaceAll('?', '.')}$`)
}

/** Keyword in lower case and its values; blanks in double quotes belong to the value, `#` begins a comment. */
function splitLine(line: string): readonly string[] {
  const [, keyword, rest = ''] = /^\s*"?([A-Za-z]+)"?(?:\s*=\s*|\s+|$)(.*)$/.exec(line.trimEnd()) ?? []
  if (keyword === undefined) return []
  const words = rest.match(/(?:"[^"]*"|[^\s"])+/g) ?? []
  const comment = words.findIndex((word) => word.startsWith('#'))
  const values = comment < 0 ? words : words.slice(0, comment)
  return [keyword.toLowerCase(), ...values.map((word) => word.replaceAll('"', ''))]
}

/** sshd_config(5), TOKENS: AuthorizedKeysFile accepts %%, %h, %U and %u. */
function expand(value: string, user: PasswdEntry): string {
  const text = value.replaceAll(/%(.?)/g, (token) => {
    if (token === '%%') return '%'
    if (token === '%h') return user.home
    if (token === '%u') return user.name
    if (token === '%U') return String(user.uid)
    throw new RescueError('operator', 'keys-file-unclear', `AuthorizedKeysFile ${value} can not be understood`, {
      details: { setting: value },
    })
  })
  return posix.resolve(user.home, text)
}
