/** Somebody opened a gate alone: told in a channel of its own, where the policy names one. */
import type { Entry } from '../../core/record/events.ts'
import { context, header, type MessageBody, message, section } from '../slack/blocks.ts'
import { type Mrkdwn, mention, mentionChannel, mentionGroup, mentionUser, moment, plain, say } from '../slack/text.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, reasonWords, title, type Voice } from './words.ts'

export function alarmMessage(voice: Voice, { rescue, state }: Thread, { entry }: ItemOf<'alarm'>): MessageBody {
  const words = voice.text.thread.alarm
  const names = {
    rescue,
    instance: instanceName(state),
    person: mention(entry.actor, voice.text.thread.worker),
    channel: mentionChannel(state.request?.channel ?? ''),
    at: moment(entry.at),
    what: title(voice, state),
  }
  const called = voice.policy.audit?.mention
  const call = called === null || called === undefined ? '' : `${calling(called)} `
  return message(say(words.text, names), [
    header(plain(words.title, { instance: instanceName(state) })),
    section(`${call}${say(words.what, names)}`),
    section(say(words.why, { reason: reasonOf(entry) })),
    context(say(words.where, names)),
  ])
}

function calling(id: string): string {
  return (id.startsWith('S') ? mentionGroup(id) : mentionUser(id)).mrkdwn
}

function reasonOf({ event }: Entry): Mrkdwn {
  return reasonWords(event.type === 'decided' ? (event.reason ?? '') : '')
}
