/** Policies as tests need them: one rule, and only what matters there. */
import type { Facts } from '../../core/approvals/people.ts'
import { type Lists, type Policy, policyOfLists } from '../../core/approvals/policy.ts'

export function listed(lists: Partial<Lists>): Policy {
  return policyOfLists({ channels: [], requesters: [], approvers: [], requesterMayApprove: false, ...lists })
}

/** Slack has said that these are in these groups and channels. */
export function facts(now: Date, inside: Readonly<Record<string, readonly string[]>> = {}, home = 'T1'): Facts {
  const sets = Object.entries(inside).map(([id, people]) => [id, new Set(people)] as const)
  const groups = new Map(sets.filter(([id]) => id.startsWith('S')))
  const channels = new Map(sets.filter(([id]) => !id.startsWith('S')))
  return { members: { groups, channels }, home, now }
}
