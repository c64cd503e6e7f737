import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { type Greeting, readGreeting } from './read-greeting.ts'

const soon = () => AbortSignal.timeout(30_000)

async function greetedBy(serve: (socket: Socket) => void, patienceMs?: number): Promise<Greeting> {
  const server = createServer(serve).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  try {
    return await readGreeting({ host: '127.0.0.1', port: address.port }, soon(), patienceMs)
  } finally {
    server.close()
  }
}

it('reads the greeting, also behind other lines and in pieces', async () => {
  const greeting = await greetedBy((socket) => {
    socket.write('Welcome\r\nSS')
    socket.write('H-2.0-Oracle_1\r\n')
  })

  expect(greeting).toEqual({ kind: 'greeted', words: 'SSH-2.0-Oracle_1' })
})

it('knows others by what they say, and by what they do not say', async () => {
  expect(await greetedBy((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n\x1b[31m'))).toEqual({
    kind: 'other',
    words: 'HTTP/1.1 400 Bad Request [31m',
  })
  expect(await greetedBy((socket) => socket.end())).toEqual({ kind: 'other', words: '' })
  expect(await greetedBy(() => {}, 50)).toEqual({ kind: 'silent' })
})

it('throws when nobody is there, and when it is told to stop', async () => {
  await expect(readGreeting({ host: '127.0.0.1', port: 1 }, soon())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  const stopped = AbortSignal.abort(new Error('enough'))
  await expect(readGreeting({ host: '127.0.0.1', port: 1 }, stopped)).rejects.toThrow('enough')
})
