/** `!stop [-- why]`: as the button on the card. What comes of it stands in the thread. */
import { stopWords } from '../commands/stop.ts'
import { splitWhy } from '../read-request.ts'
import { say } from '../slack/text.ts'
import { placeOf } from './reply.ts'
import type { ThreadCommand } from './thread-command.ts'

export const stop: ThreadCommand = async (desk, { reply, rescue, rest, whisper }) => {
  const { voice, rescues } = desk
  const { words, why } = splitWhy(rest)
  // A sentence about stopping is no order to stop.
  if (words !== '') return await whisper(say(voice.text.commands.inThread.stopAlone, { prefix: voice.commandPrefix }))
  const result = await rescues.stop(reply.person, rescue, placeOf(reply), why)
  if (result.kind !== 'asked') await whisper(stopWords(desk, rescue, result))
}
