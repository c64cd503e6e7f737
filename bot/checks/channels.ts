/**
 * The channels in which the bot posts, and those whose members may do something. The first are read, one message each:
 * the bot needs that scope anyway, and would need more to be told about them.
 */
import type { Check, Seen } from '../../core/base/checks.ts'
import { refusalIn } from './ask-slack.ts'
import type { Named } from './named.ts'
import { type Identity, notLooked } from './tokens.ts'

/** Slack's own last word in a channel that was archived (docs.slack.dev/reference/events/message, subtypes). */
const ARCHIVED = ['channel_archive', 'group_archive']

export function channelChecks({ channels, membersOf }: Named, identity: Identity): readonly Check[] {
  const check = (look: typeof lookInto) => (place: readonly [channel: string, where: string]) => ({
    what: `Slack channel ${place[0]}`,
    look: () => look(...place, identity),
  })
  const others = [...membersOf].filter(([channel]) => !channels.has(channel))
  return [...[...channels].map(check(lookInto)), ...others.map(check(lookAtMembers))]
}

async function lookInto(channel: string, where: string, identity: Identity): Promise<Seen> {
  const { client } = identity
  try {
    const { messages = [] } = await client.conversations.history({ channel, limit: 1 })
    if (!ARCHIVED.includes(messages[0]?.subtype ?? '')) return { verdict: 'ok', said: 'the bot is in it' }
    const mend = [`unarchive it, ${pageOf(channel, identity)}, or take it out of ${where}`]
    return { verdict: 'bad', said: 'is archived', mend }
  } catch (thrown) {
    return refused(thrown, channel, where, identity)
  }
}

/** The bot has to be in a private one only. */
async function lookAtMembers(channel: string, where: string, identity: Identity): Promise<Seen> {
  try {
    await identity.client.conversations.members({ channel, limit: 1 })
    return { verdict: 'ok', said: 'tells who is in it' }
  } catch (thrown) {
    return refused(thrown, channel, where, identity)
  }
}

function refused(thrown: unknown, channel: string, where: string, identity: Identity): Seen {
  const refusal = refusalIn(thrown)
  const invite = `there, ${pageOf(channel, identity)}, type: /invite @${identity.name}`
  switch (refusal.error) {
    case 'not_in_channel':
      return { verdict: 'bad', said: 'the bot is not in it', mend: [invite] }
    case 'channel_not_found': {
      const mend = [`if it is private: ${invite}`, `if not: correct the id in ${where}`]
      return { verdict: 'bad', said: 'there is none of that id, or it is private and the bot is not in it', mend }
    }
    default:
      return notLooked(refusal)
  }
}

function pageOf(channel: string, { team }: Identity): string {
  return `https://app.slack.com/client/${team}/${channel}`
}
