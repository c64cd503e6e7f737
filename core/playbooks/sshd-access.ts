/**
 * Whom sshd's own lists let in (sshd_config(5), AllowUsers and its like; auth.c, `allowed_user`), and the smallest
 * change that lets one user in again: a name more or less in a line. What would let in others, too, is left to people.
 */
import { because, type Reason } from '../record/reasons.ts'
import type { Notice } from './playbook.ts'
import { inScope, matchesPatternList, type Setting } from './sshd-config.ts'

export interface Login {
  readonly user: string
  /** Names of all the user's groups, the primary one among them. */
  readonly groups: readonly string[]
}

export interface LineEdit {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly edit: (text: string) => string
  readonly why: Reason
}

export interface LetIn {
  readonly edits: readonly LineEdit[]
  readonly notices: readonly Notice[]
}

export function letIn(settings: readonly Setting[], login: Login): LetIn {
  const parts = [
    denied(listOf(settings, 'denyusers'), [login.user], login),
    allowed(listOf(settings, 'allowusers'), [login.user], login),
    denied(listOf(settings, 'denygroups'), login.groups, login),
    allowed(listOf(settings, 'allowgroups'), login.groups, login),
    login.user === 'root' ? rootLogin(settings) : NOTHING,
  ]
  return { edits: parts.flatMap(({ edits }) => edits), notices: parts.flatMap(({ notices }) => notices) }
}

const NOTHING: LetIn = { edits: [], notices: [] }

/** The lines that count: a block that applies puts its own in the place of the global ones, and lines add up. */
function listOf(settings: readonly Setting[], keyword: string): readonly Setting[] {
  const lines = settings.filter((setting) => setting.keyword === keyword && setting.values.length > 0)
  const applying = inScope(lines, 'applies')
  return applying.length > 0 ? applying : inScope(lines, 'global')
}

/** A line that shuts the user out by exactly this name loses the name; one that does it by a pattern, or by a group of several, is told of. */
function denied(lines: readonly Setting[], names: readonly string[], { user }: Login): LetIn {
  const hits = lines.flatMap((setting) =>
    setting.values.filter((value) => matchesOne(names, value)).map((value) => ({ setting, value })),
  )
  const own = hits.filter(({ value }) => value === user)
  return {
    edits: own.map(({ setting: { path, line, keyword }, value }) => ({
      ...{ path, line, edit: (text: string) => withoutValue(text, value) },
      why: because('sshd-list-without', { list: nameOf(keyword), user }),
    })),
    notices: hits.filter(({ value }) => value !== user).map(({ setting }) => shutOut(setting, user)),
  }
}

/** A list that is there and does not name the user gets the name; a group only when it is the user's own. */
function allowed(lines: readonly Setting[], names: readonly string[], { user }: Login): LetIn {
  const [first] = lines
  if (first === undefined || lines.some(({ values }) => values.some((value) => matchesOne(names, value))))
    return NOTHING
  if (!names.includes(user)) return { edits: [], notices: [shutOut(first, user)] }
  const { path, line, keyword } = first
  const why = because('sshd-list-with', { list: nameOf(keyword), user })
  return { edits: [{ path, line, edit: (text) => withValue(text, user), why }], notices: [] }
}

/** `user@host` is about the user as well: from where somebody will come is not known here. */
function matchesOne(names: readonly string[], value: string): boolean {
  const [name = ''] = value.split('@')
  return !value.startsWith('!') && names.some((one) => matchesPatternList(one, name))
}

/** The first value counts. Keys are enough. */
function rootLogin(settings: readonly Setting[]): LetIn {
  const lines = settings.filter(({ keyword }) => keyword === 'permitrootlogin')
  const [first] = [...inScope(lines, 'applies'), ...inScope(lines, 'global')]
  if (first === undefined || !/^(?:no|forced-commands-only)$/i.test(first.values[0] ?? '')) return NOTHING
  const { path, line } = first
  const edit = (text: string) => text.replace(/(?:no|forced-commands-only)"?(?=\s*(?:#|$))/i, 'prohibit-password')
  return { edits: [{ path, line, edit, why: because('sshd-root-with-key') }], notices: [] }
}

function withValue(text: string, value: string): string {
  return text.replace(/^([^#]*\S)(\s*(?:#.*)?)$/, (_, before: string, rest: string) => `${before} ${value}${rest}`)
}

/** A keyword without any value is an error: then the line is a comment. */
function withoutValue(text: string, value: string): string {
  const words = text.split(/(\s+)/)
  const kept = words.flatMap((word, index) => {
    const isIt = word.replaceAll('"', '') === value && index > 0
    const blankBefore = words[index + 1]?.replaceAll('"', '') === value && /^\s+$/.test(word)
    return isIt || blankBefore ? [] : [word]
  })
  const left = kept.join('')
  return left
    .replace(/#.*$/, '')
    .trim()
    .split(/[\s=]+/).length > 1
    ? left
    : `# ${text}`
}

function shutOut({ path, line, keyword, values }: Setting, user: string): Notice {
  return {
    code: 'sshd-list-shuts-out',
    details: { user, place: `${path}:${line}`, setting: `${nameOf(keyword)} ${values.join(' ')}` },
  }
}

function nameOf(keyword: string): string {
  const names = ['AllowUsers', 'DenyUsers', 'AllowGroups', 'DenyGroups']
  return names.find((name) => name.toLowerCase() === keyword) ?? keyword
}
