/** Against the Slack stand-in, with a clock that is moved by hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebClient } from '@slack/web-api'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { Allowances } from '../../core/store/allowances.ts'
import { connectRedis } from '../../core/store/connect.ts'
import { defaultWorkspace } from '../../deploy/local/slack/server/options.ts'
import { type SlackStandIn, startSlack } from '../../deploy/local/slack/server/start.ts'
import { startRedis } from '../../test/helpers/redis.ts'
import { Membership, type Purpose } from './membership.ts'

const MANIFEST = join(import.meta.dirname, '..', '..', 'deploy', 'slack', 'manifest.yaml')
const GROUP = 'S0APPROVERS'
const CHANNEL = 'C0OPSRESCUE'
const BIG = {
  id: 'C0BIG',
  name: 'big',
  members: Array.from({ length: 2500 }, (_, one) => `U${one}`),
  botIsMember: true,
}
const HUGE = { ...BIG, id: 'C0HUGE', name: 'huge', members: Array.from({ length: 6000 }, (_, one) => `U${one}`) }

const endless = { take: async () => ({ wait: 0, live: 0, cautiousMs: 0 }) }

async function open(lookups: Pick<Allowances, 'take'> = endless) {
  const manifest: unknown = parse(readFileSync(MANIFEST, 'utf8'))
  const channels = [...defaultWorkspace.channels, BIG, HUGE]
  const slack: SlackStandIn = await startSlack({ ...defaultWorkspace, channels, manifest })
  const settings = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true }
  const clock = { now: 0 }
  const membership = new Membership(new WebClient(slack.botToken, settings), lookups, () => clock.now)
  return { slack, clock, membership, [Symbol.asyncDispose]: () => slack.close() }
}

it('knows who is in a group and in a channel, however many they are', async () => {
  await using opened = await open()
  const { membership } = opened

  const { groups, channels } = await membership.of({ groups: [GROUP], channels: [CHANNEL, BIG.id] }, 'decision')

  expect([...(groups.get(GROUP) ?? [])]).toEqual(['U0APPROVER', 'U0HARUKA'])
  expect(channels.get(CHANNEL)?.has('U0OUTSIDER')).toBe(true)
  expect(BIG.members.every((user) => channels.get(BIG.id)?.has(user))).toBe(true)
  expect((await membership.of({ groups: [], channels: [] }, 'decision')).groups.size).toBe(0)
})

it('asks once for those who ask together, and again when the answer is seconds old', async () => {
  await using opened = await open()
  const { slack, clock, membership } = opened
  const isIn = async () =>
    (await membership.of({ groups: [GROUP], channels: [] }, 'decision')).groups.get(GROUP)?.has('U0HARUKA')

  expect(await Promise.all([isIn(), isIn(), isIn()])).toEqual([true, true, true])
  slack.regroup(GROUP, ['U0APPROVER'])
  clock.now += 4999
  expect(await isIn()).toBe(true)
  expect(slack.statistics().calls['usergroups.users.list']).toBe(1)
  clock.now += 1
  expect(await isIn()).toBe(false)
})

it('asks no oftener than Slack allows, over all groups and bots, and takes no answer that is older than seconds', async () => {
  await using redis = await startRedis()
  const connection = connectRedis(redis.url, { name: 'test', retries: 2 })
  const clock = { now: 0 }
  await using opened = await open(new Allowances(connection, 'T1', () => 1_000_000 + clock.now))
  const { slack, membership } = opened
  const isIn = async () =>
    (await membership.of({ groups: [GROUP], channels: [] }, 'decision')).groups.get(GROUP)?.has('U0HARUKA')
  const calls = () => slack.statistics().calls['usergroups.users.list'] ?? 0
  const pass = (milliseconds: number) => {
    clock.now += milliseconds
    opened.clock.now += milliseconds
  }
  // Another bot that looks at other groups all the time.
  const other = new Allowances(connection, 'T1', () => 1_000_000 + clock.now)
  const spend = async () => {
    const cost = { name: 'groups', allowances: [{ calls: 18, milliseconds: 61_000 }] }
    while ((await other.take([cost])).wait === 0);
  }

  expect(await isIn()).toBe(true)
  await spend()
  slack.regroup(GROUP, ['U0APPROVER'])
  pass(5000)
  expect(await isIn()).toBe(true)
  pass(9999)
  await isIn()
  pass(5000)
  await expect(isIn()).rejects.toMatchObject({ code: 'membership-unknown' })
  expect(calls()).toBe(1)
  pass(41_001)
  expect(await isIn()).toBe(false)
  expect(calls()).toBe(2)
  connection.disconnect()
})

it('keeps some of its questions for those who decide, however often somebody asks for a form', async () => {
  await using redis = await startRedis()
  const connection = connectRedis(redis.url, { name: 'test', retries: 2 })
  await using opened = await open(new Allowances(connection, 'T1', () => 1_000_000))
  const { slack, clock, membership } = opened
  const ask = (purpose: Purpose) => membership.of({ groups: [GROUP], channels: [] }, purpose)
  const askTooOften = async () => {
    for (;;) {
      await ask('request')
      clock.now += 20_000
    }
  }

  await expect(askTooOften()).rejects.toMatchObject({ code: 'membership-unknown' })

  expect(slack.statistics().calls['usergroups.users.list']).toBe(10)
  expect((await ask('decision')).groups.get(GROUP)?.has('U0HARUKA')).toBe(true)
  connection.disconnect()
})

it('says that it does not know, and does not keep that', async () => {
  await using opened = await open()
  const { slack, membership } = opened
  const unknown = { code: 'membership-unknown' }

  await expect(membership.of({ groups: ['S0GONE'], channels: [] }, 'decision')).rejects.toMatchObject(unknown)
  await expect(membership.of({ groups: [], channels: ['C0GONE'] }, 'decision')).rejects.toMatchObject(unknown)
  await expect(membership.of({ groups: [], channels: [HUGE.id] }, 'decision')).rejects.toMatchObject(unknown)
  for (const state of ['failing', 'rate-limited']) {
    slack.chooseSwitch('slack', state)
    await expect(membership.of({ groups: [GROUP], channels: [] }, 'decision')).rejects.toMatchObject(unknown)
  }
  slack.chooseSwitch('slack', 'fair')
  expect((await membership.of({ groups: [GROUP], channels: [] }, 'decision')).groups.get(GROUP)?.size).toBe(2)
})
