/** The submitted forms: checked, carried out, and told what is wrong beside the input it belongs to. */
import type { App, SlackViewAction, SlackViewMiddlewareArgs } from '@slack/bolt'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Person } from '../../core/record/events.ts'
import { refusedAnswer } from '../actions/refused-answer.ts'
import { refusedDecision } from '../actions/refused-decision.ts'
import { attend, type Desk, speakingTo } from '../desk.ts'
import type { StartRequest } from '../rescues.ts'
import { isSeen } from '../seen.ts'
import {
  CONNECT_FORM,
  DENY_FORM,
  EDIT_FORM,
  GRUB_PASSWORD_FORM,
  REPLACE_KEY_FORM,
  SHELL_LINE_FORM,
} from '../slack/names.ts'
import { actor } from '../slack/people.ts'
import { readConnectForm } from './connect-form.ts'
import { readDenyForm } from './deny-form.ts'
import { readEditForm, readEditReference } from './edit-form.ts'
import { readGrubPasswordForm } from './grub-password-form.ts'
import { noticeView, readReplaceKeyForm } from './replace-key-form.ts'
import { readShellLineForm } from './shell-line-form.ts'

type Ack = SlackViewMiddlewareArgs<SlackViewAction>['ack']

type Submit = (
  desk: Desk,
  person: Person,
  view: unknown,
  ack: Ack,
  tell: (mrkdwn: string) => Promise<void>,
) => Promise<void>

export function registerModals(app: App, desk: Desk): void {
  const on = (form: string, title: (text: Catalogue) => string, submit: Submit) => {
    app.view({ callback_id: form, type: 'view_submission' }, async ({ ack, body, view, client }) => {
      const person = actor(body)
      const theirs = await speakingTo(desk, person, client)
      const { text } = theirs.voice
      const tell = (mrkdwn: string) => ack({ response_action: 'update', view: noticeView(text, title(text), mrkdwn) })
      await attend(theirs, 'form', tell, () => submit(theirs, person, view, ack, tell))
    })
  }
  on(REPLACE_KEY_FORM, ({ commands }) => commands.modal.title, startRescue(readReplaceKeyForm))
  on(CONNECT_FORM, ({ commands }) => commands.connectForm.title, startRescue(readConnectForm))
  on(SHELL_LINE_FORM, ({ commands }) => commands.shell.title, typeLine)
  on(EDIT_FORM, ({ commands }) => commands.edit.title, sendText)
  on(GRUB_PASSWORD_FORM, ({ commands }) => commands.grubPassword.title, answerGrub)
  on(DENY_FORM, ({ commands }) => commands.deny.title, deny)
}

type Filled =
  | ({ readonly kind: 'good' } & StartRequest)
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

const startRescue =
  (read: (text: Catalogue, view: unknown) => Filled): Submit =>
  async ({ rescues, threads, voice }, person, view, ack, tell) => {
    const filled = read(voice.text, view)
    if (filled.kind === 'bad') return await ack({ response_action: 'errors', errors: { ...filled.errors } })
    const started = await rescues.start(person, filled)
    if (started.kind === 'refused')
      return await ack({ response_action: 'errors', errors: { instance: voice.text.commands.modal.notAllowed } })
    if (await isSeen({ rescues, threads }, person, started.rescue)) return await ack()
    await tell(voice.text.commands.notInvited)
  }

/** The policy is asked again: a form can stay open for as long as somebody likes. */
const answerGrub: Submit = async ({ rescues, voice }, person, view, ack, tell) => {
  const filled = readGrubPasswordForm(voice.text, view)
  if (filled.kind === 'bad') return await ack({ response_action: 'errors', errors: { ...filled.errors } })
  const verdict = await rescues.answer(person, filled.reference, filled.credentials)
  if (verdict.kind !== 'allowed') return await tell(refusedAnswer(voice.text, verdict))
  await ack()
}

/** The decision is made now, not when the form was opened: somebody else may have been faster. */
const deny: Submit = async ({ rescues, voice }, person, view, ack, tell) => {
  const filled = readDenyForm(voice.text, view)
  if (filled === undefined) return await tell(voice.text.commands.clicks.notWaiting)
  if (filled.kind === 'bad') return await ack({ response_action: 'errors', errors: { ...filled.errors } })
  const { reference, reason } = filled
  const result = await rescues.decide(person, reference, { kind: 'denied', reason })
  if (result.kind !== 'decided') return await tell(refusedDecision(voice.text, result))
  await ack()
}

/** What was typed stays in the form while it can not be run yet. */
const typeLine: Submit = async ({ rescues, voice }, person, view, ack, tell) => {
  const words = voice.text.commands.shell
  const filled = readShellLineForm(voice.text, view)
  if (filled.kind === 'bad') return await ack({ response_action: 'errors', errors: { ...filled.errors } })
  const verdict = await rescues.typeLine(person, filled.rescue, filled.line, filled.text)
  if (verdict === 'busy') return await ack({ response_action: 'errors', errors: { line: words.busy } })
  if (verdict !== 'allowed') return await tell(verdict === 'not-open' ? words.notOpen : words.notAllowed)
  await ack()
}

/** What the parts of the form are compared with is the file as the log has it. */
const sendText: Submit = async ({ rescues, voice }, person, view, ack, tell) => {
  const reference = readEditReference(view)
  const asked = await rescues.mayAnswer(person, reference)
  if (asked.kind !== 'allowed') return await tell(refusedAnswer(voice.text, asked))
  const { file } = asked.ask
  const filled = readEditForm(voice.text, view, file !== undefined && 'text' in file ? file.text : '')
  if (filled.kind === 'bad') return await ack({ response_action: 'errors', errors: { ...filled.errors } })
  const verdict = await rescues.answer(person, reference, { text: filled.text })
  if (verdict.kind !== 'allowed') return await tell(refusedAnswer(voice.text, verdict))
  await ack()
}
