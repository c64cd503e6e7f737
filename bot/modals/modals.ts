/** The submitted forms: checked, carried out, and told what is wrong beside the input it belongs to. */
import type { App, SlackViewAction, SlackViewMiddlewareArgs } from '@slack/bolt'
import type { Click } from '../../core/approvals/verdicts.ts'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Person } from '../../core/record/events.ts'
import { refusedAnswer } from '../actions/refused-answer.ts'
import { refusedDecision } from '../actions/refused-decision.ts'
import { undoWords } from '../commands/undo.ts'
import { attend, type Desk, speakingTo } from '../desk.ts'
import type { Directory } from '../instances/directory.ts'
import { isSeen } from '../seen.ts'
import {
  BREAK_GLASS_FORM,
  CONNECT_FORM,
  DENY_FORM,
  EDIT_FORM,
  GRUB_PASSWORD_FORM,
  REPLACE_KEY_FORM,
  SHELL_LINE_FORM,
  START_FORM,
  TASK_FORM,
  UNDO_FORM,
} from '../slack/names.ts'
import { actor } from '../slack/people.ts'
import type { GateFormReference } from '../slack/reference.ts'
import { mentionChannel, plain, say } from '../slack/text.ts'
import { readConnectForm } from './connect-form.ts'
import { readEditForm, readEditReference } from './edit-form.ts'
import { readGrubPasswordForm } from './grub-password-form.ts'
import { readReasonForm, type WithReason } from './reason-form.ts'
import { noticeView, readReplaceKeyForm } from './replace-key-form.ts'
import { readShellLineForm } from './shell-line-form.ts'
import { type FilledStart, startSeen } from './start-fields.ts'
import { isBehind, readStartForm, readWish, startForm } from './start-form.ts'
import { readUndoForm } from './undo-form.ts'

type Ack = SlackViewMiddlewareArgs<SlackViewAction>['ack']

type Submit = (
  desk: Desk,
  person: Person,
  view: unknown,
  ack: Ack,
  tell: (mrkdwn: string) => Promise<void>,
  /** The workspace in which it was sent. */
  team: string,
) => Promise<void>

export function registerModals(app: App, desk: Desk): void {
  const on = (form: string, title: (text: Catalogue) => string, submit: Submit) => {
    app.view({ callback_id: form, type: 'view_submission' }, async ({ ack, body, view, client }) => {
      const person = actor(body)
      const theirs = await speakingTo(desk, person, client)
      const { text } = theirs.voice
      const tell = (mrkdwn: string) => ack({ response_action: 'update', view: noticeView(text, title(text), mrkdwn) })
      await attend(theirs, 'form', tell, () => submit(theirs, person, view, ack, tell, body.team?.id ?? ''))
    })
  }
  on(START_FORM, ({ commands }) => commands.start.title, startRescue(undefined))
  on(TASK_FORM, ({ commands }) => commands.start.title, startRescue(undefined))
  on(UNDO_FORM, ({ commands }) => commands.start.title, startRescue(undefined))
  on(REPLACE_KEY_FORM, ({ commands }) => commands.modal.title, startRescue(readReplaceKeyForm))
  on(CONNECT_FORM, ({ commands }) => commands.connectForm.title, startRescue(readConnectForm))
  on(SHELL_LINE_FORM, ({ commands }) => commands.shell.title, typeLine)
  on(EDIT_FORM, ({ commands }) => commands.edit.title, sendText)
  on(GRUB_PASSWORD_FORM, ({ commands }) => commands.grubPassword.title, answerGrub)
  on(DENY_FORM, ({ commands }) => commands.deny.title, decide('denied'))
  on(BREAK_GLASS_FORM, ({ commands }) => commands.breakGlass.title, decide('broke-glass'))
}

type ReadStartForm = (text: Catalogue, view: unknown, directory: Directory | undefined) => FilledStart

/** `readAlone` reads a form that a command has opened for one thing; all can also be parts of the form that asks what is wrong. */
const startRescue =
  (readAlone: ReadStartForm | undefined): Submit =>
  async (desk, person, view, ack, tell, team) => {
    const { rescues, voice } = desk
    const { text } = voice
    const directory = await desk.instances.now()
    const wish = readWish(view)
    if (wish !== undefined && isBehind(view, wish)) {
      const form = startForm(text, startSeen(view, directory, new Date()), wish)
      return await ack({ response_action: 'update', view: form })
    }
    if (wish?.task === 'undo') return await takeBack(desk, person, view, ack, tell, team)
    const filled =
      wish === undefined
        ? (readAlone?.(text, view, directory) ?? nothingWrong(text))
        : readStartForm(text, view, directory, wish.task)
    if (filled.kind === 'bad') return await ack({ response_action: 'errors', errors: { ...filled.errors } })
    const started = await rescues.start(person, filled)
    if (started.kind === 'refused')
      return await ack({ response_action: 'errors', errors: { instance: text.commands.modal.notAllowed } })
    if (!(await isSeen(desk, person, started.rescue, filled.channel))) return await tell(text.commands.notInvited)
    if (!filled.isElsewhere) return await ack()
    await tell(say(text.commands.start.begun, { rescue: started.rescue, channel: mentionChannel(filled.channel) }))
  }

const takeBack: Submit = async (desk, person, view, ack, tell) => {
  const filled = readUndoForm(desk.voice.text, view)
  if (filled.kind === 'bad') return await ack({ response_action: 'errors', errors: { ...filled.errors } })
  const result = await desk.rescues.undo(person, filled.rescue, filled)
  await tell(undoWords(desk, person, filled.rescue, result))
}

function nothingWrong({ commands }: Catalogue): FilledStart {
  return { kind: 'bad', errors: { wrong: commands.start.nothingWrong } }
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
const decide =
  (decision: WithReason): Submit =>
  async ({ rescues, voice }, person, view, ack, tell, team) => {
    const filled = readReasonForm(voice.text, decision, view)
    if (filled === undefined) {
      await rescues.refuseUnreadable(person, { team, channel: '' }, decision)
      return await tell(voice.text.commands.clicks.forged)
    }
    if (filled.kind === 'bad') return await ack({ response_action: 'errors', errors: { ...filled.errors } })
    const { reference, reason } = filled
    const result = await rescues.decide(person, clickOf(reference, team), { kind: decision, reason })
    if (result.kind === 'reason-too-short')
      return await ack({
        response_action: 'errors',
        errors: { reason: plain(voice.text.commands.breakGlass.tooShort, { least: result.least }) },
      })
    if (result.kind !== 'decided') return await tell(refusedDecision(voice.text, result))
    await ack()
  }

/** As the button was pressed that has opened the form. */
function clickOf({ channel, message, ...reference }: GateFormReference, team: string): Click & { rescue: string } {
  return { ...reference, from: { team, channel, message } }
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
