/** `/oci-rescue shell <instance>`: a root shell whose lines are typed in the thread. */
import type { Desk } from '../desk.ts'
import { type Typed, whisper } from './command.ts'
import { startByName } from './start-by-name.ts'

export async function shell(desk: Desk, typed: Typed): Promise<void> {
  const [target] = typed.words
  if (target === undefined) return await whisper(typed.respond, desk.voice.text.commands.shell.needsInstance)
  await startByName(desk, typed, { name: 'shell' }, target)
}
