/** People are asked for what must stand in no log (GRUB's password, the new text of a file): the message with the button, and what became of it. */
import type { KnownBlock } from '@slack/types'
import { type Ask, keptText } from '../../core/record/state.ts'
import { actions, button, context, header, type MessageBody, message, section } from '../slack/blocks.ts'
import { ACTIONS } from '../slack/names.ts'
import { askReference } from '../slack/reference.ts'
import { mention, moment, plain, say } from '../slack/text.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, type Voice } from './words.ts'

export function askMessage(voice: Voice, thread: Thread, { ask: id }: ItemOf<'ask'>): MessageBody {
  const ask = thread.state.asks.find((one) => one.id === id)
  if (ask === undefined) return message(thread.rescue, [])
  if (ask.what === 'file-text') return editMessage(voice, thread, ask)
  const words = voice.text.thread.ask
  const names = { rescue: thread.rescue, instance: instanceName(thread.state), wanted: words.wanted[ask.what] }
  return message(say(words.text, names), [
    header(plain(words.title, names)),
    section(ask.attempt > 1 ? `${words.refused} ${words.why}` : words.why),
    ...ending(voice, thread, ask),
  ])
}

function editMessage(voice: Voice, thread: Thread, ask: Ask): MessageBody {
  const words = voice.text.thread.edit
  const { file } = ask
  const isLong = file !== undefined && 'sha256' in file
  const text = isLong ? keptText(thread.state, file.sha256) : file?.text
  const count = (text ?? '').split('\n').length - (text?.endsWith('\n') ? 1 : 0)
  const kilobytes = isLong ? Math.ceil(file.bytes / 1024) : 0
  const names = {
    rescue: thread.rescue,
    instance: instanceName(thread.state),
    path: file?.path ?? '',
    count,
    kilobytes,
  }
  return message(say(words.text, names), [
    header(plain(words.title, names)),
    section(say(isLong ? words.whatLong : words.what, names)),
    ...ending(voice, thread, ask),
  ])
}

function ending(voice: Voice, { rescue, state }: Thread, ask: Ask): readonly KnownBlock[] {
  const words = voice.text.thread[ask.what === 'file-text' ? 'edit' : 'ask']
  if (ask.answer !== undefined) return [section(answerWords(voice, words.answered, ask.answer))]
  if (ask.over !== undefined) return [section(words.over[ask.over])]
  const names = { instance: instanceName(state), path: ask.file?.path ?? '' }
  return [
    context(words.who, say(voice.text.thread.gate.expires, { at: moment(ask.expiresAt) })),
    buttons(voice, ask, askReference({ rescue, ask: ask.id }), names),
  ]
}

function buttons(voice: Voice, ask: Ask, value: string, names: Readonly<Record<string, string>>): KnownBlock {
  const { edit, ask: other } = voice.text.thread
  const words = ask.what === 'file-text' ? edit : other
  const own = { action: ACTIONS.answer, value, style: 'primary' } as const
  if (ask.file === undefined || 'text' in ask.file)
    return actions(button({ ...own, label: words.button, spoken: plain(words.buttonLabel, names) }))
  return actions(
    button({ label: edit.get, action: ACTIONS.getFile, value, spoken: plain(edit.getLabel, names) }),
    button({ ...own, label: edit.send, spoken: plain(edit.sendLabel, names) }),
  )
}

function answerWords({ text }: Voice, sentence: string, { by, at }: NonNullable<Ask['answer']>): string {
  return say(sentence, { person: mention(by, text.thread.worker), at: moment(at) })
}
