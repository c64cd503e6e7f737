/** `/oci-rescue …`: acknowledged at once, then handed to its subcommand. */
import type { App } from '@slack/bolt'
import { attend, type Desk } from '../desk.ts'
import { COMMAND } from '../slack/names.ts'
import { commander } from '../slack/people.ts'
import { say } from '../slack/text.ts'
import { type Subcommand, whisper } from './command.ts'
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
    await attend(desk, 'command', tell, async () => {
      const subcommand = SUBCOMMANDS.get(name.toLowerCase())
      if (subcommand === undefined) await unknown(desk, name, tell)
      await (subcommand ?? help)(desk, typed)
    })
  })
}

async function unknown({ voice }: Desk, command: string, tell: (mrkdwn: string) => Promise<void>): Promise<void> {
  await tell(say(voice.text.commands.unknown, { command }))
}

/** Slack escapes these three in what people type. */
function readWords(text: string): readonly string[] {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .split(/\s+/)
    .filter((word) => word !== '')
}
