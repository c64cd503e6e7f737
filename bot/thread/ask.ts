/** The machine asks for what must stand in no log: the message with the button, and what became of it. */
import type { KnownBlock } from '@slack/types'
import type { Ask } from '../../core/record/state.ts'
import { actions, button, context, header, type MessageBody, message, section } from '../slack/blocks.ts'
import { ACTIONS } from '../slack/names.ts'
import { askReference } from '../slack/reference.ts'
import { mention, moment, plain, say } from '../slack/text.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, type Voice } from './words.ts'

export function askMessage(voice: Voice, thread: Thread, { ask: id }: ItemOf<'ask'>): MessageBody {
  const words = voice.text.thread.ask
  const ask = thread.state.asks.find((one) => one.id === id)
  if (ask === undefined) return message(thread.rescue, [])
  const names = { rescue: thread.rescue, instance: instanceName(thread.state), wanted: words.wanted[ask.what] }
  return message(say(words.text, names), [
    header(plain(words.title, names)),
    section(ask.attempt > 1 ? `${words.refused} ${words.why}` : words.why),
    ...ending(voice, thread, ask),
  ])
}

function ending(voice: Voice, { rescue, state }: Thread, ask: Ask): readonly KnownBlock[] {
  const words = voice.text.thread.ask
  if (ask.answer !== undefined) return [section(answerWords(voice, ask.answer))]
  if (ask.over !== undefined) return [section(words.over[ask.over])]
  const names = { instance: instanceName(state) }
  return [
    context(words.who, say(voice.text.thread.gate.expires, { at: moment(ask.expiresAt) })),
    actions(
      button({
        label: words.button,
        action: ACTIONS.answer,
        value: askReference({ rescue, ask: ask.id }),
        style: 'primary',
        spoken: plain(words.buttonLabel, names),
      }),
    ),
  ]
}

function answerWords({ text }: Voice, { by, at }: NonNullable<Ask['answer']>): string {
  return say(text.thread.ask.answered, { person: mention(by, text.thread.worker), at: moment(at) })
}
