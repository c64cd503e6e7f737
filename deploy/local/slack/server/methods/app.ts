/** Methods about the app itself: who am I, and where do I connect. */
import { methodArguments } from '../arguments.ts'
import { HUNDREDS, TIER_3, TIER_4 } from '../rates.ts'
import { SlackRefusal } from '../refusal.ts'
import type { Sockets } from '../sockets.ts'
import type { Workspace } from '../workspace.ts'
import { type Methods, method } from './method.ts'

export function appMethods({ app, team }: Workspace, sockets: Sockets, socketBase: () => string): Methods {
  return {
    'api.test': method({ token: 'none', limit: TIER_4 }, methodArguments['api.test'], ({ token, ...args }) =>
      typeof args.error === 'string' ? { ok: false, error: args.error, args } : { ok: true, args },
    ),
    'auth.test': method({ token: 'bot', limit: HUNDREDS }, methodArguments['auth.test'], () => ({
      ok: true,
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      user: app.botName,
      team_id: team.id,
      user_id: app.botUserId,
      bot_id: app.botId,
      is_enterprise_install: false,
    })),
    'bots.info': method(
      { token: 'bot', scope: 'users:read', limit: TIER_3 },
      methodArguments['bots.info'],
      ({ bot }) => {
        if (bot !== app.botId) throw new SlackRefusal('bot_not_found')
        const { id: app_id, botId: id, botName: name, botUserId: user_id } = app
        return { ok: true, bot: { id, deleted: false, name, updated: 0, app_id, user_id, icons: {} } }
      },
    ),
    'apps.connections.open': method(
      { token: 'app', scope: 'connections:write', limit: TIER_3 },
      methodArguments['apps.connections.open'],
      () => ({
        ok: true,
        url: socketBase() + sockets.ticket(),
      }),
    ),
  }
}
