/** The button under a question, of GRUB's or for a text: opens the form for whoever may answer, and tells the others why not. */
import type { ModalView } from '@slack/types'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Ask } from '../../core/record/state.ts'
import type { Desk } from '../desk.ts'
import { editForm } from '../modals/edit-form.ts'
import { grubPasswordForm } from '../modals/grub-password-form.ts'
import { sendFileForm } from '../modals/send-file-form.ts'
import { type AskFormReference, readAskReference } from '../slack/reference.ts'
import type { Pressed } from './click.ts'
import { refusedAnswer } from './refused-answer.ts'

export async function answer(desk: Desk, { person, from, value, whisper, open }: Pressed): Promise<void> {
  const { text } = desk.voice
  const reference = readAskReference(value)
  if (reference === undefined) return await whisper(text.commands.clicks.notWaiting)
  const verdict = await desk.rescues.mayAnswer(person, reference)
  if (verdict.kind !== 'allowed') return await whisper(refusedAnswer(text, verdict))
  if ((await open(formFor(text, { ...reference, ...from }, verdict.ask))) === 'too-late')
    await whisper(text.commands.clicks.formTooLate)
}

function formFor(text: Catalogue, reference: AskFormReference, { what, file }: Ask): ModalView {
  if (file !== undefined && 'sha256' in file) return sendFileForm(text, reference, file.path)
  if (what === 'file-text') return editForm(text, reference, file ?? { path: '', text: '' })
  return grubPasswordForm(text, reference, what)
}
