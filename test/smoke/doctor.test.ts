/** `npm run doctor`, as somebody types it: it looks at the sides whose variables are there. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Environment, examineWith, runDoctor } from '../helpers/doctor.ts'

const DOCTOR = 'deploy/doctor.ts'
/** Nobody is there: what is looked at counts here, not what is found. */
const SHARED = { REDIS_URL: 'redis://127.0.0.1:1', SEALING_KEY: randomBytes(32).toString('base64') }
const BOT = {
  ...SHARED,
  SLACK_API_URL: 'http://127.0.0.1:1/',
  SLACK_BOT_TOKEN: 'xoxb-hunter2',
  SLACK_APP_TOKEN: 'xapp-hunter2',
}
const WORKER = { ...SHARED, OCI_CONFIG_FILE: '/nowhere/config' }

it('is what npm runs', () => {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')

  expect(z.object({ scripts: z.object({ doctor: z.string() }) }).parse(JSON.parse(text)).scripts.doctor).toBe(
    `node ${DOCTOR}`,
  )
})

describe.concurrent('it looks at', () => {
  it.each<[string, Environment, readonly string[], readonly string[]]>([
    ['the bot', BOT, [], ['bot']],
    ['the worker', WORKER, [], ['worker']],
    ['both', { ...BOT, ...WORKER }, [], ['bot', 'worker']],
    ['the one that is named', { ...BOT, ...WORKER }, ['worker'], ['worker']],
    ['a worker whose config file has its usual place', { ...SHARED, HOME: '/nowhere' }, [], ['worker']],
    ['one whose variables are not there, when it is named', {}, ['bot'], ['bot']],
  ])('%s', async (_, environment, args, sides) => {
    const { code, findings, out } = await examineWith(DOCTOR, environment, { args })

    expect(code).toBe(1)
    expect([...new Set(findings.map(({ side }) => side))]).toEqual(sides)
    expect(out).not.toContain('hunter2')
  })
})

it('says which variables are missing when there are none of either side', async () => {
  const { code, out, err } = await runDoctor(DOCTOR, { REDIS_URL: SHARED.REDIS_URL, SLACK_BOT_TOKEN: ' ' })

  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('bot: not set: SEALING_KEY, SLACK_BOT_TOKEN, SLACK_APP_TOKEN')
  expect(err).toContain('worker: not set: SEALING_KEY, OCI_COMPARTMENTS')
})

it.each([[['workers']], [['bot', 'worker']], [['--jsno']]])('does not guess what %j means', async (args) => {
  const { code, out, err } = await runDoctor(DOCTOR, BOT, { args })

  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/usage|--jsno/)
})
