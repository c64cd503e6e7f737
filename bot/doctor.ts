/**
 * The bot's part of `npm run doctor`: reads the same environment as the bot, looks at
 * everything the bot needs without changing it, and says how to mend what is wrong.
 * Exit 1 when anything is bad. `--json`: a line of JSON for each finding.
 */
import { parseArgs } from 'node:util'
import { type Check, report, settled } from '../core/base/checks.ts'
import { BotConfig, saidTwice } from '../core/config/bot.ts'
import { secretsOf, settingsFindings } from '../core/config/help.ts'
import { type Partly, readPartly } from '../core/config/read.ts'
import { storeChecks } from '../core/store/store-checks.ts'
import { channelChecks } from './checks/channels.ts'
import { groupChecks } from './checks/groups.ts'
import type { Named } from './checks/named.ts'
import { peopleChecks } from './checks/people.ts'
import { appTokenCheck, botTokenCheck } from './checks/tokens.ts'
import { whoMay } from './checks/who-may.ts'

type Settings = Partly<typeof BotConfig.shape>['good']

async function main(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
  const { good, problems } = readPartly(BotConfig, process.env)
  const { checks: whoMayChecks, named } = await whoMay(good)
  using parts = new DisposableStack()
  const { REDIS_URL: url, SEALING_KEY: sealingKey } = good
  const checks = [
    ...settingsFindings(problems, saidTwice(process.env)).map((seen) => settled('settings', seen)),
    ...(url === undefined ? [] : storeChecks({ url, sealingKey, now: Date.now }, parts)),
    ...whoMayChecks,
    ...slackChecks(good, named),
  ]
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const options = { side: 'bot', json: values.json, secrets: secretsOf(process.env), say }
  return await report(checks, options, new AbortController().signal)
}

function slackChecks(settings: Settings, named: Named): readonly Check[] {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API_URL: apiUrl } = settings
  if (apiUrl === undefined) return []
  const door = { apiUrl, now: Date.now }
  return [
    ...(appToken === undefined ? [] : [appTokenCheck(appToken, door)]),
    ...(botToken === undefined
      ? []
      : [
          botTokenCheck(botToken, appToken, door, (identity) => [
            ...channelChecks(named, identity),
            ...peopleChecks(named, identity),
            ...groupChecks(named, identity),
          ]),
        ]),
  ]
}

try {
  process.exit((await main(process.argv.slice(2))) ? 0 : 1)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
