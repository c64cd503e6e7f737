import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { startRedis } from './redis.ts'

it('is set up as production has to be, and listens on loopback only', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue test-'))
  await using server = await startRedis(directory)
  const client = new Redis(server.url)

  const settings = await client.config('GET', 'appendonly', 'appendfsync', 'maxmemory-policy', 'bind', 'save')

  expect(Object.fromEntries(pairs(settings))).toEqual({
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    bind: '127.0.0.1',
    save: '',
  })
  client.disconnect()
  await server.close()
  await rm(directory, { recursive: true })
})

it('finds again what it kept in its directory, even after it was killed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-test-'))
  const first = await startRedis(directory)
  const writer = new Redis(first.url)
  writer.on('error', () => writer.disconnect())
  await writer.set('kept', 'yes')
  process.kill(first.pid, 'SIGKILL')
  await first.close()
  writer.disconnect()

  await using second = await startRedis(directory)
  const reader = new Redis(second.url)

  expect(await reader.get('kept')).toBe('yes')
  reader.disconnect()
  await second.close()
  await rm(directory, { recursive: true })
})

function pairs(flat: unknown): [unknown, unknown][] {
  if (!Array.isArray(flat)) return Object.entries(Object(flat))
  return flat.flatMap((value, index) => (index % 2 === 0 ? [[value, flat[index + 1]]] : []))
}
