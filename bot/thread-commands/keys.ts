/**
 * `!keys ctrl-c`: interrupts the line that runs in the root shell. There are no other keys: what they do depends on the
 * screen that they reach, and nothing is typed into one that was not recognised.
 */
import { refusedInterrupt } from '../actions/people-shell.ts'
import { say, unescapeMrkdwn } from '../slack/text.ts'
import { placeOf } from './reply.ts'
import type { ThreadCommand } from './thread-command.ts'

/** As people write it. */
const CTRL_C = /^(?:(?:ctrl|control|c)[-+ ]|\^)c$/i

export const keys: ThreadCommand = async ({ voice, rescues }, { reply, rescue, rest, whisper }) => {
  const { keysNeeded, otherKeys } = voice.text.commands.inThread
  const typed = unescapeMrkdwn(rest).normalize('NFKC').replaceAll('`', '').trim()
  const names = { prefix: voice.commandPrefix, keys: typed }
  if (typed === '') return await whisper(say(keysNeeded, names))
  if (!CTRL_C.test(typed)) return await whisper(say(otherKeys, names))
  const verdict = await rescues.interruptLine(reply.person, rescue, placeOf(reply))
  if (verdict !== 'allowed') await whisper(refusedInterrupt(voice.text, verdict))
}
