/**
 * A Redis of our own: Debian's redis-server on a free loopback port, set up as
 * production has to be, so that nothing that was acknowledged is ever lost.
 */
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './ports.ts'
import { type RunningProcess, startProcess } from './processes.ts'

const HOST = '127.0.0.1'

export interface LocalRedis extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  close(): Promise<void>
}

/** Keeps its data in `directory`, and finds there what an earlier one left. */
export async function startRedis(directory: string, signal?: AbortSignal): Promise<LocalRedis> {
  await mkdir(directory, { recursive: true })
  // Three tries: somebody may take the port between our look and Redis's bind.
  for (let tries = 1; ; tries += 1) {
    const port = await freePort(HOST)
    const server = await startProcess({
      name: 'redis',
      command: 'redis-server',
      args: settings(port),
      cwd: directory,
      logFile: join(directory, 'redis.log'),
    })
    if (await answers(server, port, signal)) return handle(server, port)
    if (tries === 3) throw new Error(`redis-server ended at once:\n${server.lastLines()}`)
  }
}

function settings(port: number): readonly string[] {
  return [
    ...['--bind', HOST, '--port', String(port), '--dir', '.'],
    ...['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'],
    // The append-only file holds everything; snapshots would only be a second copy.
    ...['--save', ''],
  ]
}

/** True when it answers PING with PONG, which it does only after it has loaded its data; false when it has ended. */
async function answers(server: RunningProcess, port: number, signal?: AbortSignal): Promise<boolean> {
  try {
    while (server.isRunning()) {
      if ((await ping(port)) === '+PONG\r\n') return true
      await sleep(20, undefined, signal && { signal })
    }
    await server.exited
    return false
  } catch (error) {
    await server.close()
    throw error
  }
}

function ping(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST, () => socket.write('PING\r\n'))
    const answer = (text: string) => {
      socket.destroy()
      resolve(text)
    }
    // One second: on a busy machine the kernel accepts long before Redis answers.
    socket.setTimeout(1000, () => answer('timeout'))
    socket.once('data', (bytes) => answer(bytes.toString()))
    socket.once('error', (error) => answer(error.message))
    socket.once('close', () => answer('closed'))
  })
}

function handle(server: RunningProcess, port: number): LocalRedis {
  return {
    url: `redis://${HOST}:${port}`,
    pid: server.pid,
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  }
}
