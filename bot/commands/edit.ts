/** `/oci-rescue edit <instance> <path>`: a file of the instance is shown to whoever asks, and replaced as they edit it. */
import { AbsolutePath } from '../../core/record/playbooks.ts'
import type { Desk } from '../desk.ts'
import { say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { startByName } from './start-by-name.ts'

export async function edit(desk: Desk, typed: Typed): Promise<void> {
  const words = desk.voice.text.commands.edit
  const [target, ...rest] = typed.words
  // A path may have blanks in it; a name that has some is given by its OCID.
  const path = rest.join(' ')
  if (target === undefined || path === '') return await whisper(typed.respond, words.needsPath)
  if (!AbsolutePath.safeParse(path).success) return await whisper(typed.respond, say(words.badPath, { path }))
  await startByName(desk, typed, { name: 'edit', path }, target)
}
