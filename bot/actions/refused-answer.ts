/** Why nobody needs, or may have, what this person would enter or send. */
import type { AnswerVerdict } from '../../core/approvals/verdicts.ts'
import { assertNever } from '../../core/base/errors.ts'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { mention, moment, say } from '../slack/text.ts'

export function refusedAnswer(text: Catalogue, verdict: Exclude<AnswerVerdict, { kind: 'allowed' }>): string {
  const words = text.commands.clicks
  switch (verdict.kind) {
    case 'not-allowed':
      return words.notAnswerer
    case 'already-answered':
      return say(words.alreadyAnswered, {
        person: mention(verdict.by, text.thread.worker),
        at: moment(verdict.at),
      })
    case 'expired':
      return words.askExpired
    case 'not-waiting':
      return words.askOver
    default:
      return assertNever(verdict)
  }
}
