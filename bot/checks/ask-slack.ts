/** Slack as `npm run doctor` asks it: each question once, in its time; and what it says no with. */
import { WebAPIPlatformError, WebClient } from '@slack/web-api'
import { pino } from 'pino'
import { skewByDate } from '../../core/base/clock-skew.ts'
import { slackLogger } from '../slack/logging.ts'

export interface AskedSlack {
  readonly client: WebClient
  /** How far our clock is ahead of Slack's by its last answer, in ms; undefined when that had no date. */
  readonly skewMs: () => number | undefined
}

export interface SlackDoor {
  readonly apiUrl: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Shorter than a check's own limit, so that Slack's client can say what it waited for. */
const CALL_TIMEOUT_MS = 9000

export function askSlack(token: string, { apiUrl, now }: SlackDoor): AskedSlack {
  let skewMs: number | undefined
  const client = new WebClient(token, {
    slackApiUrl: apiUrl,
    logger: slackLogger(pino({ level: 'silent' })),
    timeout: CALL_TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    fetch: async (...request) => {
      const from = now()
      const response = await fetch(...request)
      skewMs = skewByDate(response.headers.get('date'), { from, to: now() })
      return response
    },
  })
  return { client, skewMs: () => skewMs }
}

/** Slack's word for why not (`invalid_auth`), and the scope that it wanted, if it was for want of one. */
export interface Refusal {
  readonly error: string
  readonly needed: string
}

/** Throws `thrown` again when it is not Slack that said no. */
export function refusalIn(thrown: unknown): Refusal {
  if (!(thrown instanceof WebAPIPlatformError)) throw thrown
  const { error } = thrown.data
  const needed: unknown = Reflect.get(thrown.data, 'needed')
  return { error, needed: typeof needed === 'string' ? needed : '' }
}

/** A page of the app at Slack, e.g. `oauth`; the list of all apps where it is not known which one it is. */
export function appPage(app: string | undefined, page: string): string {
  return `https://api.slack.com/apps${app === undefined ? '' : `/${app}/${page}`}`
}
