/** usergroups.*: who is in which group. */
import { methodArguments } from '../arguments.ts'
import { TIER_2 } from '../rates.ts'
import { SlackRefusal } from '../refusal.ts'
import type { Workspace } from '../workspace.ts'
import { type Methods, method } from './method.ts'

export function userGroupMethods(workspace: Workspace): Methods {
  const reads = { token: 'bot', scope: 'usergroups:read', limit: TIER_2 } as const
  return {
    'usergroups.list': method(reads, methodArguments['usergroups.list'], ({ include_users }) => ({
      ok: true,
      usergroups: workspace.userGroups.map(({ id, handle, name, users }) => ({
        id,
        team_id: workspace.team.id,
        is_usergroup: true,
        name,
        handle,
        date_delete: 0,
        user_count: users.length,
        ...(include_users ? { users } : {}),
      })),
    })),
    'usergroups.users.list': method(reads, methodArguments['usergroups.users.list'], ({ usergroup }) => {
      const group = workspace.userGroups.find(({ id }) => id === usergroup)
      if (group === undefined) throw new SlackRefusal('no_such_subteam')
      return { ok: true, users: group.users }
    }),
  }
}
