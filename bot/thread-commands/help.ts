/** What there is to write in a thread, for whoever asks, and for whoever wrote something that there is not. */
import { say } from '../slack/text.ts'
import type { ThreadCommand } from './thread-command.ts'

export const help: ThreadCommand = async ({ voice }, { word, whisper }) => {
  const { lines, unknown, title } = voice.text.commands.inThread
  const names = { prefix: voice.commandPrefix, word }
  await whisper([word === 'help' ? title : unknown, ...lines].map((line) => say(line, names)).join('\n'))
}
