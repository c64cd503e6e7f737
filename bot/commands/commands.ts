/** `/oci-rescue …`: acknowledged at once, then handed to its subcommand. */
import type { App } from '@slack/bolt'
import { attend, type Desk, speakingTo } from '../desk.ts'
import { COMMAND } from '../slack/names.ts'
import { commander } from '../slack/people.ts'
import { say } from '../slack/text.ts'
import { type Subcommand, whisper } from './command.ts'
import { connect } from './connect.ts'
import { DIRECT_COMMANDS, direct } from './direct.ts'
import { edit } from './edit.ts'
import { help } from './help.ts'
import { replaceKey } from './replace-key.ts'
import { shell } from './shell.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { undo } from './undo.ts'

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map([
  ['', help],
  ['help', help],
  ['edit', edit],
  ['replace-key', replaceKey],
  ['connect', connect],
  ...DIRECT_COMMANDS.map((name) => [name, direct(name)] as const),
  ['shell', shell],
  ['status', status],
  ['stop', stop],
  ['undo', undo],
])

export function registerCommands(app: App, desk: Desk): void {
  app.command(COMMAND, async ({ ack, command, client, respond }) => {
    await ack()
    const [name = '', ...words] = readWords(command.text)
    const typed = {
      person: commander(command),
      channel: command.channel_id,
      words,
      triggerId: command.trigger_id,
      client,
      respond,
    }
    const tell = (mrkdwn: string) => whisper(respond, mrkdwn)
    const theirs = await speakingTo(desk, typed.person, client)
    await attend(theirs, 'command', tell, async () => {
      const subcommand = SUBCOMMANDS.get(name.toLowerCase())
      if (subcommand === undefined) await unknown(theirs, name, tell)
      await (subcommand ?? help)(theirs, typed)
    })
  })
}

async function unknown({ voice }: Desk, command: string, tell: (mrkdwn: string) => Promise<void>): Promise<void> {
  await tell(say(voice.text.commands.unknown, { command }))
}

/** Slack escapes these three in what people type. A name with blanks stands in quotation marks, straight or curly. */
function readWords(text: string): readonly string[] {
  const typed = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  return [...typed.matchAll(/["\u201c\u201d](?<quoted>[^"\u201c\u201d]*)["\u201c\u201d]|(?<word>\S+)/g)].map(
    ({ groups }) => groups?.quoted ?? groups?.word ?? '',
  )
}
