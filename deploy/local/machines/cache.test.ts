import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cacheFolder, keepInUse, makeOnce } from './cache.ts'

const never = new AbortController().signal
const nothing = () => undefined
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oci-rescue-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('follows XDG_CACHE_HOME, but not a relative one', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/var/tmp/c' })).toBe('/var/tmp/c/oci-rescue')
  expect(cacheFolder({ XDG_CACHE_HOME: 'c' })).toBe(join(homedir(), '.cache/oci-rescue'))
  expect(cacheFolder({})).toBe(join(homedir(), '.cache/oci-rescue'))
})

it('builds once for two who want the same at the same time', async () => {
  const path = join(folder, 'images', 'key')
  let builds = 0
  let waits = 0
  const want = () =>
    makeOnce(
      path,
      async (fresh) => {
        builds += 1
        await sleep(50)
        await writeFile(join(fresh, 'disk'), 'complete')
      },
      () => {
        waits += 1
      },
      never,
    )

  expect(await Promise.all([want(), want()])).toEqual([path, path])

  expect({ builds, waits }).toEqual({ builds: 1, waits: 1 })
  expect(await readFile(join(path, 'disk'), 'utf8')).toBe('complete')
})

it('shows nothing of a build that failed, and builds again when asked again', async () => {
  const path = join(folder, 'key')
  const fails = makeOnce(
    path,
    async (fresh) => {
      await writeFile(join(fresh, 'disk'), 'half')
      throw new Error('no space left')
    },
    nothing,
    never,
  )
  await expect(fails).rejects.toThrow('no space left')
  expect(await readdir(folder)).toEqual([])

  await makeOnce(path, (fresh) => writeFile(join(fresh, 'disk'), 'complete'), nothing, never)

  expect(existsSync(join(path, 'disk'))).toBe(true)
})

it('does not wait for another builder longer than the signal allows', async () => {
  const path = join(folder, 'key')
  const slow = Promise.withResolvers<void>()
  const building = Promise.withResolvers<void>()
  const first = makeOnce(
    path,
    () => {
      building.resolve()
      return slow.promise
    },
    nothing,
    never,
  )
  await building.promise

  const second = makeOnce(path, async () => undefined, nothing, AbortSignal.timeout(30))

  await expect(second).rejects.toThrow(/abort/i)
  slow.resolve()
  await first
})

it('keeps what is in use, and what was used this month, and nothing of other kinds is touched', async () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000)
  for (const [name, days] of Object.entries({ 'disk-mine': 60, 'disk-recent': 20, 'disk-old': 40, 'other-old': 40 })) {
    await mkdir(join(folder, name))
    await utimes(join(folder, name), daysAgo(days), daysAgo(days))
  }

  await keepInUse(join(folder, 'disk-mine'), 'disk-')

  expect((await readdir(folder)).sort()).toEqual(['disk-mine', 'disk-recent', 'other-old'])
})
