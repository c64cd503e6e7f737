/** Out of words to what is asked for: what stands behind a command's instance and what a form's field holds are read alike. */
import { AbsolutePath, Fsck, Fstab, type PlaybookName, PlaybookRequest, UserName } from '../core/record/playbooks.ts'
import { readRescueId } from './rescue-id.ts'
import { readable } from './slack/text.ts'

/** Oracle Linux's own; Ubuntu images have `ubuntu`. */
export const DEFAULT_USER = 'opc'

/** What can be said of a request besides the instance. */
export interface Said {
  readonly user?: string
  /** What the evidence names: devices or mount points. */
  readonly only?: readonly string[]
  readonly path?: string
  readonly how?: string
  /** The rescue that is to be undone. */
  readonly of?: string
}

interface Taken {
  /** The field of a form in which it is filled in, if there is one. */
  readonly field?: keyof Said
  /** Undefined when the words make no sense. */
  read(words: readonly string[]): Said | undefined
  /** Whether a word that could also name an instance is one of these. */
  isOwn(word: string): boolean
}

const nothing: Taken = { read: (words) => (words.length === 0 ? {} : undefined), isOwn: () => false }

const user: Taken = {
  field: 'user',
  read: ([name = DEFAULT_USER, ...more]) =>
    more.length === 0 && UserName.safeParse(name).success ? { user: name } : undefined,
  isOwn: () => false,
}

const some = ({ shape }: typeof Fsck | typeof Fstab): Taken => ({
  field: 'only',
  read: (words) => {
    const only = shape.only.safeParse(words).data
    return only && { only }
  },
  isOwn: isPath,
})

const file: Taken = {
  field: 'path',
  // A path may have blanks in it.
  read: (words) => {
    const path = AbsolutePath.safeParse(words.join(' ')).data
    return path === undefined ? undefined : { path }
  },
  isOwn: isPath,
}

const HOW = /^(?:-{1,2}|\u2014)?(?<how>graceful|hard)$/i

const how: Taken = {
  read: ([word = 'graceful', ...more]) => {
    const said = HOW.exec(word)?.groups?.how
    return said === undefined || more.length > 0 ? undefined : { how: said.toLowerCase() }
  },
  isOwn: (word) => HOW.test(word),
}

const rescue: Taken = {
  field: 'of',
  read: ([word = '', ...more]) => {
    const of = readRescueId(word)
    return of === undefined || more.length > 0 ? undefined : { of }
  },
  isOwn: (word) => readRescueId(word) !== undefined,
}

const TAKEN = {
  'replace-key': user,
  'reset-password': user,
  unlock: user,
  sshd: user,
  sudoers: nothing,
  diagnose: nothing,
  fsck: some(Fsck),
  fstab: some(Fstab),
  kernel: nothing,
  edit: file,
  shell: nothing,
  undo: rescue,
  connect: nothing,
  history: nothing,
  screenshot: nothing,
  reboot: how,
  interrupt: nothing,
} as const satisfies Partial<Record<PlaybookName, Taken>>

/** What can be asked for by name. */
export type Askable = keyof typeof TAKEN

export function isAskable(name: string): name is Askable {
  return Object.hasOwn(TAKEN, name)
}

export const ASKABLE = Object.keys(TAKEN).filter(isAskable)

export function takenBy(name: Askable): Taken {
  return TAKEN[name]
}

/** Undefined when the words make no sense, or when it needs more than can be said in words. */
export function readRequest(name: Askable, words: readonly string[]): PlaybookRequest | undefined {
  const said = takenBy(name).read(words)
  return said && PlaybookRequest.safeParse({ name, ...said }).data
}

/** `fsck web-1 -- it hangs at boot`, as Slack sends it: many keyboards make one dash of two. */
export function splitWhy(text: string): { readonly words: string; readonly why: string } {
  const { words, why } = /^(?<words>.*?)(?:^|\s)(?:--|\u2013|\u2014)\s(?<why>.*)$/s.exec(text)?.groups ?? {}
  return { words: readable(words ?? text), why: readable(why ?? '').trim() }
}

/** What has blanks in it stands in quotation marks, straight or curly. */
export function wordsIn(text: string): readonly string[] {
  return [...text.matchAll(/["\u201c\u201d](?<quoted>[^"\u201c\u201d]*)["\u201c\u201d]|(?<word>\S+)/g)].map(
    ({ groups }) => groups?.quoted ?? groups?.word ?? '',
  )
}

/** The way back. */
export function asTyped(words: readonly string[]): string {
  return words.map((word) => (/\s|^$/.test(word) ? `"${word}"` : word)).join(' ')
}

function isPath(word: string): boolean {
  return word.startsWith('/')
}
