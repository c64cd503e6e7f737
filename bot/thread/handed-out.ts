/** The console that a person has, as the channel sees it: until when. How to open it is told to that person alone. */
import { actions, button, context, header, type MessageBody, message, section } from '../slack/blocks.ts'
import { ACTIONS } from '../slack/names.ts'
import { moment, plain, say } from '../slack/text.ts'
import type { Thread } from './thread.ts'
import { instanceName, requester, type Voice } from './words.ts'

export function handedOutMessage(voice: Voice, { rescue, state }: Thread): MessageBody {
  const words = voice.text.thread.handedOut
  const names = { rescue, instance: instanceName(state), person: requester(voice, state) }
  const until = { at: moment(state.handedOut?.until ?? '') }
  const isOver = state.ended !== undefined
  return message(say(words.text, names), [
    header(plain(words.title, { instance: instanceName(state) })),
    section(`${say(words.what, names)} ${say(isOver ? words.over : words.until, until)}`),
    ...(isOver ? [] : [context(words.oneClient), endButton(voice, rescue)]),
  ])
}

function endButton({ text }: Voice, rescue: string) {
  const { endIt, endLabel, endConfirm } = text.thread.handedOut
  const confirm = { ...endConfirm, style: 'danger' } as const
  return actions(
    button({ label: endIt, action: ACTIONS.stop, value: rescue, spoken: plain(endLabel, { rescue }), confirm }),
  )
}
