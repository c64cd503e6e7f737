/** The private message with which somebody opens the console that was made for their key: commands that are ready to paste. */
import type { KnownBlock } from '@slack/types'
import {
  CONSOLE_CLIENTS,
  type ConsoleClient,
  consoleCommands,
  KEY_FILES,
  LEAVE,
  VIEWER_ADDRESS,
} from '../../core/record/console-commands.ts'
import { context, header, type MessageBody, message, preformatted, section } from '../slack/blocks.ts'
import { moment, plain, say } from '../slack/text.ts'
import type { Thread } from './thread.ts'
import { instanceName, type Voice } from './words.ts'

export function consoleCommandsMessage(voice: Voice, { rescue, state }: Thread): MessageBody {
  const words = voice.text.thread.consoleCommands
  const { handedOut } = state
  const names = { rescue, instance: instanceName(state) }
  const commands = handedOut === undefined ? undefined : consoleCommands(handedOut)
  if (handedOut === undefined || commands === undefined) return message(say(words.text, names), [section(words.odd)])
  const { serial, screen, fingerprint } = commands
  return message(say(words.text, names), [
    header(plain(words.title, names)),
    section(
      `${say(words.until, { at: moment(handedOut.until) })} ${say(words.fingerprint, { fingerprint })} ${words.oneClient}`,
    ),
    section(`*${words.serial}* ${say(words.leave, { leave: LEAVE })}`),
    ...clients(voice, serial),
    ...(screen === undefined
      ? [context(words.noScreen)]
      : [section(`*${words.screen}* ${say(words.viewer, { address: VIEWER_ADDRESS })}`), ...clients(voice, screen)]),
  ])
}

function clients({ text }: Voice, commands: Readonly<Record<ConsoleClient, string>>): readonly KnownBlock[] {
  const { client, keyFile } = text.thread.consoleCommands
  return CONSOLE_CLIENTS.flatMap((name) => [
    context(`*${client[name]}* ${say(keyFile, { file: KEY_FILES[name] })}`),
    preformatted(commands[name], '-'),
  ])
}
