/** The worker as production starts it: plain Node, nothing but the environment. */

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeOciConfig } from '../helpers/oci-config.ts'
import { DURABLE, startRedis } from '../helpers/redis.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'workers', 'main.ts')

interface Run {
  readonly output: () => string
  readonly ended: Promise<number | null>
  kill(signal: NodeJS.Signals): void
}

const SEALING_KEY = randomBytes(32).toString('base64')

function start(env: Readonly<Record<string, string>>): Run {
  const shared = { PATH: process.env.PATH, SEALING_KEY: SEALING_KEY }
  const child = spawn(process.execPath, [MAIN], { env: { ...shared, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece) => {
      output += piece
    })
  }
  const ended = once(child, 'close').then(() => child.exitCode)
  return { output: () => output, ended, kill: (signal) => child.kill(signal) }
}

it('says all that is wrong with its environment in one list, and no value', async () => {
  const run = start({ REDIS_URL: 'hunter2', OCI_AUTH: 'hunter2', WORKER_CONCURRENCY: 'hunter2' })

  expect(await run.ended).toBe(1)
  expect(run.output()).toMatch(/REDIS_URL.*\n.*OCI_AUTH.*\n.*WORKER_CONCURRENCY/)
  expect(run.output()).not.toContain('hunter2')
})

it('does not entrust rescues to a Redis that forgets', async () => {
  await using redis = await startRedis(['--appendonly', 'no'])
  const run = start({ REDIS_URL: redis.url })

  expect(await run.ended).toBe(1)
  expect(run.output()).toContain('appendonly is no, it must be yes')
})

it('says so when it can not sign in to OCI', async () => {
  await using redis = await startRedis(DURABLE)
  const run = start({ REDIS_URL: redis.url, OCI_CONFIG_FILE: '/nowhere/config' })

  expect(await run.ended).toBe(1)
  expect(run.output()).toContain('cannot sign in to OCI with config')
})

it('becomes ready, and ends well when asked to', async () => {
  await using redis = await startRedis(DURABLE)
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-smoke-'))
  const run = start({ REDIS_URL: redis.url, OCI_CONFIG_FILE: await writeOciConfig(directory) })

  await expect.poll(run.output).toContain('worker ready\n')
  run.kill('SIGTERM')

  expect(await run.ended).toBe(0)
  await rm(directory, { recursive: true })
})

it('can be stopped while it waits for Redis', async () => {
  const run = start({ REDIS_URL: 'redis://127.0.0.1:1' })
  await expect.poll(run.output).toContain('trouble with Redis')
  run.kill('SIGTERM')

  expect(await run.ended).toBe(1)
  expect(run.output()).toContain('SIGTERM came before the worker was ready')
})
