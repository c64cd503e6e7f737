/** Whether a person is among those whom a policy names; and what has to be asked of Slack to know that. */
import { RescueError } from '../base/errors.ts'
import type { Person } from '../record/events.ts'
import { NOBODY, type Who } from './policy.ts'

/** Who is in which group and which channel, as Slack said just now; by the ids that were asked about. */
export interface Members {
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>
  readonly channels: ReadonlyMap<string, ReadonlySet<string>>
}

/** What a verdict rests on besides the policy and the log. */
export interface Facts {
  readonly members: Members
  /** The team id of the workspace that the policy speaks of. */
  readonly home: string
  readonly now: Date
}

/**
 * Only people of this workspace: user ids are unique within a team (Slack's Web API, "users").
 * @throws RescueError `membership-not-asked`: an answer that was never asked for is no answer.
 */
export function isAmong({ users, groups, channels }: Who, { team, user }: Person, { members, home }: Facts): boolean {
  if (team !== home) return false
  if (users.includes(user)) return true
  return [
    ...groups.map((group) => demand(members.groups, group)),
    ...channels.map((channel) => demand(members.channels, channel)),
  ].some((inIt) => inIt.has(user))
}

/** The groups and channels whose members decide whether this person is among any of these. */
export function toBeAsked(all: readonly Who[], { user }: Person): Pick<Who, 'groups' | 'channels'> {
  const open = all.filter(({ users }) => !users.includes(user))
  const { groups, channels } = joinedWho(open)
  return { groups, channels }
}

export function joinedWho(all: readonly Who[]): Who {
  return all.reduce<Who>(
    (one, other) => ({
      users: [...new Set([...one.users, ...other.users])],
      groups: [...new Set([...one.groups, ...other.groups])],
      channels: [...new Set([...one.channels, ...other.channels])],
    }),
    NOBODY,
  )
}

function demand(known: ReadonlyMap<string, ReadonlySet<string>>, id: string): ReadonlySet<string> {
  const members = known.get(id)
  if (members !== undefined) return members
  throw new RescueError('us', 'membership-not-asked', `nobody asked who is in ${id}`)
}
