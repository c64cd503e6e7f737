/**
 * Slack's libraries log into ours. Their debug lines hold whole payloads, and a payload
 * may hold a key that somebody pasted, so those lines are dropped whatever the level is.
 */
import { LogLevel, type Logger as SlackLogger } from '@slack/bolt'
import type { Logger } from 'pino'

export function slackLogger(logger: Logger): SlackLogger {
  return {
    debug: () => undefined,
    info: (...parts) => logger.debug(words(parts)),
    warn: (...parts) => logger.warn(words(parts)),
    error: (...parts) => logger.error(words(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  }
}

/** Errors by their messages only: some carry the request as a property. */
function words(parts: readonly unknown[]): string {
  return parts
    .map((part) => (part instanceof Error ? part.message : typeof part === 'string' ? part : '(object)'))
    .join(' ')
}
