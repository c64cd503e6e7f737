/** The bot as production starts it: plain Node, nothing but the environment. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openOffice, startBot } from '../helpers/bot.ts'
import { startRedis } from '../helpers/redis.ts'

const ROOT = join(import.meta.dirname, '..', '..')

function run(environment: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', ...environment }
    const child = execFile(process.execPath, ['bot/main.ts'], { cwd: ROOT, env }, (_, out, err) =>
      resolve({ code: child.exitCode, said: out + err }),
    )
  })
}

it('says it is ready, and ends cleanly when it is told to', async () => {
  await using office = await openOffice()
  await using bot = await startBot(office.environment)

  expect(await bot.stop()).toBe(0)
  expect(office.slack.statistics()).toMatchObject({ sockets: 0 })
})

it('says all that is wrong with its environment in one list, and no value', async () => {
  const { code, said } = await run({ SLACK_BOT_TOKEN: 'hunter2', RESCUE_APPROVERS: 'hunter2' })

  expect(code).toBe(1)
  for (const name of ['REDIS_URL', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'RESCUE_APPROVERS'])
    expect(said).toContain(name)
  expect(said).not.toContain('hunter2')
})

it('does not start with a policy that has mistakes, and says in which lines', async () => {
  await using office = await openOffice()
  const file = join(office.directory, 'policy.yaml')
  await writeFile(file, 'rules:\n  - name: all\n    playbooks: fsck\n')

  const { code, said } = await run({ ...office.policyEnvironment, RESCUE_POLICY: file })
  const missing = await run({ ...office.policyEnvironment, RESCUE_POLICY: join(office.directory, 'none.yaml') })

  expect(code).toBe(1)
  expect(said).toContain('policy.yaml:3: playbooks: must be all, or a list of')
  expect(said).toContain('policy.yaml:2: channels is missing')
  expect(missing).toMatchObject({ code: 1, said: expect.stringContaining('none.yaml') })
})

it('does not entrust rescues to a Redis that forgets', async () => {
  await using office = await openOffice()
  await using redis = await startRedis(['--appendonly', 'no'])

  const { code, said } = await run({ ...office.environment, REDIS_URL: redis.url })

  expect(code).toBe(1)
  expect(said).toContain('appendonly is no, it must be yes')
})

it('says so when Slack does not take its tokens', async () => {
  await using office = await openOffice()

  const bot = await run({ ...office.environment, SLACK_BOT_TOKEN: 'xoxb-wrong' })
  const app = await run({ ...office.environment, SLACK_APP_TOKEN: 'xapp-wrong' })

  expect(bot).toMatchObject({ code: 1, said: expect.stringContaining('invalid_auth') })
  expect(app).toMatchObject({ code: 1, said: expect.stringContaining('invalid_auth') })
})
