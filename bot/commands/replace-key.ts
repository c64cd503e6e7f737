/** `/oci-rescue replace-key [instance] [user]`: opens the form that asks for the public key. */
import { UserName } from '../../core/record/playbooks.ts'
import type { Desk } from '../desk.ts'
import { replaceKeyForm } from '../modals/replace-key-form.ts'
import { startTyped } from '../modals/start-fields.ts'
import { DEFAULT_USER } from '../read-request.ts'
import { openView } from '../slack/open-view.ts'
import { say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'
import { start } from './start.ts'

export async function replaceKey(desk: Desk, typed: Typed): Promise<void> {
  const problem = await problemWith(desk, typed)
  if (problem !== undefined) return await whisper(typed.respond, problem)
  const [instance, user = DEFAULT_USER] = typed.words
  if (instance === undefined) return await start(desk, typed, { wrong: 'lost-key', task: 'replace-key' })
  const view = replaceKeyForm(desk.voice.text, startTyped(instance, typed.channel, typed.why), user)
  if ((await openView(typed.client, typed.triggerId, view)) === 'too-late')
    await whisper(typed.respond, desk.voice.text.commands.formTooLate)
}

async function problemWith(desk: Desk, { person, channel, words }: Typed): Promise<string | undefined> {
  const { commands } = desk.voice.text
  const verdict = await desk.rescues.mayStart(person, { playbooks: ['replace-key'], channel })
  if (verdict !== 'allowed') return refusalWords(desk, verdict, person)
  if (words.length > 2) return commands.tooManyWords
  const user = words[1]
  if (user !== undefined && !UserName.safeParse(user).success) return say(commands.badUser, { user })
  return undefined
}
