/** The submitted forms: checked, carried out, and told what is wrong beside the input it belongs to. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Person } from '../../core/record/events.ts'
import { refusedLine } from '../actions/people-shell.ts'
import { refusedAnswer } from '../actions/refused-answer.ts'
import { refusedDecision } from '../actions/refused-decision.ts'
import { undoWords } from '../commands/undo.ts'
import { attend, type Desk, speakingTo, wasHeard } from '../desk.ts'
import type { Directory } from '../instances/directory.ts'
import { ticketFrom } from '../rescue-id.ts'
import { unseenWords } from '../seen.ts'
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
import { updateView } from '../slack/open-view.ts'
import { actor } from '../slack/people.ts'
import { originOf } from '../slack/reference.ts'
import { mentionChannel, plain, say } from '../slack/text.ts'
import { readConnectForm } from './connect-form.ts'
import { readEditForm, readEditReference } from './edit-form.ts'
import { ANSWER_WITHIN_MS, type FormAnswer, giveAnswer, type OpenForm } from './form-answer.ts'
import { readGrubPasswordForm } from './grub-password-form.ts'
import { readReasonForm, type WithReason } from './reason-form.ts'
import { noticeView, readReplaceKeyForm } from './replace-key-form.ts'
import { readShellLineForm } from './shell-line-form.ts'
import { type FilledStart, startSeen } from './start-fields.ts'
import { isBehind, readStartForm, readWish, startForm } from './start-form.ts'
import { readUndoForm } from './undo-form.ts'

interface Sent {
  /** The workspace in which it was sent. */
  readonly team: string
  /** One for each time that somebody sends a form. */
  readonly trigger: string
  /** One for each form that was opened: names what is sent with it, so that what is delivered twice is one. */
  readonly ticket: string
}

type Submit = (desk: Desk, person: Person, view: unknown, sent: Sent) => Promise<FormAnswer>

export function registerModals(app: App, desk: Desk): void {
  const on = (callbackId: string, title: (text: Catalogue) => string, submit: Submit) => {
    app.view<ViewSubmitAction>(
      { callback_id: callbackId, type: 'view_submission' },
      async ({ ack, body, view, client }) => {
        const until = performance.now() + ANSWER_WITHIN_MS
        const person = actor(body)
        const theirs = await speakingTo(desk, person, client)
        const { text } = theirs.voice
        const form: OpenForm = {
          ack: (response) => ack(response),
          show: (next) => updateView(client, view.id, next),
          notice: (mrkdwn) => noticeView(text, title(text), mrkdwn),
          working: text.commands.late.working,
        }
        const sent = { team: body.team?.id ?? '', trigger: body.trigger_id, ticket: ticketFrom(view.id) }
        const answer = answered(theirs, () => submit(theirs, person, view, sent))
        await giveAnswer(form, answer, until - performance.now())
      },
    )
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

/** Never rejects: what goes wrong is told, too. */
async function answered(desk: Desk, submit: () => Promise<FormAnswer>): Promise<FormAnswer> {
  const { promise, resolve } = Promise.withResolvers<FormAnswer>()
  await attend(
    desk,
    'form',
    async (mrkdwn) => resolve(notice(mrkdwn)),
    async () => resolve(await submit()),
  )
  return await promise
}

function closed({ voice }: Pick<Desk, 'voice'>): FormAnswer {
  return { kind: 'closed', done: voice.text.commands.late.done }
}

function notice(mrkdwn: string): FormAnswer {
  return { kind: 'notice', mrkdwn }
}

function errors(sentences: Readonly<Record<string, string>>): FormAnswer {
  return { kind: 'errors', errors: sentences }
}

type ReadStartForm = (text: Catalogue, view: unknown, directory: Directory | undefined) => FilledStart

/** `readAlone` reads a form that a command has opened for one thing; all can also be parts of the form that asks what is wrong. */
const startRescue =
  (readAlone: ReadStartForm | undefined): Submit =>
  async (desk, person, view, sent) => {
    const { rescues, voice } = desk
    const { text } = voice
    const directory = await desk.instances.now()
    const wish = readWish(view)
    if (wish !== undefined && isBehind(view, wish))
      return { kind: 'form', view: startForm(text, startSeen(view, directory, new Date()), wish) }
    if (wish?.task === 'undo') return await takeBack(desk, person, view, sent)
    const filled =
      wish === undefined
        ? (readAlone?.(text, view, directory) ?? nothingWrong(text))
        : readStartForm(text, view, directory, wish.task)
    if (filled.kind === 'bad') return errors(filled.errors)
    const from = { channel: filled.channel, ...filled.from, team: sent.team }
    const started = await rescues.start(person, { ...filled, from })
    if (started.kind === 'refused') return errors({ instance: text.commands.modal.notAllowed })
    const { rescue } = started
    const unseen = await unseenWords(desk, rescue)
    if (unseen !== undefined) return notice(unseen)
    const begun = say(text.commands.start.begun, { rescue, channel: mentionChannel(filled.channel) })
    return filled.isElsewhere ? notice(begun) : { kind: 'closed', done: begun }
  }

const takeBack: Submit = async (desk, person, view, { team }) => {
  const filled = readUndoForm(desk.voice.text, view)
  if (filled.kind === 'bad') return errors(filled.errors)
  const result = await desk.rescues.undo(person, filled.rescue, { ...filled, from: { ...filled.from, team } })
  return notice(undoWords(desk, person, filled.rescue, result))
}

function nothingWrong({ commands }: Catalogue): FilledStart {
  return { kind: 'bad', errors: { wrong: commands.start.nothingWrong } }
}

/** The policy is asked again: a form can stay open for as long as somebody likes. */
const answerGrub: Submit = async ({ rescues, voice }, person, view, { team, ticket }) => {
  const filled = readGrubPasswordForm(voice.text, view)
  if (filled.kind === 'bad') return errors(filled.errors)
  const { reference, credentials } = filled
  const verdict = await rescues.answer(person, reference, credentials, ticket, originOf(reference, team))
  return verdict.kind === 'allowed' ? closed({ voice }) : notice(refusedAnswer(voice.text, verdict))
}

/** The decision is made now, not when the form was opened: somebody else may have been faster. */
const decide =
  (decision: WithReason): Submit =>
  async (desk, person, view, { team, trigger }) => {
    const { rescues, voice } = desk
    const filled = readReasonForm(voice.text, decision, view)
    if (filled === undefined) {
      await rescues.refuseUnreadable(person, { team, channel: '' }, decision)
      return notice(voice.text.commands.clicks.forged)
    }
    if (filled.kind === 'bad') return errors(filled.errors)
    const { reference, reason } = filled
    const click = { ...reference, from: originOf(reference, team) }
    const isAgain = await wasHeard(desk, JSON.stringify(['reason', trigger, person, click, decision, reason]))
    const result = await rescues.decide(person, click, { kind: decision, reason }, isAgain)
    if (result.kind === 'reason-too-short')
      return errors({ reason: plain(voice.text.commands.breakGlass.tooShort, { least: result.least }) })
    return result.kind === 'decided' ? closed({ voice }) : notice(refusedDecision(voice.text, result))
  }

/** What was typed stays in the form while it can not be run yet. */
const typeLine: Submit = async ({ rescues, voice }, person, view, { team, ticket }) => {
  const words = voice.text.commands.shell
  const filled = readShellLineForm(voice.text, view)
  if (filled.kind === 'bad') return errors(filled.errors)
  const { reference, text } = filled
  const verdict = await rescues.typeLine(person, reference.rescue, ticket, text, originOf(reference, team))
  if (verdict === 'allowed') return closed({ voice })
  return verdict === 'busy' ? errors({ line: words.busy }) : notice(refusedLine(voice.text, verdict))
}

/** What the parts of the form are compared with is the file as the log has it. */
const sendText: Submit = async ({ rescues, voice }, person, view, { team, ticket }) => {
  const reference = readEditReference(view)
  const asked = await rescues.mayAnswer(person, reference, ticket)
  if (asked.kind !== 'allowed') return notice(refusedAnswer(voice.text, asked))
  const { file } = asked.ask
  const filled = readEditForm(voice.text, view, file !== undefined && 'text' in file ? file.text : '')
  if (filled.kind === 'bad') return errors(filled.errors)
  const from = originOf(reference, team)
  const verdict = await rescues.answer(person, reference, { text: filled.text }, ticket, from)
  return verdict.kind === 'allowed' ? closed({ voice }) : notice(refusedAnswer(voice.text, verdict))
}
