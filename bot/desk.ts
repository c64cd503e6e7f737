/** What the listeners work with: each gets this one desk, and nothing global. */
import { randomBytes } from 'node:crypto'
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Policy } from '../core/approvals/policy.ts'
import { RescueError } from '../core/base/errors.ts'
import { catalogues } from '../core/i18n/catalogue.ts'
import type { Person } from '../core/record/events.ts'
import type { Hearings } from '../core/store/hearings.ts'
import type { KnownInstances } from './instances/known-instances.ts'
import type { Rescues } from './rescues.ts'
import type { Languages } from './slack/languages.ts'
import { say } from './slack/text.ts'
import type { Threads } from './thread/threads.ts'
import type { Voice } from './thread/words.ts'

export interface Desk {
  readonly rescues: Rescues
  readonly threads: Pick<Threads, 'card' | 'linkTo' | 'rescueOf'>
  readonly hearings: Pick<Hearings, 'isFirst'>
  readonly instances: Pick<KnownInstances, 'now'>
  readonly policy: Policy
  readonly voice: Voice
  readonly languages: Languages
  readonly logger: Logger
}

/** The same desk, with the words of the one who is spoken to. */
export async function speakingTo(desk: Desk, { user }: Person, client: WebClient): Promise<Desk> {
  return { ...desk, voice: { ...desk.voice, text: catalogues[await desk.languages.of(user, client)] } }
}

/**
 * Does what was asked, and tells whoever asked when Slack does not say whether they may, or when it breaks: then with a
 * number that stands in the log beside the error. Nothing that was typed is logged: it may hold a key.
 */
export async function attend(
  { logger, voice }: Desk,
  what: string,
  tell: (mrkdwn: string) => Promise<unknown>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof RescueError && error.code === 'membership-unknown') {
      logger.warn({ err: error, what }, 'nobody could tell who may do this')
      return void (await tell(voice.text.commands.cannotCheck))
    }
    const reference = randomBytes(4).toString('hex')
    logger.error({ err: error, what, reference }, 'a request from Slack could not be served')
    await tell(say(voice.text.commands.broken, { reference }))
  }
}

/**
 * Whether Slack delivers this once more, which then is answered with nothing. `deed` holds all that tells it from
 * another one; a second click is another one. Where that can not be said it counts as new: nothing that people do is lost,
 * and what is settled stands in the logs.
 */
export async function wasHeard(
  { hearings, logger }: Pick<Desk, 'hearings' | 'logger'>,
  deed: string,
): Promise<boolean> {
  try {
    return !(await hearings.isFirst(deed))
  } catch (error) {
    logger.warn({ err: error }, 'nobody could tell whether this was delivered before')
    return false
  }
}
