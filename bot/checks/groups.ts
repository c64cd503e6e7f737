/** Whether the user groups that a policy names are there, and whether anybody is in them. */
import type { Check, Seen } from '../../core/base/checks.ts'
import { refusalIn } from './ask-slack.ts'
import type { Named } from './named.ts'
import { type Identity, notLooked } from './tokens.ts'

export function groupChecks({ groups }: Named, identity: Identity): readonly Check[] {
  return [...groups].map(([group, where]) => ({
    what: `Slack user group ${group}`,
    look: () => lookInto(group, where, identity),
  }))
}

async function lookInto(usergroup: string, where: string, { client }: Identity): Promise<Seen> {
  try {
    const { users = [] } = await client.usergroups.users.list({ usergroup })
    if (users.length > 0)
      return { verdict: 'ok', said: users.length === 1 ? 'has one member' : `has ${users.length} members` }
    const mend = [`add people to it in Slack: Directories, User groups; or take the id out of ${where}`]
    return { verdict: 'bad', said: 'nobody is in it', mend }
  } catch (thrown) {
    const refusal = refusalIn(thrown)
    if (refusal.error !== 'no_such_subteam') return notLooked(refusal)
    return { verdict: 'bad', said: 'there is none of that id in this workspace', mend: [`correct the id in ${where}`] }
  }
}
