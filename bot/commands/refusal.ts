/** Why somebody may not start a rescue here, and what to do about it. */
import { channelsOf } from '../../core/approvals/policy.ts'
import type { RequestVerdict } from '../../core/approvals/verdicts.ts'
import { assertNever } from '../../core/base/errors.ts'
import type { Person } from '../../core/record/events.ts'
import type { Desk } from '../desk.ts'
import { joined, mentionChannel, say } from '../slack/text.ts'

export function refusalWords(
  { voice, policy }: Desk,
  verdict: Exclude<RequestVerdict, 'allowed'>,
  person: Person,
): string {
  const { commands } = voice.text
  switch (verdict) {
    case 'not-a-requester':
      return say(commands.notRequester, { user: person.user })
    case 'no-rule':
      return commands.noRule
    case 'several-rules':
      return commands.severalRules
    case 'wrong-channel': {
      const channels = channelsOf(policy)
      return channels.length === 0
        ? commands.noChannel
        : say(commands.wrongChannel, { channels: joined(channels.map(mentionChannel)) })
    }
    default:
      return assertNever(verdict)
  }
}
