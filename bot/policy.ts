/** The policy that the bot's settings name: a file, or their lists of people as one rule. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Policy, policyOfLists } from '../core/approvals/policy.ts'
import { readPolicy } from '../core/approvals/policy-file.ts'
import type { BotConfig } from '../core/config/bot.ts'

export type PolicySettings = Pick<
  BotConfig,
  'RESCUE_POLICY' | 'RESCUE_CHANNELS' | 'RESCUE_REQUESTERS' | 'RESCUE_APPROVERS' | 'REQUESTER_MAY_APPROVE'
>

/** Throws `PolicyError`, and what reading the file throws. */
export async function policyOf(settings: PolicySettings): Promise<Policy> {
  const file = settings.RESCUE_POLICY
  if (file !== undefined) return await policyIn(file)
  return policyOfLists({
    channels: settings.RESCUE_CHANNELS,
    requesters: settings.RESCUE_REQUESTERS,
    approvers: settings.RESCUE_APPROVERS,
    requesterMayApprove: settings.REQUESTER_MAY_APPROVE,
  })
}

/** Throws as `policyOf`. */
export async function policyIn(file: string): Promise<Policy> {
  return readPolicy(await readFile(file, 'utf8'), basename(file))
}
