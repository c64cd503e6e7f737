/** Whether those who may ask for rescues and approve them are still there. */
import type { Check, Seen } from '../../core/base/checks.ts'
import { refusalIn } from './ask-slack.ts'
import type { Named } from './named.ts'
import { type Identity, notLooked } from './tokens.ts'

export function peopleChecks({ users }: Named, identity: Identity): readonly Check[] {
  return [...users].map(([user, where]) => ({
    what: `Slack user ${user}`,
    look: () => lookUp(user, where, identity),
  }))
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
