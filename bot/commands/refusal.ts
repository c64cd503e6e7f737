/** Why somebody may not start a rescue here, and what to do about it. */
import type { RequestVerdict } from '../../core/approvals/policy.ts'
import type { Person } from '../../core/record/events.ts'
import type { Desk } from '../desk.ts'
import { joined, mentionChannel, say } from '../slack/text.ts'

export function refusalWords(
  { voice, policy }: Desk,
  verdict: Exclude<RequestVerdict, 'allowed'>,
  person: Person,
): string {
  const { commands } = voice.text
  if (verdict === 'not-a-requester') return say(commands.notRequester, { user: person.user })
  if (policy.channels.length === 0) return commands.noChannel
  return say(commands.wrongChannel, { channels: joined(policy.channels.map(mentionChannel)) })
}
