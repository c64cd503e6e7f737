import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { RescueError } from '../base/errors.ts'
import { processLog } from '../base/process-log.ts'
import { connectRedis } from './connect.ts'

/** A Redis that takes no password. */
const server = createServer((socket) => {
  socket.on('data', (said) => {
    const commands = String(said).match(/^\*\d+\r$/gm) ?? []
    socket.write('-WRONGPASS invalid username-password pair or user is disabled.\r\n'.repeat(commands.length))
  })
  socket.on('error', () => undefined)
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

function logged(facts: Readonly<Record<string, unknown>>): string {
  const lines: string[] = []
  processLog('bot', 'info', { write: (line) => lines.push(line) }).warn(facts, 'trouble')
  return lines.join('')
}

it('makes errors of which the log says what Redis said, and never the password that it was about', async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const redis = connectRedis(`redis://rescue:made-up-word@127.0.0.1:${port}`, { name: 'test', retries: 0 })
  const [error] = await once(redis, 'error')
  redis.disconnect()

  expect(JSON.stringify(error)).toContain('made-up-word')
  for (const facts of [
    { err: error },
    { error: new RescueError('operator', 'store-refused', 'no', { cause: error }) },
  ]) {
    const text = logged(facts)
    expect(text).toContain('WRONGPASS')
    expect(text).not.toContain('made-up-word')
  }
})
