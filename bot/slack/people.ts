/** Who did it, out of what Slack sends: the same person whether they typed, pressed or submitted. */
import type { WebClient } from '@slack/web-api'
import type { Person } from '../../core/record/events.ts'

export function commander(command: { user_id: string; team_id: string; enterprise_id?: string }): Person {
  return person(command.user_id, command.team_id, command.enterprise_id)
}

/** Of a click or a submission. A user from a connected workspace keeps the team they come from. */
export function actor(body: {
  user: { id: string; team_id?: string }
  team: { id: string; enterprise_id?: string } | null
  enterprise?: { id: string } | undefined
}): Person {
  return person(body.user.id, body.user.team_id ?? body.team?.id ?? '', body.enterprise?.id ?? body.team?.enterprise_id)
}

/** The team id of the workspace in which the app is installed. */
export async function teamOf(client: WebClient): Promise<string> {
  const { team_id } = await client.auth.test()
  if (team_id === undefined) throw new Error('Slack does not say which workspace the token is for')
  return team_id
}

/** Of a message. As for `actor`, whoever comes from a connected workspace keeps their team. */
export function author(body: {
  team_id: string
  enterprise_id?: string | null | undefined
  event: { user: string; team?: string | undefined; user_team?: string | undefined }
}): Person {
  const { user, team, user_team } = body.event
  return person(user, user_team ?? team ?? body.team_id, body.enterprise_id ?? undefined)
}

function person(user: string, team: string, enterprise: string | undefined): Person {
  return { kind: 'person', enterprise: enterprise ?? null, team, user }
}
