/** A Redis of a test's own: as durable as the product demands, on a free port of loopback, gone afterwards. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestRedis extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Takes connections and questions, and answers none. */
  freeze(): void
}

export const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction']

/** Resolves when the server takes connections. `settings` are redis-server's own options. */
export async function startRedis(settings: readonly string[] = DURABLE, port?: number): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-redis-'))
  const chosen = port ?? (await freePort())
  const place = ['--bind', '127.0.0.1', '--port', `${chosen}`, '--dir', directory, '--save', '']
  const server = spawn('redis-server', [...place, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(server, 'exit')
  await untilReady(server.stdout, exited)
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    freeze: () => void server.kill('SIGSTOP'),
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL')
      await exited
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function untilReady(output: NodeJS.ReadableStream, exited: Promise<unknown>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let heard = ''
  output.on('data', (piece) => {
    heard += piece
    if (heard.includes('Ready to accept connections')) resolve()
  })
  exited.then(() => reject(new Error(`redis-server ended:\n${heard}`)), reject)
  await promise
}
