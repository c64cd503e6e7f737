/** Who may do what, by a policy file or by the lists: whether that can be read, and whether it leaves a way to be rescued. */
import { channelsOf, type GateRule, type Policy, type Rule } from '../../core/approvals/policy.ts'
import { PolicyError } from '../../core/approvals/policy-file.ts'
import { type Check, type Seen, settled, whyOf } from '../../core/base/checks.ts'
import { type PolicySettings, policyIn } from '../policy.ts'
import { type Named, NOTHING_NAMED, namedInLists, namedInPolicy } from './named.ts'

export interface WhoMay {
  /** Slack is not asked for them. */
  readonly checks: readonly Check[]
  /** For the checks that ask Slack. */
  readonly named: Named
}

export async function whoMay(settings: Partial<PolicySettings>): Promise<WhoMay> {
  const { RESCUE_POLICY: file } = settings
  if (file === undefined)
    return { checks: [settled('who may do what', byLists(settings))], named: namedInLists(settings) }
  try {
    const policy = await policyIn(file)
    return { checks: byPolicy(policy, file).map((seen) => settled('policy', seen)), named: namedInPolicy(policy, file) }
  } catch (thrown) {
    return { checks: faults(thrown, file).map((seen) => settled('policy', seen)), named: NOTHING_NAMED }
  }
}

function faults(thrown: unknown, file: string): readonly Seen[] {
  if (!(thrown instanceof PolicyError)) {
    const mend = [`RESCUE_POLICY must name a file that whoever runs the bot may read: ${file}`]
    return [{ verdict: 'bad', said: `can not be read: ${whyOf(thrown)}`, mend }]
  }
  const mend = [`correct it in ${file}; deploy/slack/policy.example.yaml has all that can stand there`]
  return thrown.mistakes.map((said) => ({ verdict: 'bad', said, mend }))
}

function byPolicy(policy: Policy, file: string): readonly Seen[] {
  const hopeless = policy.rules.flatMap((rule) => hopelessIn(rule))
  if (hopeless.length > 0)
    return hopeless.map((said) => ({
      verdict: 'bad',
      said,
      mend: [`name more people there in ${file}, or, for a team of one: requester-counts: true`],
    }))
  const [rules, channels] = [policy.rules.length, channelsOf(policy).length]
  return [{ verdict: 'ok', said: `is well-formed: rules: ${rules}, channels: ${channels}` }]
}

/** Of those who are named themselves: who is in a group can change. */
function hopelessIn({ name, request, gates }: Rule): readonly string[] {
  return ([1, 2] as const).flatMap((gate) => {
    const alone = request.users.filter((requester) => !canBeApproved(gates[gate], requester))
    return alone.length === 0
      ? []
      : [`rule ${name}: nobody can approve gate ${gate} of what ${alone.join(' and ')} asks for: too few others may`]
  })
}

function canBeApproved({ approve, count, requesterCounts, breakGlass }: GateRule, requester: string): boolean {
  if (approve.groups.length > 0 || approve.channels.length > 0 || breakGlass !== null) return true
  return new Set(approve.users.filter((user) => requesterCounts || user !== requester)).size >= count
}

function byLists({
  RESCUE_CHANNELS: channels,
  RESCUE_REQUESTERS: requesters,
  RESCUE_APPROVERS: approvers,
  REQUESTER_MAY_APPROVE: mayApproveOwn,
}: Partial<PolicySettings>): Seen {
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
