/** The live console in one message, edited in place: what the screen shows, literally. */
import { context, type MessageBody, message, preformatted } from '../slack/blocks.ts'
import { clockTime, say } from '../slack/text.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, type Voice } from './words.ts'

export function tailMessage(voice: Voice, thread: Thread, { section, frame, frozen }: ItemOf<'tail'>): MessageBody {
  const words = voice.text.thread.tail
  const names = { instance: instanceName(thread.state), section: words.section[section] }
  const when = { line: frame.line, at: clockTime(frame.at) }
  // Always these three blocks: Slack does not let rich text be replaced by something else.
  return message(say(words.text, names), [
    context(say(words.title, names)),
    preformatted(frame.rows.join('\n'), words.nothing),
    context(say(frozen ? words.still : words.live, when)),
  ])
}
