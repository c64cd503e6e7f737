/** `!say <line>`: types it into the root shell, as the form does. Its answer stands in the thread. */
import { ShellLine } from '../../core/record/shell-line.ts'
import { refusedLine } from '../actions/people-shell.ts'
import { ticketFrom } from '../rescue-id.ts'
import { say as words } from '../slack/text.ts'
import { placeOf } from './reply.ts'
import type { ThreadCommand } from './thread-command.ts'
import { readTyped } from './typed-text.ts'

export const say: ThreadCommand = async ({ voice, rescues }, { reply, rescue, rest, whisper }) => {
  const { shell, inThread } = voice.text.commands
  if (rest === '') return await whisper(words(inThread.sayNeeded, { prefix: voice.commandPrefix }))
  const typed = readTyped(rest)
  if (typed.kind === 'unclear')
    return await whisper(words(inThread.unclear, { prefix: voice.commandPrefix, part: typed.part }))
  const line = ShellLine.safeParse(typed.text.replaceAll('\t', ' '))
  if (!line.success) return await whisper(shell.badLine)
  const id = ticketFrom(`${reply.channel} ${reply.ts}`)
  const verdict = await rescues.typeLine(reply.person, rescue, id, line.data, placeOf(reply))
  if (verdict !== 'allowed') await whisper(refusedLine(voice.text, verdict))
}
