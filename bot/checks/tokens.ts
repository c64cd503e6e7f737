/** Slack's tokens: whether they are taken, whether both are the same app's, and whether its scopes are those of the manifest. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WebClient } from '@slack/web-api'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Check, Seen } from '../../core/base/checks.ts'
import { skewSeen } from '../../core/base/clock-skew.ts'
import { appPage, askSlack, refusalIn, type SlackDoor } from './ask-slack.ts'

const MANIFEST = join(import.meta.dirname, '..', '..', 'deploy', 'slack', 'manifest.yaml')
const ScopesOfManifest = z.object({ oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }) })

const NO_WAY = ['this computer must reach https://slack.com and wss://wss-primary.slack.com on port 443']

/** Who the bot is, for the checks that follow. */
export interface Identity {
  readonly client: WebClient
  /** As people write it behind `@`. */
  readonly name: string
  /** The workspace's id. */
  readonly team: string
}

/** `next` is looked at with a bot token that is good. */
export function botTokenCheck(
  token: string,
  appToken: string | undefined,
  door: SlackDoor,
  next: (identity: Identity) => readonly Check[],
): Check {
  const app = appOf(appToken)
  const look = async (): Promise<Seen> => {
    const { client, skewMs } = askSlack(token, door)
    try {
      const { user = '', team = '', team_id = '', bot_id = '', response_metadata } = await client.auth.test()
      const identity = { client, name: user, team: team_id }
      return {
        verdict: 'ok',
        said: `is @${user}’s in ${team} (${team_id})`,
        next: [
          { what: 'Slack scopes', look: async () => scopes(response_metadata?.scopes, app) },
          ...(app === undefined ? [] : [{ what: 'Slack tokens’ app', look: () => sameApp(client, bot_id, app) }]),
          { what: 'clock beside Slack', look: async () => skewSeen('Slack', skewMs()) },
          ...next(identity),
        ],
      }
    } catch (thrown) {
      const { error } = refusalIn(thrown)
      const mend = [`${appPage(app, 'oauth')}: copy the Bot User OAuth Token (xoxb-…) into SLACK_BOT_TOKEN`]
      if (error === 'account_inactive' || error === 'token_revoked')
        mend.unshift(`${appPage(app, 'install-on-team')}: the app is not installed any more, install it`)
      return { verdict: 'bad', said: `Slack does not take it: ${error}`, mend }
    }
  }
  return { what: 'Slack bot token', look, mend: NO_WAY }
}

/** Opens no socket: it asks for the address of one, which is used once or not at all. */
export function appTokenCheck(token: string, door: SlackDoor): Check {
  const app = appOf(token)
  const look = async (): Promise<Seen> => {
    try {
      await askSlack(token, door).client.apps.connections.open()
      return { verdict: 'ok', said: 'opens Socket Mode' }
    } catch (thrown) {
      const { error, needed } = refusalIn(thrown)
      const wanted = needed === '' ? '' : `, it needs ${needed}`
      const mend = [
        `${appPage(app, 'general')}: App-Level Tokens, one with connections:write (xapp-…), into SLACK_APP_TOKEN`,
        `${appPage(app, 'socket-mode')}: Enable Socket Mode has to be on`,
      ]
      return { verdict: 'bad', said: `Slack does not take it: ${error}${wanted}`, mend }
    }
  }
  return { what: 'Slack app token', look, mend: NO_WAY }
}

/** An app token has the app's id in it: `xapp-1-A0123-…`. */
function appOf(token: string | undefined): string | undefined {
  return /^xapp-\d+-(?<app>A[A-Z0-9]+)-/.exec(token ?? '')?.groups?.app
}

function scopes(granted: readonly string[] | undefined, app: string | undefined): Seen {
  if (granted === undefined) return { verdict: 'note', said: 'Slack does not tell them' }
  const wanted = scopesOfManifest()
  const missing = wanted.filter((scope) => !granted.includes(scope))
  const more = granted.filter((scope) => !wanted.includes(scope))
  if (missing.length + more.length === 0)
    return { verdict: 'ok', said: `are those of the manifest: ${granted.join(', ')}` }
  const reinstall = `${appPage(app, 'install-on-team')}: Reinstall to Workspace; if the bot token is another one then, set it`
  const place = `${appPage(app, 'oauth')}, Bot Token Scopes`
  return {
    verdict: missing.length > 0 ? 'bad' : 'warn',
    said: [
      ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
      ...(more.length > 0 ? [`more than it needs: ${more.join(', ')}`] : []),
    ].join('; '),
    mend: [
      ...(missing.length > 0 ? [`${place}: add ${missing.join(', ')}`] : []),
      ...(more.length > 0 ? [`${place}: remove ${more.join(', ')}`] : []),
      reinstall,
    ],
  }
}

/** Throws when the file is not there, or is none. */
function scopesOfManifest(): readonly string[] {
  return ScopesOfManifest.parse(parse(readFileSync(MANIFEST, 'utf8'))).oauth_config.scopes.bot
}

async function sameApp(client: WebClient, bot: string, app: string): Promise<Seen> {
  try {
    const { bot: found } = await client.bots.info({ bot })
    if (found?.app_id === app) return { verdict: 'ok', said: `is ${app} for both` }
    const said = `is ${found?.app_id} for the bot token and ${app} for the app token: commands would reach another app`
    return { verdict: 'bad', said, mend: ['take both tokens from one app: https://api.slack.com/apps'] }
  } catch (thrown) {
    return notLooked(refusalIn(thrown))
  }
}

/** What is missing has a line of its own. */
export function notLooked({ error, needed }: { readonly error: string; readonly needed: string }): Seen {
  if (error === 'missing_scope') return { verdict: 'note', said: `was not looked at: the scope ${needed} is missing` }
  return {
    verdict: 'bad',
    said: `Slack says ${error}`,
    mend: ['https://docs.slack.dev/reference/methods has this word'],
  }
}
