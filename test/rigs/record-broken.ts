/**
 * `node test/rigs/record-broken.ts [WAY...]`: boots guests that are broken, one after
 * the other, and keeps what their serial lines said in test/recordings/broken. Says
 * what a diagnosis finds there, and tries to log in with a key that opc is known by,
 * for not all that is broken shows.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { diagnose } from '../../core/diagnosis/diagnose.ts'
import { runCommand } from '../../deploy/local/commands.ts'
import { makeKeyPair } from '../../deploy/local/login.ts'
import { hasEndedSo } from '../../deploy/local/machines/break/boot-end.ts'
import { isWay, WAYS, type WayName } from '../../deploy/local/machines/break/ways.ts'
import { brokenMachine } from '../../deploy/local/machines/break.ts'
import type { Machine } from '../../deploy/local/machines/machine.ts'
import { startMachine } from '../../deploy/local/machines/vm.ts'
import { untilInterrupted } from '../../deploy/local/processes.ts'
import { setUp } from '../../deploy/local/setup.ts'

const RECORDINGS = new URL('../recordings/broken/', import.meta.url).pathname
/** A boot of 40 s, and systemd's 90 s for a disk that does not come, on a machine that has other work too. */
const PATIENCE_MS = 400_000

async function main(names: readonly string[], signal: AbortSignal): Promise<void> {
  const ways = names.length > 0 ? names.filter(isWay) : Object.keys(WAYS).filter(isWay)
  const { acceleration } = await setUp({ for: 'tests' }, console.log, signal)
  await mkdir(RECORDINGS, { recursive: true })
  for (const way of ways) {
    const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-record-'))
    try {
      const { key, identity } = await makeKeyPair(directory, signal)
      const authorizedKey = await runCommand('cat', [key])
      const spec = await brokenMachine(way, { directory, authorizedKey }, signal)
      const started = performance.now()
      await using machine = await startMachine(spec, { directory, acceleration }, signal)
      const rested = await comesToRest(machine, way, signal)
      const seconds = Math.round((performance.now() - started) / 1000)
      console.log(`${way}: ${rested ? WAYS[way].ends : 'NOT AS EXPECTED'} after ${seconds} s`)
      console.log(`  found: ${foundIn(machine, way)}`)
      console.log(`  login: ${await tryLogin(machine, identity)}`)
      await writeFile(join(RECORDINGS, `${way}.log`), machine.serial.history())
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
}

async function comesToRest(machine: Machine, way: WayName, signal: AbortSignal): Promise<boolean> {
  const end = Date.now() + PATIENCE_MS
  while (Date.now() < end) {
    if (hasEndedSo(WAYS[way].ends, machine.serial.history())) return true
    await sleep(200, undefined, { signal })
  }
  return false
}

/** What a diagnosis puts first, against what the way says that its line shows. */
function foundIn({ serial }: Machine, way: WayName): string {
  const [found = 'nothing', ...more] = diagnose(serial.history()).findings.map((finding) => finding.class)
  const { shows = 'nothing' } = WAYS[way]
  const others = more.length === 0 ? '' : ` (then ${more.join(', ')})`
  return `${found === shows ? '' : `NOT ${shows} BUT `}${found}${others}`
}

async function tryLogin({ sshd, spec }: Machine, identity: string): Promise<string> {
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'BatchMode=yes', 'ConnectTimeout=20']
  const settings = ['-F', '/dev/null', '-i', identity, '-o', 'LogLevel=ERROR', ...options.flatMap((one) => ['-o', one])]
  const address = ['-p', String(sshd.port), `${spec.user}@${sshd.host}`]
  const command = 'id -un; sudo -n true && echo and may become root'
  return await runCommand('ssh', [...settings, ...address, command]).then(
    (answer) => answer.trim().replaceAll('\n', ' '),
    (failure: Error) => failure.message.split('\n').slice(-3).join(' | '),
  )
}

using interruption = untilInterrupted()
await main(process.argv.slice(2), interruption.signal)
