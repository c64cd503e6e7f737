/** Whether two actors are one person: user ids are unique within a team (Slack's Web API, "users"). */
import type { Actor } from './events.ts'

export function samePerson(one: Actor | undefined, other: Actor | undefined): boolean {
  return one?.kind === 'person' && other?.kind === 'person' && one.user === other.user && one.team === other.team
}
