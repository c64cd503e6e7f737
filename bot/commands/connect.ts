/** `/oci-rescue connect [instance]`: opens the form that asks for the person's own public key. */
import type { Desk } from '../desk.ts'
import { connectForm } from '../modals/connect-form.ts'
import { startTyped } from '../modals/start-fields.ts'
import { openView } from '../slack/open-view.ts'
import { say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'
import { start } from './start.ts'

export async function connect(desk: Desk, typed: Typed): Promise<void> {
  const { person, channel, words, why, respond, client, triggerId } = typed
  const { commands } = desk.voice.text
  const verdict = await desk.rescues.mayStart(person, { playbooks: ['connect'], channel })
  if (verdict !== 'allowed') return await whisper(respond, refusalWords(desk, verdict, person))
  if (words.length > 1) return await whisper(respond, say(commands.badWords, { command: 'connect' }))
  const [instance] = words
  if (instance === undefined) return await start(desk, typed, { wrong: 'console', task: 'connect' })
  const view = connectForm(desk.voice.text, startTyped(instance, channel, why))
  if ((await openView(client, triggerId, view)) === 'too-late') await whisper(respond, commands.formTooLate)
}
