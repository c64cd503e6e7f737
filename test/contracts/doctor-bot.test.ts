/** `npm run doctor` for the bot, against Slack's rules and a real Redis: each thing that is wrong, and how to mend it. */
import { createSecretKey, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { connectRedis } from '../../core/store/connect.ts'
import { noteSealingKey } from '../../core/store/sealing-key.ts'
import { defaultWorkspace, type SlackOptions } from '../../deploy/local/slack/server/options.ts'
import { type SlackStandIn, startSlack } from '../../deploy/local/slack/server/start.ts'
import { APPROVER, CHANNEL, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import { type Environment, examineWith, findingOf, runDoctor, troubles } from '../helpers/doctor.ts'
import { startRedis } from '../helpers/redis.ts'

const DOCTOR = 'bot/doctor.ts'
const manifest = z
  .looseObject({ oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }) })
  .parse(parse(readFileSync(join(import.meta.dirname, '../../deploy/slack/manifest.yaml'), 'utf8')))
/** No bot and no worker has started there, so their keys cannot be compared. */
const FRESH = 'note: SEALING_KEY'

let redisUrl: string
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  redisUrl = parts.use(await startRedis()).url
})
afterAll(() => parts.disposeAsync())

function environmentOf(slack: SlackStandIn): Environment {
  return {
    REDIS_URL: redisUrl,
    SEALING_KEY: randomBytes(32).toString('base64'),
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    RESCUE_CHANNELS: CHANNEL,
    RESCUE_REQUESTERS: REQUESTER,
    RESCUE_APPROVERS: APPROVER,
  }
}

function workspace(options: Partial<SlackOptions> = {}): Promise<SlackStandIn> {
  return startSlack({ ...defaultWorkspace, manifest, ...options })
}

function withScopes(scopes: readonly string[]): Partial<SlackOptions> {
  return { manifest: { ...manifest, oauth_config: { scopes: { bot: scopes } } } }
}

it('finds nothing wrong with a healthy installation', async () => {
  await using slack = await workspace()

  const { code, findings } = await examineWith(DOCTOR, environmentOf(slack))

  expect(troubles(findings)).toEqual([FRESH])
  expect(code).toBe(0)
  expect(findings.every(({ side }) => side === 'bot')).toBe(true)
  expect(findings.map(({ what }) => what)).toEqual([
    'settings',
    ...findings.map(({ what }) => what).filter((what) => /Redis|SEALING/.test(what)),
    'who may do what',
    'Slack app token',
    'Slack bot token',
    'Slack scopes',
    'Slack tokens’ app',
    'clock beside Slack',
    `Slack channel ${CHANNEL}`,
    `Slack user ${REQUESTER}`,
    `Slack user ${APPROVER}`,
  ])
  expect(findingOf(findings, 'Slack bot token').said).toContain('Harbor Cloud')
})

it('compares the sealing key with those of a bot and a worker that have started', async () => {
  await using office = await openOffice()
  await using _bot = await startBot(office.environment)
  const redis = connectRedis(office.redisUrl, { name: 'test', retries: 1 })
  const key = (text: string) => createSecretKey(Buffer.from(text, 'base64'))
  const { SEALING_KEY = '' } = office.environment

  await noteSealingKey(redis, key(SEALING_KEY), 'worker', 'worker-1')
  const same = await examineWith(DOCTOR, office.environment)
  await noteSealingKey(redis, key(randomBytes(32).toString('base64')), 'worker', 'worker-2')
  const other = await examineWith(DOCTOR, office.environment)
  redis.disconnect()

  expect(troubles(same.findings)).toEqual([])
  expect(findingOf(other.findings, 'SEALING_KEY')).toMatchObject({
    verdict: 'bad',
    said: expect.stringContaining('the worker that started last (worker-2'),
  })
})

it('changes nothing in Slack, and opens no socket', async () => {
  await using slack = await workspace()

  await examineWith(DOCTOR, environmentOf(slack))

  const { calls, sockets, refusals } = slack.statistics()
  expect(Object.keys(calls).toSorted()).toEqual([
    'apps.connections.open',
    'auth.test',
    'bots.info',
    'conversations.history',
    'users.info',
  ])
  expect({ sockets, refusals }).toEqual({ sockets: 0, refusals: {} })
})

it('says where new tokens come from, and goes on with the rest', async () => {
  await using slack = await workspace()
  const environment = { ...environmentOf(slack), SLACK_BOT_TOKEN: 'xoxb-hunter2', SLACK_APP_TOKEN: 'xapp-hunter2' }

  const { code, findings, out } = await examineWith(DOCTOR, environment)

  expect(code).toBe(1)
  expect(findingOf(findings, 'Slack bot token')).toMatchObject({
    verdict: 'bad',
    said: 'Slack does not take it: invalid_auth',
    mend: [expect.stringMatching(/^https:\/\/api\.slack\.com\/apps.*Bot User OAuth Token.*SLACK_BOT_TOKEN/)],
  })
  expect(findingOf(findings, 'Slack app token')).toMatchObject({
    verdict: 'bad',
    mend: [expect.stringContaining('connections:write'), expect.stringContaining('Socket Mode')],
  })
  expect(findingOf(findings, 'Redis').verdict).toBe('ok')
  expect(out).not.toContain('hunter2')
})

it('knows tokens that were taken for each other', async () => {
  await using slack = await workspace()
  await using other = await workspace()
  const [, app = ''] = /^xapp-1-(A[A-Z0-9]+)-/.exec(other.appToken) ?? []
  const environment = { ...environmentOf(slack), SLACK_APP_TOKEN: other.appToken }

  const { findings } = await examineWith(DOCTOR, environment)

  expect(findingOf(findings, 'Slack tokens’ app')).toMatchObject({
    verdict: 'bad',
    said: expect.stringContaining(`${app} for the app token`),
  })
  expect(findingOf(findings, 'Slack app token').mend.join()).toContain(`https://api.slack.com/apps/${app}/general`)
})

it('says which scopes are missing, which are too many, and where to set them', async () => {
  const granted = manifest.oauth_config.scopes.bot.filter((scope) => scope !== 'users:read')
  await using slack = await workspace(withScopes([...granted, 'channels:manage']))
  const app = /^xapp-1-(?<app>A[A-Z0-9]+)-/.exec(slack.appToken)?.groups?.app

  const { code, findings } = await examineWith(DOCTOR, environmentOf(slack))

  expect(code).toBe(1)
  expect(findingOf(findings, 'Slack scopes')).toMatchObject({
    verdict: 'bad',
    said: 'missing: users:read; more than it needs: channels:manage',
    mend: [
      `https://api.slack.com/apps/${app}/oauth, Bot Token Scopes: add users:read`,
      `https://api.slack.com/apps/${app}/oauth, Bot Token Scopes: remove channels:manage`,
      expect.stringContaining('Reinstall to Workspace'),
    ],
  })
  expect(findingOf(findings, `Slack user ${REQUESTER}`)).toMatchObject({
    verdict: 'note',
    said: 'was not looked at: the scope users:read is missing',
  })
})

it('only warns of scopes that are too many', async () => {
  await using slack = await workspace(withScopes([...manifest.oauth_config.scopes.bot, 'channels:manage']))

  const { code, findings } = await examineWith(DOCTOR, environmentOf(slack))

  expect(troubles(findings)).toEqual([FRESH, 'warn: Slack scopes'])
  expect(code).toBe(0)
})

it('says of each channel that is of no use what to do there', async () => {
  const member = { members: [REQUESTER], botIsMember: true }
  const channels = [
    { id: CHANNEL, name: 'ops', ...member },
    { id: 'C0OUTSIDE', name: 'outside', members: [REQUESTER], botIsMember: false },
    { id: 'C0ARCHIVED', name: 'archived', ...member, isArchived: true },
  ]
  await using slack = await workspace({ channels })
  const environment = { ...environmentOf(slack), RESCUE_CHANNELS: `${CHANNEL},C0OUTSIDE,C0ARCHIVED,C0NOWHERE` }

  const { code, findings } = await examineWith(DOCTOR, environment)

  expect(code).toBe(1)
  expect(troubles(findings)).toEqual([
    FRESH,
    'bad: Slack channel C0OUTSIDE',
    'bad: Slack channel C0ARCHIVED',
    'bad: Slack channel C0NOWHERE',
  ])
  const page = `https://app.slack.com/client/${slack.teamId}`
  expect(findingOf(findings, 'Slack channel C0OUTSIDE')).toMatchObject({
    said: 'the bot is not in it',
    mend: [`there, ${page}/C0OUTSIDE, type: /invite @oci-rescue`],
  })
  expect(findingOf(findings, 'Slack channel C0ARCHIVED')).toMatchObject({ said: 'is archived' })
  expect(findingOf(findings, 'Slack channel C0NOWHERE').mend).toEqual([
    expect.stringContaining('/invite @oci-rescue'),
    expect.stringContaining('RESCUE_CHANNELS'),
  ])
})

it('says who of those who may ask and approve is not there any more', async () => {
  const users = [
    { id: REQUESTER, name: 'riya', realName: 'Riya Raman' },
    { id: APPROVER, name: 'anand', realName: 'Anand Okafor', isDeactivated: true },
  ]
  await using slack = await workspace({ users })
  const environment = { ...environmentOf(slack), RESCUE_APPROVERS: `${REQUESTER},${APPROVER},U0NOBODY` }

  const { findings } = await examineWith(DOCTOR, environment)

  expect(findingOf(findings, `Slack user ${REQUESTER}`)).toMatchObject({ verdict: 'ok', said: 'is Riya Raman' })
  expect(findingOf(findings, `Slack user ${APPROVER}`)).toMatchObject({
    verdict: 'bad',
    said: 'is deactivated',
    mend: ['take the id out of RESCUE_APPROVERS'],
  })
  expect(findingOf(findings, 'Slack user U0NOBODY')).toMatchObject({
    verdict: 'bad',
    mend: ['correct the id in RESCUE_APPROVERS'],
  })
})

it.each([
  [{ RESCUE_CHANNELS: '', RESCUE_APPROVERS: '' }, 'RESCUE_CHANNELS, RESCUE_APPROVERS'],
  [{ RESCUE_APPROVERS: REQUESTER }, 'REQUESTER_MAY_APPROVE=true'],
])('knows settings with which no rescue can be approved: %j', async (settings, mend) => {
  await using slack = await workspace()

  const { code, findings } = await examineWith(DOCTOR, { ...environmentOf(slack), ...settings })

  expect(code).toBe(1)
  expect(findingOf(findings, 'who may do what')).toMatchObject({
    verdict: 'bad',
    mend: [expect.stringContaining(mend)],
  })
})

describe('with a policy file', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'oci-rescue-doctor-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  async function withPolicy(slack: SlackStandIn, policy: string): Promise<{ file: string; environment: Environment }> {
    const { RESCUE_CHANNELS, RESCUE_REQUESTERS, RESCUE_APPROVERS, ...environment } = environmentOf(slack)
    const file = join(directory, 'policy.yaml')
    await writeFile(file, policy)
    return { file, environment: { ...environment, RESCUE_POLICY: file } }
  }

  const policyOf = ({ by = '{ groups: [S0APPROVERS] }', channel = CHANNEL, audit = CHANNEL } = {}) => `
audit: { channel: ${audit}, mention: S0APPROVERS }
rules:
  - name: production
    playbooks: all
    channels: [${channel}]
    request: { users: [${REQUESTER}], members-of: [${CHANNEL}] }
    approve: { by: ${by} }
`

  it('finds nothing wrong with one whose channels, people and groups are there', async () => {
    await using slack = await workspace()
    const { environment } = await withPolicy(slack, policyOf())

    const { code, findings } = await examineWith(DOCTOR, environment)

    expect(troubles(findings)).toEqual([FRESH])
    expect(code).toBe(0)
    expect(findingOf(findings, 'policy')).toMatchObject({ said: 'is well-formed: rules: 1, channels: 1' })
    expect(findings.slice(-3)).toMatchObject([
      { what: `Slack channel ${CHANNEL}`, verdict: 'ok' },
      { what: `Slack user ${REQUESTER}`, verdict: 'ok' },
      { what: 'Slack user group S0APPROVERS', said: 'has 2 members' },
    ])
  })

  it('says of each that is of no use where the file names it', async () => {
    const channels = [...defaultWorkspace.channels, { id: 'C0LEADS', name: 'leads', members: [], botIsMember: false }]
    const userGroups = [...defaultWorkspace.userGroups, { id: 'S0EMPTY', handle: 'empty', name: 'Empty', users: [] }]
    await using slack = await workspace({ channels, userGroups })
    const by = '{ users: [U0NOBODY], groups: [S0EMPTY, S0NOWHERE], members-of: [C0LEADS, C0NOWHERE] }'
    const { file, environment } = await withPolicy(slack, policyOf({ by, audit: 'C0LEADS' }))

    const { code, findings } = await examineWith(DOCTOR, environment)

    expect(code).toBe(1)
    expect(troubles(findings)).toEqual([
      FRESH,
      'bad: Slack channel C0LEADS',
      'bad: Slack channel C0NOWHERE',
      'bad: Slack user U0NOBODY',
      'bad: Slack user group S0EMPTY',
      'bad: Slack user group S0NOWHERE',
    ])
    expect(findingOf(findings, 'Slack channel C0LEADS').said).toBe('the bot is not in it')
    expect(findingOf(findings, 'Slack channel C0NOWHERE').mend).toEqual([
      expect.stringContaining('/invite @oci-rescue'),
      `if not: correct the id in ${file}, rule production`,
    ])
    expect(findingOf(findings, 'Slack user U0NOBODY').mend).toEqual([`correct the id in ${file}, rule production`])
    expect(findingOf(findings, 'Slack user group S0EMPTY')).toMatchObject({
      said: 'nobody is in it',
      mend: [expect.stringContaining(`take the id out of ${file}, rule production`)],
    })
    expect(findingOf(findings, 'Slack user group S0NOWHERE')).toMatchObject({
      said: 'there is none of that id in this workspace',
      mend: [`correct the id in ${file}, rule production`],
    })
  })

  it('says each mistake in it, with its line', async () => {
    await using slack = await workspace()
    const { file, environment } = await withPolicy(slack, policyOf({ by: '{ groups: [leads] }', channel: 'ops' }))

    const { code, findings } = await examineWith(DOCTOR, environment)

    expect(code).toBe(1)
    const said = findings.filter(({ what }) => what === 'policy')
    expect(said).toMatchObject([
      { verdict: 'bad', said: expect.stringMatching(/^policy\.yaml:6: .*channel id/) },
      { verdict: 'bad', said: expect.stringMatching(/^policy\.yaml:8: .*user group id/) },
    ])
    expect(said.every(({ mend }) => mend.join().includes(file))).toBe(true)
    expect(findingOf(findings, 'Slack bot token').verdict).toBe('ok')
  })

  it('knows rules under which somebody’s rescues can never be approved', async () => {
    await using slack = await workspace()
    const { file, environment } = await withPolicy(slack, policyOf({ by: `{ users: [${REQUESTER}] }` }))

    const { findings } = await examineWith(DOCTOR, environment)

    expect(findings.filter(({ what }) => what === 'policy')).toMatchObject(
      [1, 2].map((gate) => ({
        verdict: 'bad',
        said: expect.stringContaining(`rule production: nobody can approve gate ${gate} of what ${REQUESTER} asks for`),
        mend: [expect.stringContaining(file)],
      })),
    )
  })

  it('says when it is not there, and when the lists stand beside it', async () => {
    await using slack = await workspace()
    const { file, environment } = await withPolicy(slack, policyOf())
    await rm(file)

    const { findings } = await examineWith(DOCTOR, { ...environment, RESCUE_CHANNELS: CHANNEL })

    expect(findingOf(findings, 'settings')).toMatchObject({
      ...{ verdict: 'bad', said: 'RESCUE_CHANNELS: stands in RESCUE_POLICY now', mend: ['unset RESCUE_CHANNELS'] },
    })
    expect(findingOf(findings, 'policy')).toMatchObject({
      said: expect.stringMatching(/^can not be read: ENOENT/),
      mend: [expect.stringContaining(`RESCUE_POLICY must name a file that whoever runs the bot may read: ${file}`)],
    })
  })
})

it('names all mistakes in the settings at once, and still looks at what they leave', async () => {
  await using slack = await workspace()
  const environment = { ...environmentOf(slack), SEALING_KEY: 'hunter2', RESCUE_REQUESTERS: 'riya', LOG_LEVEL: 'loud' }

  const { code, findings, out } = await examineWith(DOCTOR, environment)

  expect(code).toBe(1)
  const settings = findings.filter(({ what }) => what === 'settings')
  expect(settings.map(({ said }) => said.split(':')[0])).toEqual(['SEALING_KEY', 'LOG_LEVEL', 'RESCUE_REQUESTERS'])
  expect(settings[0]?.mend).toEqual([expect.stringContaining('openssl rand -base64 32')])
  for (const what of ['Redis version', 'Slack bot token', `Slack user ${APPROVER}`])
    expect(findingOf(findings, what).verdict).toBe('ok')
  expect(out).not.toContain('hunter2')
})

it('says so when Slack or Redis can not be reached, one after the other', async () => {
  await using slack = await workspace()
  const environment = { ...environmentOf(slack), REDIS_URL: 'redis://:hunter2@127.0.0.1:1' }
  await slack.close()

  const { findings, out } = await examineWith(DOCTOR, environment)

  expect(troubles(findings)).toEqual(['bad: Redis', 'bad: Slack app token', 'bad: Slack bot token'])
  expect(findingOf(findings, 'Slack bot token')).toMatchObject({
    said: expect.stringContaining('ECONNREFUSED'),
    mend: [expect.stringContaining('https://slack.com')],
  })
  expect(out).not.toContain('hunter2')
})

it('says that its clock is wrong', async () => {
  await using slack = await workspace()

  const { findings } = await examineWith(DOCTOR, environmentOf(slack), { aheadMs: 120_000 })

  for (const what of ['clock beside Redis', 'clock beside Slack'])
    expect(findingOf(findings, what)).toMatchObject({
      verdict: 'warn',
      said: expect.stringMatching(/^is 1\d\d s ahead of/),
      mend: expect.arrayContaining([expect.stringContaining('timedatectl')]),
    })
})

it('says it in words, too, what to do below each trouble', async () => {
  await using slack = await workspace()
  const environment = { ...environmentOf(slack), RESCUE_CHANNELS: 'C0NOWHERE' }

  const { code, out, err } = await runDoctor(DOCTOR, environment)

  expect({ code, err }).toEqual({ code: 1, err: '' })
  expect(out).toContain('ok    bot: settings: are complete')
  expect(out).toMatch(/^bad {3}bot: Slack channel C0NOWHERE: there is none.*\n {6}> if it is private/m)
  expect(out).toMatch(/bot: \d+ ok, 1 note, 0 warn, 1 bad\n$/)
})
