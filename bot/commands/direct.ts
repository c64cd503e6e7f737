/**
 * The commands that need no form: `/oci-rescue fstab web-1`. What was typed becomes a request,
 * or a sentence about what is wrong with it.
 */
import { type PlaybookName, PlaybookRequest, UserName } from '../../core/record/playbooks.ts'
import type { Desk } from '../desk.ts'
import { say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'
import { startByName } from './start-by-name.ts'

/** Oracle Linux's own; Ubuntu images have `ubuntu`. */
export const DEFAULT_USER = 'opc'

type Fields = Readonly<Record<string, unknown>>

interface Direct {
  /** Reads what stands behind the instance; undefined when that makes no sense. */
  readonly read: (words: readonly string[]) => Fields | undefined
}

const nothing: Direct = { read: (words) => (words.length === 0 ? {} : undefined) }
/** A user, `opc` unless one is named. */
const oneUser: Direct = { read: ([user = DEFAULT_USER, ...rest]) => (rest.length === 0 ? { user } : undefined) }
/** What the evidence names: devices or mount points. */
const some: Direct = { read: (only) => ({ only }) }
const graceful: Direct = {
  read: ([how = 'graceful', ...rest]) => (rest.length === 0 ? { how: how.replace(/^-{1,2}|^\u2014/, '') } : undefined),
}

const DIRECT: ReadonlyMap<PlaybookName, Direct> = new Map([
  ['unlock', oneUser],
  ['reset-password', oneUser],
  ['fsck', some],
  ['fstab', some],
  ['sshd', oneUser],
  ['sudoers', nothing],
  ['kernel', nothing],
  ['diagnose', nothing],
  ['history', nothing],
  ['screenshot', nothing],
  ['reboot', graceful],
  ['interrupt', nothing],
])

export const DIRECT_COMMANDS = [...DIRECT.keys()]

/** For the command of this name. */
export function direct(name: PlaybookName) {
  return async (desk: Desk, typed: Typed): Promise<void> => {
    const { person, channel, words, respond } = typed
    const { commands } = desk.voice.text
    const verdict = await desk.rescues.mayStart(person, { playbooks: [name], channel })
    if (verdict !== 'allowed') return await whisper(respond, refusalWords(desk, verdict, person))
    const [target, ...rest] = words
    if (target === undefined) return await whisper(respond, say(commands.needsInstance, { command: name }))
    const playbook = readRequest(name, rest)
    if (playbook === undefined) return await whisper(respond, wrongWords(desk, name, rest))
    await startByName(desk, typed, playbook, target)
  }
}

function readRequest(name: PlaybookName, rest: readonly string[]): PlaybookRequest | undefined {
  const fields = DIRECT.get(name)?.read(rest)
  return fields === undefined ? undefined : PlaybookRequest.safeParse({ name, ...fields }).data
}

function wrongWords({ voice }: Desk, command: PlaybookName, [first = '']: readonly string[]): string {
  const { badUser, badWords } = voice.text.commands
  if (DIRECT.get(command) === oneUser && !UserName.safeParse(first).success) return say(badUser, { user: first })
  return say(badWords, { command })
}
