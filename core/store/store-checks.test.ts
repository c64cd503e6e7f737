import { createSecretKey, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { DURABLE, startRedis } from '../../test/helpers/redis.ts'
import { examine, type Finding } from '../base/checks.ts'
import { connectRedis } from './connect.ts'
import { noteSealingKey } from './sealing-key.ts'
import { storeChecks } from './store-checks.ts'

const KEY = createSecretKey(randomBytes(32))

interface Situation {
  readonly url?: (url: string) => string
  readonly now?: () => number
  /** What bot and worker have noted before. */
  readonly noted?: { readonly bot?: typeof KEY; readonly worker?: typeof KEY }
}

async function look(settings: readonly string[], { url = (own) => own, now = Date.now, noted = {} }: Situation = {}) {
  await using server = await startRedis(settings)
  using parts = new DisposableStack()
  for (const [side, key] of Object.entries(noted)) {
    const redis = connectRedis(server.url, { name: 'test', retries: 1 })
    await noteSealingKey(redis, key, side === 'bot' ? 'bot' : 'worker', `${side}-host`)
    redis.disconnect()
  }
  return await all({ url: url(server.url), sealingKey: KEY, now }, parts)
}

async function all(options: Parameters<typeof storeChecks>[0], parts: DisposableStack): Promise<readonly Finding[]> {
  return await Array.fromAsync(examine(storeChecks(options, parts), AbortSignal.timeout(30_000)))
}

function of(findings: readonly Finding[], what: string): Finding | undefined {
  return findings.find((finding) => finding.what === what)
}

it('has nothing to say against a Redis that keeps everything, with bot and worker that have the same key', async () => {
  const findings = await look(DURABLE, { noted: { bot: KEY, worker: KEY } })

  expect(findings.map(({ verdict }) => verdict)).toEqual(findings.map(() => 'ok'))
  expect(findings.map(({ what }) => what)).toEqual([
    'Redis',
    'Redis TLS',
    'Redis version',
    'Redis writes',
    'Redis maxmemory-policy',
    'Redis appendonly',
    'Redis appendfsync',
    'clock beside Redis',
    'SEALING_KEY',
  ])
})

it('says of each setting what to type', async () => {
  const settings = ['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru', '--appendfsync', 'everysec']
  const findings = await look(settings)

  expect(of(findings, 'Redis maxmemory-policy')).toMatchObject({
    verdict: 'bad',
    said: 'maxmemory-policy is allkeys-lru, it must be noeviction',
    mend: [expect.stringContaining('config set maxmemory-policy noeviction'), expect.any(String)],
  })
  expect(of(findings, 'Redis appendonly')).toMatchObject({
    verdict: 'bad',
    mend: [expect.stringContaining('config set appendonly yes'), expect.any(String)],
  })
  expect(of(findings, 'Redis appendfsync')).toMatchObject({
    verdict: 'warn',
    mend: [expect.stringContaining('config set appendfsync always'), expect.any(String)],
  })
})

it('says what could not be read where CONFIG is forbidden', async () => {
  const user = ['--user', 'app', 'on', '>pw', '~*', '&*', '+@all', '-config']
  const findings = await look([...DURABLE, ...user], { url: (own) => own.replace('redis://', 'redis://app:pw@') })

  expect(findings.filter(({ verdict }) => verdict === 'bad')).toEqual([])
  expect(of(findings, 'Redis appendfsync')).toMatchObject({
    verdict: 'warn',
    said: expect.stringContaining('could not be read'),
  })
})

it('tells a wrong password, a closed port and TLS that is not there from each other', async () => {
  const protectedRedis = [...DURABLE, '--requirepass', 'right']
  const [wrong] = await look(protectedRedis, { url: (own) => own.replace('redis://', 'redis://:hunter2@') })
  const [none] = await look(protectedRedis)
  const [tls] = await look(DURABLE, { url: (own) => own.replace('redis:', 'rediss:') })
  using parts = new DisposableStack()
  const [closed] = await all({ url: 'redis://127.0.0.1:1', sealingKey: KEY, now: Date.now }, parts)

  for (const finding of [wrong, none])
    expect(finding).toMatchObject({ verdict: 'bad', mend: [expect.stringContaining('USER:PASSWORD')] })
  expect(tls).toMatchObject({
    verdict: 'bad',
    mend: [expect.stringContaining('without TLS, write redis://'), expect.any(String)],
  })
  expect(closed).toMatchObject({
    verdict: 'bad',
    said: expect.stringContaining('ECONNREFUSED'),
    mend: expect.arrayContaining([expect.stringContaining('redis-cli')]),
  })
  expect(JSON.stringify([wrong, none, tls, closed])).not.toContain('hunter2')
})

it('knows a replica and a user with too few rights by their refusals', async () => {
  const user = ['--user', 'app', 'on', '>pw', '~other:*', '&*', '+@all']
  const replica = await look([...DURABLE, '--replicaof', '127.0.0.1', '1', '--replica-serve-stale-data', 'yes'])
  const poor = await look([...DURABLE, ...user], { url: (own) => own.replace('redis://', 'redis://app:pw@') })

  expect(of(replica, 'Redis writes')).toMatchObject({ verdict: 'bad', mend: [expect.stringContaining('primary')] })
  expect(of(poor, 'Redis writes')).toMatchObject({ verdict: 'bad', mend: [expect.stringContaining('ACL SETUSER')] })
})

it('compares clocks', async () => {
  const ahead = await look(DURABLE, { now: () => Date.now() + 90_000 })

  expect(of(ahead, 'clock beside Redis')).toMatchObject({
    verdict: 'warn',
    said: 'is 90 s ahead of Redis’s',
    mend: expect.arrayContaining([expect.stringContaining('set-ntp')]),
  })
})

it('compares sealing keys, and says which side has another one, but not which', async () => {
  const other = createSecretKey(randomBytes(32))
  const findings = await look(DURABLE, { noted: { bot: KEY, worker: other } })

  expect(of(findings, 'SEALING_KEY')).toMatchObject({
    verdict: 'bad',
    said: expect.stringMatching(/^the worker that started last \(worker-host, .*has another one/),
    mend: [expect.stringContaining('the same SEALING_KEY')],
  })
  for (const key of [KEY, other])
    for (const form of ['base64', 'hex'] as const)
      expect(JSON.stringify(findings)).not.toContain(key.export().toString(form))
})

it('does not take for the same what it could not compare', async () => {
  const findings = await look(DURABLE, { noted: { bot: KEY } })

  expect(of(findings, 'SEALING_KEY')).toMatchObject({ verdict: 'note', said: expect.stringContaining('no worker') })
})
