/** Why a click on Approve or Deny changed nothing. */
import { assertNever } from '../../core/base/errors.ts'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Gate } from '../../core/record/gates.ts'
import type { DecideResult } from '../rescues.ts'
import { mention, moment, say } from '../slack/text.ts'

export function refusedDecision(text: Catalogue, result: Exclude<DecideResult, { kind: 'decided' }>): string {
  const words = text.commands.clicks
  switch (result.kind) {
    case 'not-an-approver':
      return words.notApprover
    case 'own-request':
      return words.ownRequest
    case 'own-text':
      return words.ownText
    case 'already-approved':
      return words.alreadyApproved
    case 'plan-changed':
      return words.planChanged
    case 'may-not-break-glass':
      return words.notGlassBreaker
    case 'reason-too-short':
      return say(text.commands.breakGlass.tooShort, { least: result.least })
    case 'forged':
      return words.forged
    case 'already-decided':
      return alreadyDecided(text, result.gate)
    case 'expired':
      return words.expired
    case 'not-waiting':
      return words.notWaiting
    default:
      return assertNever(result)
  }
}

function alreadyDecided(text: Catalogue, { decision }: Gate): string {
  const words = text.commands.clicks
  if (decision === undefined) return words.notWaiting
  const at = moment(decision.at)
  if (decision.decision === 'expired') return say(words.alreadyExpired, { at })
  return say(words.alreadyDecided, {
    decision: text.thread.decisionWord[decision.decision],
    person: mention(decision.by, text.thread.worker),
    at,
  })
}
