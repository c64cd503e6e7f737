/** The button under GRUB's question: opens the form for whoever may answer, and tells the others why not. */
import type { Desk } from '../desk.ts'
import { grubPasswordForm } from '../modals/grub-password-form.ts'
import { readAskReference } from '../slack/reference.ts'
import type { Pressed } from './click.ts'
import { refusedAnswer } from './refused-answer.ts'

export async function answer(desk: Desk, { person, value, whisper, open }: Pressed): Promise<void> {
  const { text } = desk.voice
  const reference = readAskReference(value)
  if (reference === undefined) return await whisper(text.commands.clicks.notWaiting)
  const verdict = await desk.rescues.mayAnswer(person, reference)
  if (verdict.kind !== 'allowed') return await whisper(refusedAnswer(text, verdict))
  if ((await open(grubPasswordForm(text, reference, verdict.ask.what))) === 'too-late')
    await whisper(text.commands.clicks.formTooLate)
}
