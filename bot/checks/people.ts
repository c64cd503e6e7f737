/** Whether a rescue can be asked for and approved at all, and whether those who may are still there. */
import { type Check, type Seen, settled } from '../../core/base/checks.ts'
import type { BotConfig } from '../../core/config/bot.ts'
import { refusalIn } from './ask-slack.ts'
import { type Identity, notLooked } from './tokens.ts'

export type WhoMay = Pick<
  BotConfig,
  'RESCUE_CHANNELS' | 'RESCUE_REQUESTERS' | 'RESCUE_APPROVERS' | 'REQUESTER_MAY_APPROVE'
>

/** Of the settings alone; Slack is not asked. */
export function whoMayCheck(settings: Partial<WhoMay>): Check {
  return settled('who may do what', whoMay(settings))
}

function whoMay({
  RESCUE_CHANNELS: channels,
  RESCUE_REQUESTERS: requesters,
  RESCUE_APPROVERS: approvers,
  REQUESTER_MAY_APPROVE: mayApproveOwn,
}: Partial<WhoMay>): Seen {
  if (channels === undefined || requesters === undefined || approvers === undefined || mayApproveOwn === undefined)
    return { verdict: 'note', said: 'was not looked at: its settings are not well-formed' }
  const empty = Object.entries({
    RESCUE_CHANNELS: channels,
    RESCUE_REQUESTERS: requesters,
    RESCUE_APPROVERS: approvers,
  })
    .filter(([, list]) => list.length === 0)
    .map(([name]) => name)
  if (empty.length > 0) {
    const mend = [`set ${empty.join(', ')} to ids, separated by commas`]
    return { verdict: 'bad', said: `${empty.join(', ')}: empty, so no rescue can be asked for and approved`, mend }
  }
  const alone = requesters.filter(
    (requester) => !mayApproveOwn && approvers.every((approver) => approver === requester),
  )
  if (alone.length > 0)
    return {
      verdict: 'bad',
      said: `nobody may approve what ${alone.join(' and ')} asks for: four eyes, and no other approver`,
      mend: ['add a second person to RESCUE_APPROVERS, or, for a team of one: REQUESTER_MAY_APPROVE=true'],
    }
  return { verdict: 'ok', said: `${requesters.length} may ask, ${approvers.length} may approve` }
}

export function peopleChecks(
  { RESCUE_REQUESTERS = [], RESCUE_APPROVERS = [] }: Partial<WhoMay>,
  identity: Identity,
): readonly Check[] {
  const lists = { RESCUE_REQUESTERS, RESCUE_APPROVERS }
  const everybody = [...new Set([...RESCUE_REQUESTERS, ...RESCUE_APPROVERS])]
  return everybody.map((user) => {
    const where = Object.entries(lists)
      .filter(([, ids]) => ids.includes(user))
      .map(([name]) => name)
    return { what: `Slack user ${user}`, look: () => lookUp(user, where.join(' and '), identity) }
  })
}

async function lookUp(user: string, where: string, { client }: Identity): Promise<Seen> {
  try {
    const { user: found } = await client.users.info({ user })
    if (found?.deleted) return { verdict: 'bad', said: 'is deactivated', mend: [`take the id out of ${where}`] }
    if (found?.is_bot) return { verdict: 'bad', said: 'is a bot, no person', mend: [`take the id out of ${where}`] }
    return { verdict: 'ok', said: `is ${found?.real_name ?? found?.name}` }
  } catch (thrown) {
    const refusal = refusalIn(thrown)
    if (refusal.error !== 'user_not_found' && refusal.error !== 'user_not_visible') return notLooked(refusal)
    return {
      verdict: 'bad',
      said: 'there is nobody of that id in this workspace',
      mend: [`correct the id in ${where}`],
    }
  }
}
