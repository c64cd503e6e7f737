/** `!screen`: as the button on the card. The picture comes in the thread. */
import { refusedScreen } from '../actions/screen.ts'
import { say } from '../slack/text.ts'
import { placeOf } from './reply.ts'
import type { ThreadCommand } from './thread-command.ts'

export const screen: ThreadCommand = async ({ voice, rescues }, { reply, rescue, word, rest, whisper }) => {
  if (rest !== '') return await whisper(say(voice.text.commands.inThread.alone, { prefix: voice.commandPrefix, word }))
  const verdict = await rescues.askForScreen(reply.person, rescue, placeOf(reply))
  if (verdict !== 'allowed') await whisper(refusedScreen(voice.text, verdict))
}
