/** The bot's office for tests: the test in which a bot sent something unfit fails of it, not the last one of its file. */
import { afterEach } from 'vitest'
import type { SlackStandIn } from '../../deploy/local/slack/server/start.ts'
import { type Office, type OfficeOptions, openOffice as open } from './office.ts'

export {
  APPROVER,
  type BotProcess,
  CHANNEL,
  type Office,
  OUTSIDER,
  REQUESTER,
  startBot,
} from './office.ts'

/** Slacks in which a bot may be at work. */
const watched = new Set<SlackStandIn>()

afterEach(() => {
  for (const slack of watched) slack.throwViolations()
})

export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  const office = await open(options)
  watched.add(office.slack)
  return {
    ...office,
    [Symbol.asyncDispose]: async () => {
      watched.delete(office.slack)
      await office[Symbol.asyncDispose]()
    },
  }
}
