/** "Rescue this instance", in the menu of every message: opens the form with the instance that the message speaks of. */
import type { App, MessageShortcut, RespondFn } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { channelsOf } from '../../core/approvals/policy.ts'
import { whisper } from '../commands/command.ts'
import { refusalWords } from '../commands/refusal.ts'
import { attend, type Desk, speakingTo, wasHeard } from '../desk.ts'
import { type Mentioned, mentioned } from '../instances/mentioned.ts'
import { type Metadata, startWith } from '../modals/start-fields.ts'
import { startForm } from '../modals/start-form.ts'
import { offerTo } from '../offer.ts'
import { MESSAGE_SHORTCUT } from '../slack/names.ts'
import { openView } from '../slack/open-view.ts'
import { actor } from '../slack/people.ts'
import { messageText } from './message-text.ts'

export function registerShortcuts(app: App, desk: Desk): void {
  app.shortcut<MessageShortcut>(
    { type: 'message_action', callback_id: MESSAGE_SHORTCUT },
    async ({ ack, shortcut, client, respond }) => {
      await ack()
      const { trigger_id, channel, message } = shortcut
      if (await wasHeard(desk, JSON.stringify(['shortcut', trigger_id, actor(shortcut), channel.id, message.ts])))
        return
      const theirs = await speakingTo(desk, actor(shortcut), client)
      const tell = (mrkdwn: string) => whisper(respond, mrkdwn)
      await attend(theirs, 'shortcut', tell, () => rescueThis(theirs, shortcut, client, respond))
    },
  )
}

async function rescueThis(desk: Desk, shortcut: MessageShortcut, client: WebClient, respond: RespondFn): Promise<void> {
  const { voice, policy, rescues, instances } = desk
  const person = actor(shortcut)
  const { channels, isElsewhere } = placeFor(channelsOf(policy), shortcut.channel.id)
  const offered = await offerTo(rescues, person, channels)
  if (offered.kind === 'refused') return await whisper(respond, refusalWords(desk, offered.verdict, person))
  const directory = await instances.now()
  const found = mentioned(directory, messageText(shortcut.message))
  const start = {
    ...startWith(directory, new Date(), found, { offer: offered.offer, isElsewhere }, ''),
    recognised: recognised(found),
    from: { channel: shortcut.channel.id, message: shortcut.message.ts },
  }
  if ((await openView(client, shortcut.trigger_id, startForm(voice.text, start, undefined))) === 'too-late')
    await whisper(respond, voice.text.commands.start.tooLate)
}

/** Alarms come where they come; rescues have channels of their own. */
function placeFor(
  channels: readonly string[],
  here: string,
): { readonly channels: readonly string[]; readonly isElsewhere: boolean } {
  return channels.includes(here) ? { channels: [here], isElsewhere: false } : { channels, isElsewhere: true }
}

function recognised({ instances, unlisted }: Mentioned): NonNullable<Metadata['recognised']> {
  if (unlisted !== undefined) return 'unlisted'
  if (instances.length > 1) return 'several'
  return instances.length === 1 ? 'one' : 'none'
}
