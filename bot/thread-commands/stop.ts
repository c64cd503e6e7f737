/** `!stop`: as the button on the card. What comes of it stands in the thread. */
import { stopWords } from '../commands/stop.ts'
import { say } from '../slack/text.ts'
import { placeOf } from './reply.ts'
import type { ThreadCommand } from './thread-command.ts'

export const stop: ThreadCommand = async (desk, { reply, rescue, word, rest, whisper }) => {
  const { voice, rescues } = desk
  // A sentence about stopping is no order to stop.
  if (rest !== '') return await whisper(say(voice.text.commands.inThread.alone, { prefix: voice.commandPrefix, word }))
  const result = await rescues.stop(reply.person, rescue, placeOf(reply))
  if (result.kind !== 'asked') await whisper(stopWords(desk, rescue, result))
}
