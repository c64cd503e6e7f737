import { KeyObject, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { BotConfig, readBotConfig } from './bot.ts'
import { secretsOf, settingsFindings } from './help.ts'
import { ConfigError, readPartly } from './read.ts'
import { readWorkerConfig, WorkerConfig } from './worker.ts'

const SEALING_KEY = randomBytes(32).toString('base64')
const SHARED = { REDIS_URL: 'redis://localhost', SEALING_KEY }
const BOT = { ...SHARED, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }

function problems(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('the bot', () => {
  it('lets nobody ask and nobody approve unless told otherwise', () => {
    expect(readBotConfig(BOT)).toEqual({
      ...BOT,
      SEALING_KEY: expect.any(KeyObject),
      LOG_LEVEL: 'info',
      SLACK_API_URL: 'https://slack.com/api/',
      RESCUE_CHANNELS: [],
      RESCUE_REQUESTERS: [],
      RESCUE_APPROVERS: [],
      RESCUE_LANGUAGE: 'en',
      RESCUE_CHANNEL_LANGUAGES: new Map(),
      RESCUE_COMMAND_PREFIX: '!',
      REQUESTER_MAY_APPROVE: false,
    })
  })

  it('reads lists as people write them', () => {
    const config = readBotConfig({
      ...BOT,
      RESCUE_APPROVERS: ' U1, U2,,W3 ',
      REQUESTER_MAY_APPROVE: 'yes',
      RESCUE_CHANNEL_LANGUAGES: 'C1=ja, G2=en',
      RESCUE_COMMAND_PREFIX: '..',
    })

    expect(config.RESCUE_APPROVERS).toEqual(['U1', 'U2', 'W3'])
    expect([...config.RESCUE_CHANNEL_LANGUAGES]).toEqual([
      ['C1', 'ja'],
      ['G2', 'en'],
    ])
    expect(config.REQUESTER_MAY_APPROVE).toBe(true)
    expect(config.RESCUE_COMMAND_PREFIX).toBe('..')
  })

  it('does not let the lists stand beside a policy that replaces them', () => {
    const policy = { ...BOT, RESCUE_POLICY: '/etc/policy.yaml' }

    expect(readBotConfig(policy).RESCUE_POLICY).toBe('/etc/policy.yaml')
    expect(problems(() => readBotConfig({ ...policy, RESCUE_APPROVERS: 'U1', REQUESTER_MAY_APPROVE: ' ' }))).toEqual([
      'RESCUE_APPROVERS: stands in RESCUE_POLICY now; unset it here',
    ])
  })

  it.each(['/', 'x', '! ', '<', '&', '`', '*', '!!!!'])(
    'takes no sign for commands in threads that Slack or a sentence gives a meaning to: %j',
    (sign) => {
      expect(problems(() => readBotConfig({ ...BOT, RESCUE_COMMAND_PREFIX: sign }))).toEqual([
        'RESCUE_COMMAND_PREFIX: must be one to three of ! . , ; ? + = % $ ^ -',
      ])
    },
  )

  it('names all problems at once, and no value: some are secrets', () => {
    const env = {
      REDIS_URL: 'http://:hunter2@localhost',
      SEALING_KEY: 'hunter2',
      SLACK_BOT_TOKEN: 'xoxp-hunter2',
      SLACK_APP_TOKEN: ' ',
      LOG_LEVEL: 'hunter2',
      RESCUE_REQUESTERS: '@hunter2',
      RESCUE_LANGUAGE: 'hunter2',
      RESCUE_CHANNEL_LANGUAGES: 'C1=hunter2',
      REQUESTER_MAY_APPROVE: 'hunter2',
    }

    const found = problems(() => readBotConfig(env))

    expect(found.toSorted()).toEqual([
      expect.stringMatching(/^LOG_LEVEL: .*"info"/),
      'REDIS_URL: must be a redis:// or rediss:// address',
      'REQUESTER_MAY_APPROVE: must be true or false',
      'RESCUE_CHANNEL_LANGUAGES: must be a comma list such as C0AAAA=ja,C0BBBB=en',
      'RESCUE_LANGUAGE: must be en or ja',
      'RESCUE_REQUESTERS: must be a comma list of user ids (U…)',
      expect.stringMatching(/^SEALING_KEY: must be 32 bytes in base64/),
      'SLACK_APP_TOKEN is not set',
      'SLACK_BOT_TOKEN: must start with xoxb-',
    ])
    expect(found.join()).not.toContain('hunter2')
  })
})

describe('the worker', () => {
  it('needs no more than Redis and the key it shares with the bot', () => {
    expect(readWorkerConfig({ ...SHARED, REDIS_URL: 'rediss://u:p@cache:6380/1' })).toMatchObject({
      OCI_AUTH: 'config',
      OCI_CONFIG_PROFILE: 'DEFAULT',
      OCI_COMPARTMENTS: [],
      INVENTORY_MINUTES: 5,
      GATE_1_EXPIRY_SECONDS: 3600,
      GATE_2_EXPIRY_SECONDS: 900,
      PASSWORD_EXPIRY_SECONDS: 600,
      SHELL_IDLE_SECONDS: 900,
      SHELL_LINE_SECONDS: 60,
      WORKER_CONCURRENCY: 10,
      WORKER_LOCK_SECONDS: 30,
      LOGIN_PORT: 22,
      RESCUE_TIMEOUT_MINUTES: 45,
    })
  })

  it('reads numbers, addresses and OCIDs', () => {
    const env = {
      ...SHARED,
      OCI_ENDPOINT: 'http://127.0.0.1:4000',
      OCI_REGION: 'eu-frankfurt-1',
      OCI_COMPARTMENTS: 'ocid1.compartment.oc1..aaaa,ocid1.tenancy.oc1..bbbb',
      GATE_2_EXPIRY_SECONDS: '1.5',
      WORKER_CONCURRENCY: '3',
    }

    expect(readWorkerConfig(env)).toMatchObject({
      OCI_COMPARTMENTS: ['ocid1.compartment.oc1..aaaa', 'ocid1.tenancy.oc1..bbbb'],
      GATE_2_EXPIRY_SECONDS: 1.5,
      WORKER_CONCURRENCY: 3,
    })
  })

  it('names all problems at once', () => {
    const env = {
      OCI_AUTH: 'password',
      OCI_REGION: 'Frankfurt',
      OCI_ENDPOINT: 'ftp://x',
      OCI_COMPARTMENTS: 'prod',
      GATE_1_EXPIRY_SECONDS: 'soon',
      WORKER_CONCURRENCY: '0',
      LOGIN_PORT: '99999',
    }

    expect(problems(() => readWorkerConfig(env)).map((problem) => problem.split(/[: ]/)[0])).toEqual([
      'REDIS_URL',
      'SEALING_KEY',
      ...Object.keys(env),
    ])
  })

  it('does not let a config file stand unused beside another way of signing in', () => {
    const env = { ...SHARED, OCI_AUTH: 'instance-principal', OCI_CONFIG_FILE: '/etc/oci/config' }

    expect(problems(() => readWorkerConfig(env))).toEqual(['OCI_CONFIG_FILE: is only for OCI_AUTH=config'])
  })
})

describe('the sealing key', () => {
  it.each([
    ['31 bytes', randomBytes(31).toString('base64')],
    ['33 bytes', randomBytes(33).toString('base64')],
    ['no base64', 'a key that somebody made up'],
    ['hexadecimal', randomBytes(32).toString('hex')],
  ])('is refused when it is %s', (_, key) => {
    const found = problems(() => readWorkerConfig({ ...SHARED, SEALING_KEY: key }))

    expect(found).toEqual([expect.stringMatching(/^SEALING_KEY: must be 32 bytes in base64/)])
    expect(found.join()).not.toContain(key)
  })

  it('shows nothing of itself when the settings are printed', () => {
    const config = readWorkerConfig(SHARED)

    expect(JSON.stringify(config)).not.toContain(SEALING_KEY)
    expect(config.SEALING_KEY.export().toString('base64')).toBe(SEALING_KEY)
  })
})

describe('for a check-up', () => {
  it('what is good is read beside what is not, and the problems are the same', () => {
    const env = { ...BOT, REDIS_URL: 'localhost', RESCUE_APPROVERS: 'riya', RESCUE_CHANNELS: 'C1,C2' }

    const { good, problems: found } = readPartly(BotConfig, env)

    expect(good).toMatchObject({ SLACK_BOT_TOKEN: 'xoxb-1', RESCUE_CHANNELS: ['C1', 'C2'], LOG_LEVEL: 'info' })
    expect(Object.keys(good)).not.toContain('REDIS_URL')
    expect(Object.keys(good)).not.toContain('RESCUE_APPROVERS')
    expect(found).toEqual(problems(() => readBotConfig(env)))
    expect(found).toHaveLength(2)
  })

  it('what is wrong only together is a problem, too', () => {
    const env = { ...SHARED, OCI_AUTH: 'instance-principal', OCI_CONFIG_FILE: '/etc/oci/config' }

    expect(readPartly(WorkerConfig, env)).toMatchObject({
      good: { OCI_AUTH: 'instance-principal' },
      problems: ['OCI_CONFIG_FILE: is only for OCI_AUTH=config'],
    })
  })

  it('each problem is told how to mend it', () => {
    const found = settingsFindings([...problems(() => readBotConfig({})), ...problems(() => readWorkerConfig({}))])

    expect(found.length).toBeGreaterThan(4)
    for (const { verdict, said, mend } of found) {
      expect(verdict).toBe('bad')
      expect(mend, said).not.toEqual([expect.stringContaining('README')])
    }
    expect(settingsFindings(['SEALING_KEY is not set', 'LOGIN_PORT: too big'])).toMatchObject([
      { mend: [expect.stringContaining('openssl rand -base64 32')] },
      { mend: ['LOGIN_PORT is explained in README.md'] },
    ])
    expect(settingsFindings([])).toMatchObject([{ verdict: 'ok' }])
  })

  it('secrets are known in the forms in which they may be quoted', () => {
    const env = { ...BOT, SLACK_BOT_TOKEN: 'xoxb-hunter', REDIS_URL: 'rediss://bot:p%40ss:w@cache:6379/0' }

    expect(secretsOf(env)).toEqual(['xoxb-hunter', 'xapp-1', SEALING_KEY, 'p%40ss:w', 'p@ss:w'])
    expect(secretsOf({ REDIS_URL: 'redis://cache', SLACK_APP_TOKEN: ' ' })).toEqual([])
  })
})
