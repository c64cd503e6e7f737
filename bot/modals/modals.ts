/** The submitted forms: checked, carried out, and told what is wrong beside the input it belongs to. */
import type { App, SlackViewAction, SlackViewMiddlewareArgs } from '@slack/bolt'
import type { Person } from '../../core/record/events.ts'
import { refusedAnswer } from '../actions/refused-answer.ts'
import { attend, type Desk } from '../desk.ts'
import type { StartRequest } from '../rescues.ts'
import { CONNECT_FORM, GRUB_PASSWORD_FORM, NOT_OURS, REPLACE_KEY_FORM } from '../slack/names.ts'
import { actor } from '../slack/people.ts'
import { readConnectForm } from './connect-form.ts'
import { readGrubPasswordForm } from './grub-password-form.ts'
import { noticeView, readReplaceKeyForm } from './replace-key-form.ts'

type Ack = SlackViewMiddlewareArgs<SlackViewAction>['ack']

/**
 * Of Slack's three seconds for an answer. The parent message is posted meanwhile, so that a channel the bot was not
 * invited to is told in the form itself.
 */
const WAIT_FOR_CARD_MS = 1500

type Submit = (
  desk: Desk,
  person: Person,
  view: unknown,
  ack: Ack,
  tell: (mrkdwn: string) => Promise<void>,
) => Promise<void>

export function registerModals(app: App, desk: Desk): void {
  const on = (form: string, title: string, submit: Submit) => {
    app.view({ callback_id: form, type: 'view_submission' }, async ({ ack, body, view }) => {
      const notice = (mrkdwn: string) => noticeView(desk.voice.text, title, mrkdwn)
      const tell = (mrkdwn: string) => ack({ response_action: 'update', view: notice(mrkdwn) })
      await attend(desk, 'form', tell, () => submit(desk, actor(body), view, ack, tell))
    })
  }
  const { commands } = desk.voice.text
  on(
    REPLACE_KEY_FORM,
    commands.modal.title,
    startRescue((view) => readReplaceKeyForm(desk.voice.text, view)),
  )
  on(
    CONNECT_FORM,
    commands.connectForm.title,
    startRescue((view) => readConnectForm(desk.voice.text, view)),
  )
  on(GRUB_PASSWORD_FORM, commands.grubPassword.title, answerGrub)
}

type Filled =
  | ({ readonly kind: 'good' } & StartRequest)
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

const startRescue =
  (read: (view: unknown) => Filled): Submit =>
  async ({ rescues, threads, voice }, person, view, ack, tell) => {
    const filled = read(view)
    if (filled.kind === 'bad') return await ack({ response_action: 'errors', errors: { ...filled.errors } })
    const started = await rescues.start(person, filled)
    if (started.kind === 'refused')
      return await ack({ response_action: 'errors', errors: { instance: voice.text.commands.modal.notAllowed } })
    const card = await threads.card(started.rescue, WAIT_FOR_CARD_MS)
    if (typeof card === 'string' || !NOT_OURS.has(card.refused)) return await ack()
    // Nobody could see it or approve it there, so it is taken back.
    await rescues.stop(person, started.rescue)
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
