/** All that settings and policies name in Slack, each with where it is named: what is looked at, and what a mend speaks of. */
import { joinedWho } from '../../core/approvals/people.ts'
import { NOBODY, type Policy, type Rule, type Who } from '../../core/approvals/policy.ts'
import type { PolicySettings } from '../policy.ts'

/** By id: where it is named, in words that can stand behind `in`. */
type Places = ReadonlyMap<string, string>

export interface Named {
  /** In which the bot posts. */
  readonly channels: Places
  /** Whose members may do something. */
  readonly membersOf: Places
  readonly users: Places
  readonly groups: Places
}

export const NOTHING_NAMED: Named = { channels: new Map(), membersOf: new Map(), users: new Map(), groups: new Map() }

export function namedInLists({
  RESCUE_CHANNELS = [],
  RESCUE_REQUESTERS = [],
  RESCUE_APPROVERS = [],
}: Partial<PolicySettings>): Named {
  return {
    ...NOTHING_NAMED,
    channels: places({ RESCUE_CHANNELS }),
    users: places({ RESCUE_REQUESTERS, RESCUE_APPROVERS }),
  }
}

export function namedInPolicy({ rules, audit }: Policy, file: string): Named {
  const all = [
    ...rules.map((rule) => ({ place: `rule ${rule.name}`, channels: rule.channels, who: everybodyIn(rule) })),
    ...(audit === null ? [] : [{ place: 'audit', channels: [audit.channel], who: whoIs(audit.mention) }]),
  ]
  const where = (idsOf: (one: (typeof all)[number]) => readonly string[]): Places => {
    const inFile = places(Object.fromEntries(all.map((one) => [one.place, idsOf(one)])))
    return new Map([...inFile].map(([id, place]) => [id, `${file}, ${place}`]))
  }
  return {
    channels: where(({ channels }) => channels),
    membersOf: where(({ who }) => who.channels),
    users: where(({ who }) => who.users),
    groups: where(({ who }) => who.groups),
  }
}

function everybodyIn({ request, gates }: Rule): Who {
  const glass = [gates[1].breakGlass, gates[2].breakGlass].flatMap((one) => one?.who ?? [])
  return joinedWho([request, gates[1].approve, gates[2].approve, ...glass])
}

/** A user or a user group. */
function whoIs(id: string | null): Who {
  if (id === null) return NOBODY
  return id.startsWith('S') ? { ...NOBODY, groups: [id] } : { ...NOBODY, users: [id] }
}

function places(lists: Readonly<Record<string, readonly string[]>>): Places {
  const ids = [...new Set(Object.values(lists).flat())]
  const naming = (id: string) => Object.keys(lists).filter((place) => lists[place]?.includes(id))
  return new Map(ids.map((id) => [id, naming(id).join(' and ')]))
}
