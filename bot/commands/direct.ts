/**
 * The commands that need no form: `/oci-rescue fstab web-1`. What was typed becomes a request,
 * or a sentence about what is wrong with it.
 */
import { UserName } from '../../core/record/playbooks.ts'
import type { Desk } from '../desk.ts'
import { type Askable, readRequest, takenBy } from '../read-request.ts'
import { say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'
import { startByName } from './start-by-name.ts'

const DIRECT = [
  'unlock',
  'reset-password',
  'fsck',
  'fstab',
  'sshd',
  'sudoers',
  'kernel',
  'diagnose',
  'history',
  'screenshot',
  'reboot',
  'interrupt',
] as const satisfies readonly Askable[]

export const DIRECT_COMMANDS = DIRECT

/** For the command of this name. */
export function direct(name: Askable) {
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

function wrongWords({ voice }: Desk, command: Askable, [first = '']: readonly string[]): string {
  const { badUser, badWords } = voice.text.commands
  if (takenBy(command).field === 'user' && !UserName.safeParse(first).success) return say(badUser, { user: first })
  return say(badWords, { command })
}
