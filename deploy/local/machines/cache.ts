/**
 * The folder for what is expensive to make and cheap to lose, and a way to make
 * such a thing once although several processes may want it at the same time.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** `$XDG_CACHE_HOME/oci-rescue`. The XDG base directory specification tells to ignore a value that is not absolute. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'oci-rescue')
}

/**
 * Gives `path`, a folder, after `build` has filled it if it was not there yet. `build`
 * gets a temporary folder that is renamed when it is complete, so that nobody ever
 * sees half of it; a second process that wants the same waits for the first.
 */
export async function makeOnce(
  path: string,
  build: (folder: string) => Promise<void>,
  onWait: () => void,
  signal: AbortSignal,
): Promise<string> {
  if (existsSync(path)) return path
  await mkdir(dirname(path), { recursive: true })
  await using _lock = await acquire(path, onWait, signal)
  if (existsSync(path)) return path
  await removeAbandoned(path)
  const folder = await mkdtemp(`${path}.new-`)
  try {
    await build(folder)
    await publish(folder, path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return path
}

/** Nobody goes back to a recipe of last month; whoever does, builds it again. */
const KEPT_MS = 30 * 24 * 3_600_000

/** Marks `path` as used now, and removes those beside it that begin with `prefix` and were not used for 30 days. */
export async function keepInUse(path: string, prefix: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now)
  for (const name of await readdir(dirname(path))) {
    const folder = join(dirname(path), name)
    if (name.startsWith(prefix) && now.getTime() - (await stat(folder)).mtimeMs > KEPT_MS) {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/**
 * The lock is an abstract unix socket: the kernel gives it back whatever way its
 * holder ends, so there is never a stale one. Two containers that share the cache do
 * not see each other's; they build twice, and the rename lets one of them win.
 */
async function acquire(path: string, onWait: () => void, signal: AbortSignal): Promise<AsyncDisposable> {
  const name = `\0oci-rescue-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`
  for (let waits = 0; ; waits += 1) {
    const server = await tryListen(name)
    if (server !== undefined) return { [Symbol.asyncDispose]: () => closed(server) }
    if (waits === 0) onWait()
    // Half a second: short beside a build of a minute.
    await sleep(500, undefined, { signal })
  }
}

function tryListen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(name, () => resolve(server))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

async function publish(folder: string, path: string): Promise<void> {
  try {
    await rename(folder, path)
  } catch (cause) {
    if (!existsSync(path)) throw cause
  }
}

/** What a killed build left. One hour: a build that lives, in another container, takes minutes. */
async function removeAbandoned(path: string): Promise<void> {
  const prefix = `${basename(path)}.new-`
  for (const name of await readdir(dirname(path))) {
    const folder = join(dirname(path), name)
    if (name.startsWith(prefix) && Date.now() - (await stat(folder)).mtimeMs > 3_600_000) {
      await rm(folder, { recursive: true, force: true })
    }
  }
}
