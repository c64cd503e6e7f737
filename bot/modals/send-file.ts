/**
 * A file that was sent as the new text of a long one: fetched from Slack after its form is acknowledged, for that takes
 * longer than Slack waits; then it goes the way of every text, and whoever sent it reads in its place what came of it.
 */
import type { App } from '@slack/bolt'
import { faultOf, LARGEST_FILE_BYTES, utf8 } from '../../core/record/file-text.ts'
import { refusedAnswer } from '../actions/refused-answer.ts'
import { attend, type Desk, speakingTo } from '../desk.ts'
import { ticketFrom } from '../rescue-id.ts'
import { type Access, download } from '../slack/download.ts'
import { SEND_FILE_FORM } from '../slack/names.ts'
import { actor } from '../slack/people.ts'
import { originOf } from '../slack/reference.ts'
import { noticeView } from './replace-key-form.ts'
import { FILE_INPUT, readSendFileForm, type SentFile } from './send-file-form.ts'

export function registerSendFile(app: App, desk: Desk): void {
  app.view({ callback_id: SEND_FILE_FORM, type: 'view_submission' }, async ({ ack, body, view, client }) => {
    const person = actor(body)
    const theirs = await speakingTo(desk, person, client)
    const { rescues, voice } = theirs
    const words = voice.text.commands.edit
    const notice = (mrkdwn: string) => noticeView(voice.text, words.title, mrkdwn)
    const { reference, file } = readSendFileForm(view)
    const from = originOf(reference, body.team?.id ?? '')
    if ((file?.size ?? 0) > LARGEST_FILE_BYTES)
      return await ack({ response_action: 'errors', errors: { [FILE_INPUT]: words.tooLarge } })
    await ack({ response_action: 'update', view: notice(words.reading) })
    const tell = (mrkdwn: string) => client.views.update({ view_id: view.id, view: notice(mrkdwn) })
    await attend(theirs, 'form', tell, async () => {
      const handOver = ticketFrom(view.id)
      const verdict = await rescues.mayAnswer(person, reference, handOver)
      if (verdict.kind !== 'allowed') return void (await tell(refusedAnswer(voice.text, verdict)))
      const read = await readSent(client, file)
      if (read.kind === 'bad') return void (await tell(words[read.why]))
      const answered = await rescues.answer(person, reference, { text: read.text }, handOver, from)
      await tell(answered.kind === 'allowed' ? words.received : refusedAnswer(voice.text, answered))
    })
  })
}

type Read =
  | { readonly kind: 'good'; readonly text: string }
  | { readonly kind: 'bad'; readonly why: 'notRead' | 'notText' | 'holdsSecret' | 'tooLarge' }

async function readSent(access: Access, file: SentFile | undefined): Promise<Read> {
  const address = file?.url_private_download
  const bytes = address === undefined ? undefined : await download(access, address, LARGEST_FILE_BYTES)
  if (bytes === undefined) return { kind: 'bad', why: 'notRead' }
  // Editors on Windows put a mark at the beginning, which was not there before.
  const text = utf8(bytes)?.replace(/^\ufeff/, '')
  const fault = text === undefined ? 'not-text' : faultOf(text)
  if (text !== undefined && fault === undefined) return { kind: 'good', text }
  return { kind: 'bad', why: fault === 'secret' ? 'holdsSecret' : fault === 'too-large' ? 'tooLarge' : 'notText' }
}
