/**
 * Puts into a rescue's log what the policy says of it: whether it may go on, once its instance is known, and what a gate
 * needs, once it is open. The worker has no policy, and people must be able to read afterwards which rule held.
 */
import { toBeAsked } from '../core/approvals/people.ts'
import { type Policy, rulingOn } from '../core/approvals/policy.ts'
import { mayGoOn, requesters, subjectOf } from '../core/approvals/verdicts.ts'
import type { RescueEvent } from '../core/record/events.ts'
import type { Gate } from '../core/record/gates.ts'
import type { EventLog } from '../core/record/log.ts'
import { RescueLog } from '../core/record/rescue-log.ts'
import { openGate, type RescueState } from '../core/record/state.ts'
import type { Membership } from './slack/membership.ts'

export interface GatekeeperParts {
  readonly log: EventLog
  readonly policy: Policy
  readonly membership: Pick<Membership, 'of'>
  readonly home: string
  readonly now: () => Date
}

export class Gatekeeper {
  readonly #parts: GatekeeperParts

  constructor(parts: GatekeeperParts) {
    this.#parts = parts
  }

  /** True while the log waits for the policy. */
  isNeeded(state: RescueState): boolean {
    return wantsAdmission(state) || gateWithoutTerms(state) !== undefined
  }

  /** @throws RescueError `membership-unknown`: to be tried again. */
  async attend(rescue: string): Promise<void> {
    const { log, now } = this.#parts
    const own = new RescueLog(log, rescue, now)
    await own.refresh()
    const admission = wantsAdmission(own.state) ? await this.#admission(own.state) : undefined
    await own.record({ actor: { kind: 'policy' }, epoch: null }, (state) => {
      if (wantsAdmission(state)) return admission
      const gate = gateWithoutTerms(state)
      return gate && this.#terms(state, gate)
    })
  }

  async #admission(state: RescueState): Promise<RescueEvent | undefined> {
    const { policy, membership, home, now } = this.#parts
    const subject = subjectOf(state)
    const by = state.request?.by
    if (subject === undefined || by?.kind !== 'person') return undefined
    const members = await membership.of(toBeAsked(requesters(policy, subject), by), 'decision')
    const verdict = mayGoOn(policy, subject, by, { members, home, now: now() })
    const ruling = rulingOn(policy, subject)
    if (verdict === 'allowed' && ruling.kind === 'rule') return { type: 'admitted', rule: ruling.rule.name }
    return {
      type: 'turned-away',
      why: verdict === 'not-a-requester' || verdict === 'several-rules' ? verdict : 'no-rule',
    }
  }

  /** Where no rule is left for it, one approval that nobody can give: the gate expires. */
  #terms(state: RescueState, { plan, planHash, openedAt, expiresAt }: Gate): RescueEvent {
    const subject = subjectOf(state)
    const ruling = subject && rulingOn(this.#parts.policy, subject)
    const rule = ruling?.kind === 'rule' ? ruling.rule : undefined
    const { count = 1, breakGlass = null, expiresInMs = null } = rule?.gates[plan.gate] ?? {}
    return {
      type: 'terms-set',
      gate: plan.gate,
      planHash,
      rule: rule?.name ?? '',
      count,
      mayBreakGlass: breakGlass !== null,
      expiresAt: expiresInMs === null ? expiresAt : new Date(Date.parse(openedAt) + expiresInMs).toISOString(),
    }
  }
}

function wantsAdmission({ request, instance, admission, ended }: RescueState): boolean {
  return request?.conditional === true && instance !== undefined && admission === undefined && ended === undefined
}

function gateWithoutTerms(state: RescueState): Gate | undefined {
  const gate = openGate(state)
  return gate?.terms === undefined ? gate : undefined
}
