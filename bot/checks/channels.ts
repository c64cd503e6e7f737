/**
 * The channels in which rescues may be asked for. They are read, one message each: the
 * bot needs that scope anyway, and would need more to be told about them.
 */
import type { Check, Seen } from '../../core/base/checks.ts'
import { refusalIn } from './ask-slack.ts'
import { type Identity, notLooked } from './tokens.ts'

/** Slack's own last word in a channel that was archived (docs.slack.dev/reference/events/message, subtypes). */
const ARCHIVED = ['channel_archive', 'group_archive']

export function channelChecks(channels: readonly string[], identity: Identity): readonly Check[] {
  return channels.map((channel) => ({ what: `Slack channel ${channel}`, look: () => lookInto(channel, identity) }))
}

async function lookInto(channel: string, { client, name, team }: Identity): Promise<Seen> {
  const page = `https://app.slack.com/client/${team}/${channel}`
  const invite = `there, ${page}, type: /invite @${name}`
  try {
    const { messages = [] } = await client.conversations.history({ channel, limit: 1 })
    if (!ARCHIVED.includes(messages[0]?.subtype ?? '')) return { verdict: 'ok', said: 'the bot is in it' }
    return { verdict: 'bad', said: 'is archived', mend: [`unarchive it, ${page}, or take it out of RESCUE_CHANNELS`] }
  } catch (thrown) {
    const refusal = refusalIn(thrown)
    switch (refusal.error) {
      case 'not_in_channel':
        return { verdict: 'bad', said: 'the bot is not in it', mend: [invite] }
      case 'channel_not_found': {
        const mend = [`if it is private: ${invite}`, 'if not: correct the id in RESCUE_CHANNELS']
        return { verdict: 'bad', said: 'there is none of that id, or it is private and the bot is not in it', mend }
      }
      default:
        return notLooked(refusal)
    }
  }
}
