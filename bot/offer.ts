/** What the form may offer to somebody: the policy is asked for each of its tasks, in each channel that it can be for. */
import type { RequestVerdict } from '../core/approvals/verdicts.ts'
import type { Person } from '../core/record/events.ts'
import { type Offer, playbookOf, Task } from './modals/tasks.ts'
import type { Rescues } from './rescues.ts'

type Refused = Exclude<RequestVerdict, 'allowed'>

export type Offered =
  | { readonly kind: 'offered'; readonly offer: Offer }
  /** Nothing, anywhere. */
  | { readonly kind: 'refused'; readonly verdict: Refused }

/** Of several reasons the one that says most of this person. */
const REASONS: readonly Refused[] = ['not-a-requester', 'no-rule']

/** @throws RescueError `membership-unknown` */
export async function offerTo(
  rescues: Pick<Rescues, 'mayStart'>,
  person: Person,
  channels: readonly string[],
): Promise<Offered> {
  const asked = channels.flatMap((channel) => Task.options.map((task) => ({ channel, task })))
  const verdicts = await Promise.all(
    asked.map(async ({ channel, task }) => ({
      channel,
      task,
      verdict: await rescues.mayStart(person, { playbooks: [playbookOf(task)], channel }),
    })),
  )
  const allowed = verdicts.filter(({ verdict }) => verdict === 'allowed')
  if (allowed.length === 0) {
    const verdict = REASONS.find((reason) => verdicts.some((one) => one.verdict === reason))
    return { kind: 'refused', verdict: verdict ?? 'wrong-channel' }
  }
  const byChannel = Map.groupBy(allowed, ({ channel }) => channel)
  const offer = [...byChannel].map(([channel, tasks]) => [channel, tasks.map(({ task }) => task)] as const)
  return { kind: 'offered', offer: Object.fromEntries(offer) }
}
