/** How long bot and worker take from the first byte of their program to `ready`, and what they hold then. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProcess } from '../../deploy/local/processes.ts'
import { writeOciConfig } from '../helpers/oci-config.ts'
import { type Environment, openOffice } from '../helpers/office.ts'
import { npmScript } from './npm-script.ts'
import { median } from './numbers.ts'
import type { Print } from './print.ts'

const STARTS = 5
/** What was only needed to start has been collected by then. */
const SETTLED_MS = 3000

export async function measureStarts(print: Print): Promise<void> {
  await using office = await openOffice()
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-start-'))
  try {
    await measure(print, 'bot', office.environment)
    const { REDIS_URL = '', SEALING_KEY = '' } = office.environment
    const worker = { REDIS_URL, SEALING_KEY, OCI_CONFIG_FILE: await writeOciConfig(directory) }
    await measure(print, 'worker', worker)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function measure(print: Print, name: 'bot' | 'worker', environment: Environment): Promise<void> {
  const times: number[] = []
  const sizes: number[] = []
  for (let start = 0; start < STARTS; start += 1) {
    const { readyMs, residentMiB } = await startOnce(name, environment)
    times.push(readyMs)
    sizes.push(residentMiB)
  }
  const [ms, size] = [median(times), median(sizes)]
  print(
    `${name} ready after ${ms.toFixed(0)} ms (goal 1500), ${size.toFixed(0)} MiB resident (goal 150), medians of ${STARTS}`,
    ms <= 1500 && size <= 150,
  )
}

async function startOnce(name: 'bot' | 'worker', environment: Environment) {
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  const script = await npmScript(name)
  const began = performance.now()
  await using running = await startProcess({
    name,
    command: process.execPath,
    args: script.args,
    env: { PATH: process.env.PATH ?? '', ...script.env, ...environment },
    onLine: (line) => line === `${name} ready` && resolve(),
  })
  await Promise.race([ready, running.exited.then(() => Promise.reject(new Error(running.lastLines())))])
  const readyMs = performance.now() - began
  await sleep(SETTLED_MS)
  const status = await readFile(`/proc/${running.pid}/status`, 'utf8')
  return { readyMs, residentMiB: Number(/^VmRSS:\s+(?<kibibytes>\d+) kB$/m.exec(status)?.groups?.kibibytes) / 1024 }
}
