/**
 * The keys of a file before and after, as a person can compare them: type, comment, options,
 * fingerprint, and whether each is added, removed or kept. Never the base64.
 */
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { fill } from '../../core/i18n/fill.ts'
import { mask } from '../../core/record/masking.ts'
import type { KeyFacts } from '../../core/record/plan.ts'
import { type AuthorizedKey, describeAuthorizedKey, trimBlanks } from '../../core/record/public-key.ts'
import { clean, clip, plain, visible } from '../slack/text.ts'

export type Fate = 'removed' | 'kept' | 'added'

export interface DiffLine {
  readonly fate: Fate
  readonly line: string
}

/** No type that OpenSSH knows is longer, but whoever writes such a file can name any. */
const LONGEST_TYPE = 48

/** How much is shown of a difference. */
export interface KeyRoom {
  readonly keys: number
  /** Characters of what stands before each key. */
  readonly options: number
}

const UNLIMITED: KeyRoom = { keys: Number.POSITIVE_INFINITY, options: Number.POSITIVE_INFINITY }

const SIGN: Readonly<Record<Fate, string>> = { removed: '-', kept: ' ', added: '+' }
/** The longest of the three words, so that what follows stands in one column. */
const WORD_WIDTH = 7

/** Lines that only stand in one of the texts, or in both; compared as a set with counts, for sshd does not mind their order. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const left = count(linesOf(after))
  const old = linesOf(before).map((line): DiffLine => ({ fate: take(left, line) ? 'kept' : 'removed', line }))
  const stillThere = count(linesOf(before))
  const added = linesOf(after).filter((line) => !take(stillThere, line))
  return [...old, ...added.map((line): DiffLine => ({ fate: 'added', line }))]
}

/** The order in which lines are shown, and the one in which they are given up when there are too many. */
const SHOWN: readonly Fate[] = ['removed', 'added', 'kept']
const BY_WEIGHT: readonly Fate[] = ['added', 'removed', 'kept']

/** As literal text for a preformatted block. What changes is shown before what stays. */
export function keyDiff(text: Catalogue, before: string, after: string, room = UNLIMITED): string {
  const lines = diffLines(before, after)
  const keys = lines.flatMap((line) => describe(text, line, room))
  const weighty = BY_WEIGHT.flatMap((fate) => keys.filter((key) => key.fate === fate)).slice(0, room.keys)
  const shown = SHOWN.flatMap((fate) => weighty.filter((key) => key.fate === fate)).map((key) => key.words)
  const hidden = keys.length - shown.length
  const more = hidden > 0 ? [plain(text.thread.gate2.moreLines, { count: hidden })] : []
  return [...shown, ...comments(text, lines), ...more].join('\n')
}

/** Whether that room is too little for all keys, or for the options of one that does not stay. */
export function isKeyDiffCut(before: string, after: string, room: KeyRoom): boolean {
  const lines = diffLines(before, after)
  const keys = lines.map(({ fate, line }) => ({ fate, key: describeAuthorizedKey(line) }))
  const told = keys.filter(({ key }) => key !== undefined)
  return (
    told.length > room.keys ||
    told.some(({ fate, key }) => fate !== 'kept' && typeof key === 'object' && optionsOf(key).length > room.options)
  )
}

function describe(text: Catalogue, { fate, line }: DiffLine, room: KeyRoom): { fate: Fate; words: string }[] {
  const key = describeAuthorizedKey(line)
  if (key === undefined) return []
  const [first, second] = key === 'unreadable' ? [otherLine(text, line), undefined] : keyWords(text, key, room)
  const { gate2 } = text.thread
  const head = `${SIGN[fate]} ${gate2[fate].padEnd(WORD_WIDTH)}  `
  const rows = second === undefined ? [first] : [first, second]
  return [{ fate, words: rows.map((row, index) => (index === 0 ? head : ' '.repeat(head.length)) + row).join('\n') }]
}

function keyWords(text: Catalogue, key: AuthorizedKey, room: KeyRoom): readonly [string, string] {
  const { noComment, withOptions } = text.thread.gate2
  const comment = key.comment === '' ? noComment : clip(visible(key.comment), 60)
  const options = key.options === '' ? '' : `  ${fill(withOptions, { options: clip(optionsOf(key), room.options) })}`
  return [`${keyType(key)}  ${comment}${options}`, key.fingerprint]
}

/** What a key is bound to is part of what is approved. It may hold a secret: `environment="TOKEN=…"`. */
function optionsOf({ options }: AuthorizedKey): string {
  return visible(mask(options))
}

/** `ssh-rsa 3072`: the length is said where the type leaves it open. */
export function keyType({ type, bits }: KeyFacts): string {
  return type === 'ssh-rsa' && bits !== null ? `${type} ${bits}` : clean(type, LONGEST_TYPE)
}

/** Not quoted: people have pasted private keys into such files. */
function otherLine(text: Catalogue, line: string): string {
  return plain(text.thread.gate2.otherLine, { length: trimBlanks(line).length })
}

function comments(text: Catalogue, lines: readonly DiffLine[]): readonly string[] {
  const { gate2 } = text.thread
  return SHOWN.flatMap((fate) => {
    const found = lines.filter((one) => one.fate === fate && trimBlanks(one.line).startsWith('#')).length
    if (found === 0) return []
    const words = found === 1 ? gate2.commentLine : plain(gate2.commentLines, { count: found })
    return [`${SIGN[fate]} ${gate2[fate].padEnd(WORD_WIDTH)}  ${words}`]
  })
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => trimBlanks(line) !== '')
}

function count(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines.map(trimBlanks)) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

function take(counts: Map<string, number>, line: string): boolean {
  const left = counts.get(trimBlanks(line)) ?? 0
  if (left > 0) counts.set(trimBlanks(line), left - 1)
  return left > 0
}
