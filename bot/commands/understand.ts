/**
 * What the words of a command say, in whatever order: an instance, what shall be done, and what that needs. An instance that
 * is called exactly so comes first, then the name of a command, then what that command takes. Pure.
 */
import { AbsolutePath } from '../../core/record/playbooks.ts'
import type { Directory } from '../instances/directory.ts'
import { type Mentioned, mentioned } from '../instances/mentioned.ts'
import { calledExactly, namedLike } from '../instances/search.ts'
import { MOST_OFFERED } from '../modals/start-fields.ts'
import type { Task } from '../modals/tasks.ts'
import { type Askable, isAskable, type Said, takenBy } from '../read-request.ts'

const NOBODY: Mentioned = { instances: [], unlisted: undefined }
/** What is called by more words than these stands in quotation marks. */
const MOST_WORDS_IN_NAME = 8
/** Each is looked for in the names of all instances. */
const MOST_WORDS = 40
const OCID = /^ocid1\.instance\.\S+$/i

export interface Understood {
  readonly found: Mentioned
  readonly task: Task | undefined
  readonly said: Said
  /** What nobody can make out. */
  readonly unclear: readonly string[]
}

export const NOTHING: Understood = { found: NOBODY, task: undefined, said: {}, unclear: [] }

/** `command` is the one that they stand behind, if they do. */
export function understand(directory: Directory | undefined, words: readonly string[], command?: Askable): Understood {
  const { unclear, ...understood } = understandFew(directory, words.slice(0, MOST_WORDS), command)
  return { ...understood, unclear: [...unclear, ...words.slice(MOST_WORDS)] }
}

function understandFew(
  directory: Directory | undefined,
  words: readonly string[],
  command: Askable | undefined,
): Understood {
  const exact = exactName(directory, words)
  const rest = exact === undefined ? words : words.toSpliced(exact.at, exact.size)
  const at = command === undefined ? rest.findIndex((word) => askable(word) !== undefined) : -1
  const name = command ?? askable(rest[at] ?? '')
  const args = at < 0 ? rest : rest.toSpliced(at, 1)
  if (name === undefined) return withoutCommand(directory, args, exact?.found)
  // The rescue says which instance it is.
  if (name === 'undo')
    return withCommand(
      name,
      NOBODY,
      words.filter((word) => askable(word) !== name),
    )
  if (exact !== undefined) return withCommand(name, exact.found, args)
  const { found, left } = instanceAmong(directory, args, takenBy(name).isOwn)
  return withCommand(name, found, left)
}

/** Whether the first word begins the exact name of an instance. */
export function beginsWithName(directory: Directory | undefined, words: readonly string[]): boolean {
  return exactName(directory, words)?.at === 0
}

/** Of all words that stand together the most that name one; of as many, the first. */
function exactName(directory: Directory | undefined, words: readonly string[]) {
  for (let size = Math.min(MOST_WORDS_IN_NAME, words.length); size > 0; size -= 1) {
    for (let at = 0; at + size <= words.length; at += 1) {
      const found = named(directory, words.slice(at, at + size).join(' '))
      if (isAny(found)) return { at, size, found }
    }
  }
  return undefined
}

/** Instances that are called exactly so. */
export function named(directory: Directory | undefined, said: string): Mentioned {
  const instances = directory === undefined ? [] : calledExactly(directory, said)
  return { instances, unlisted: instances.length === 0 && OCID.test(said) ? said : undefined }
}

function askable(word: string): Askable | undefined {
  const lower = word.toLowerCase()
  return isAskable(lower) ? lower : undefined
}

/** The arguments are what its command takes, or some of them are. */
function withCommand(name: Askable, found: Mentioned, args: readonly string[]): Understood {
  const { read, isOwn } = takenBy(name)
  const own = args.filter(isOwn)
  const all = args.length === 0 ? {} : read(args)
  const some = all === undefined && own.length > 0 ? read(own) : undefined
  const said = all ?? some ?? {}
  const unclear = all === undefined ? args.filter((word) => some === undefined || !isOwn(word)) : []
  return { found, task: name === 'reboot' && said.how === 'hard' ? 'reboot-hard' : name, said, unclear }
}

/** A single path is that of a file to edit: nothing else takes one alone. */
function withoutCommand(
  directory: Directory | undefined,
  words: readonly string[],
  exact: Mentioned | undefined,
): Understood {
  const [path, ...more] = words.filter((word) => AbsolutePath.safeParse(word).success)
  const isEdit = path !== undefined && more.length === 0
  const rest = isEdit ? words.filter((word) => word !== path) : words
  const found = exact ?? spokenOf(directory, rest.join(' '))
  const unclear = exact === undefined ? rest.filter((word) => !isAny(spokenOf(directory, word))) : rest
  return { found, task: isEdit ? 'edit' : undefined, said: isEdit ? { path } : {}, unclear }
}

/** Those that words speak of; or the first word that names nothing else, as a name that may be in no list. */
function instanceAmong(
  directory: Directory | undefined,
  words: readonly string[],
  isOwn: (word: string) => boolean,
): { readonly found: Mentioned; readonly left: readonly string[] } {
  const free = words.filter((word) => !isOwn(word))
  const speaking = free.filter((word) => isAny(mentioned(directory, word)))
  const naming = speaking.length > 0 ? speaking : free.slice(0, 1)
  const said = naming.join(' ')
  if (said === '') return { found: NOBODY, left: words }
  const found = spokenOf(directory, said)
  return {
    found: isAny(found) ? found : { instances: [], unlisted: said },
    left: words.filter((word) => !naming.includes(word)),
  }
}

/** Instances that these words speak of, or whose names are like them. */
function spokenOf(directory: Directory | undefined, said: string): Mentioned {
  const found = mentioned(directory, said)
  if (directory === undefined || said === '' || isAny(found)) return found
  return { ...NOBODY, instances: namedLike(directory, said, MOST_OFFERED) }
}

export function isAny({ instances, unlisted }: Mentioned): boolean {
  return instances.length > 0 || unlisted !== undefined
}
