/**
 * Commands that people write as replies in a rescue's thread: `!stop`. Slack takes no slash commands there. All other
 * messages are none of ours, and are passed over without a word.
 */
import type { App } from '@slack/bolt'
import { channelsOf } from '../../core/approvals/policy.ts'
import { attend, type Desk, speakingTo, wasHeard } from '../desk.ts'
import { readGiven } from './given.ts'
import { help } from './help.ts'
import { keys } from './keys.ts'
import { readReply } from './reply.ts'
import { say } from './say.ts'
import { screen } from './screen.ts'
import { stop } from './stop.ts'
import type { ThreadCommand } from './thread-command.ts'
import { whisperTo } from './whisper.ts'

export const COMMANDS: ReadonlyMap<string, ThreadCommand> = new Map([
  ['help', help],
  ['keys', keys],
  ['say', say],
  ['screen', screen],
  ['stop', stop],
])

export function registerThreadCommands(app: App, desk: Desk): void {
  app.event('message', async ({ body, client }) => {
    const reply = readReply(body)
    const given = reply && readGiven(desk.voice.commandPrefix, reply.text)
    if (reply === undefined || given === undefined || !channelsOf(desk.policy).includes(reply.channel)) return
    const theirs = await speakingTo(desk, reply.person, client)
    const whisper = whisperTo(reply, client)
    await attend(theirs, 'reply', whisper, async () => {
      const rescue = await desk.threads.rescueOf(reply.channel, reply.thread)
      if (rescue === undefined || (await wasHeard(desk, JSON.stringify(['reply', reply.channel, reply.ts])))) return
      const command = COMMANDS.get(given.word) ?? help
      await command(theirs, { reply, rescue, ...given, whisper })
    })
  })
}
