/** A password for one person: the private message that holds it, and the one in the thread that says so. */
import { context, type MessageBody, message, preformatted, section } from '../slack/blocks.ts'
import { say } from '../slack/text.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, requester, type Voice } from './words.ts'

/** Nothing of it in `text`: notifications show that on locked screens. */
export function passwordMessage(
  { text }: Voice,
  { rescue, state }: Thread,
  { user }: ItemOf<'hand-over'>,
  password: string,
): MessageBody {
  const words = text.thread.handOver
  const names = { rescue, user, instance: instanceName(state) }
  return message(say(words.privateText, names), [
    section(say(words.intro, names)),
    preformatted(password, ''),
    context(say(words.use, names)),
  ])
}

export function handOverMessage(voice: Voice, thread: Thread, { user, handOver }: ItemOf<'hand-over'>): MessageBody {
  const words = voice.text.thread.handOver
  const names = { user, instance: instanceName(thread.state), person: requester(voice, thread.state) }
  const delivery = thread.deliveries.get(handOver)
  const sentence = say(delivery === undefined ? words.waiting : words.became[delivery], names)
  return message(`${thread.rescue}: ${sentence}`, [section(sentence)])
}
