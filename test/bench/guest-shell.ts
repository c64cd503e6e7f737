/**
 * The maintenance shell of the project's own guest, reached over SSH by the product's
 * drivers: how long a command takes to and fro, and whether a file comes through whole
 * while the kernel talks.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RescueError } from '../../core/base/errors.ts'
import { Console } from '../../core/console/console.ts'
import { catchBootLoader } from '../../core/grub/catch.ts'
import { driverFor } from '../../core/grub/driver-for.ts'
import { watch } from '../../core/machine/watch.ts'
import { enterShell } from '../../core/shell/enter.ts'
import type { Shell } from '../../core/shell/shell.ts'
import { startMachine } from '../../deploy/local/machines/vm.ts'
import { setUp } from '../../deploy/local/setup.ts'
import { ARGUMENT } from './drivers.ts'
import { median, percentile } from './numbers.ts'
import type { Print } from './print.ts'
import { serveOverSsh } from './ssh-line.ts'

const COMMANDS = 200
const FILES = 50
const FILE_BYTES = 65_536
const FILE = '/run/bench'
/** How the shell says that it could not fetch a file, instead of giving another. */
const GIVES_UP = ['transfer-failed', 'shell-lost']
const TALK = 'the kernel talks'
/** An emulated boot on a busy machine. */
const BOOT_MS = 300_000

export async function benchGuestShell(print: Print, signal: AbortSignal): Promise<void> {
  await using undo = new AsyncDisposableStack()
  const { machines, acceleration } = await setUp({ for: 'tests' }, print, signal)
  const [spec] = machines
  if (spec === undefined) throw new Error('there is no machine')
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-bench-'))
  undo.defer(() => rm(directory, { recursive: true, force: true }))
  const machine = undo.use(await startMachine(spec, { directory, acceleration, paused: true }, signal))
  const line = undo.use(await serveOverSsh(machine.serial))
  const console = undo.use(new Console(await line.connect(signal)))
  await machine.start()
  const shell = await reachShell(console, signal)
  await timeCommands(shell, print, signal)
  await fetchFiles(shell, console, print, signal)
}

async function reachShell(console: Console, signal: AbortSignal): Promise<Shell> {
  const menu = await catchBootLoader(console, { appearMs: BOOT_MS }, signal)
  const request = { tokens: [ARGUMENT], entry: { kind: 'default' } } as const
  await driverFor(menu).bootWithArguments(console, request, signal)
  await watch(console, ['maintenance-shell'], 'maintenance-shell', BOOT_MS, signal)
  return await enterShell(console, signal)
}

async function timeCommands(shell: Shell, print: Print, signal: AbortSignal): Promise<void> {
  const times: number[] = []
  for (let count = 0; count < COMMANDS; count += 1) {
    const began = performance.now()
    const { exitCode } = await shell.run(['true'], signal)
    times.push(performance.now() - began)
    if (exitCode !== 0) throw new Error(`true ended with ${exitCode}`)
  }
  print(
    `round trip median ${median(times).toFixed(1)} p95 ${percentile(times, 95).toFixed(1)} ms of ${COMMANDS} (goal median 50)`,
    median(times) <= 50,
  )
}

async function fetchFiles(shell: Shell, console: Console, print: Print, signal: AbortSignal): Promise<void> {
  const content = randomBytes(FILE_BYTES)
  await shell.run(['mount', '-t', 'tmpfs', 'tmpfs', '/run'], signal)
  await shell.writeFile(FILE, content, signal)
  await makeKernelTalk(shell, signal)
  using heard = console.listen()
  const [began, times]: [number, number[]] = [performance.now(), []]
  let exact = 0
  for (let count = 0; count < FILES; count += 1) {
    const start = performance.now()
    const bytes = await fetched(shell, signal)
    times.push(performance.now() - start)
    if (bytes !== undefined && content.equals(bytes)) exact += 1
  }
  const messages = heard.text.split(TALK).length - 1
  const rate = messages / ((performance.now() - began) / 1000)
  print(
    `fetched ${exact}/${FILES} files of 64 KiB exact, median ${(median(times) / 1000).toFixed(1)} s, under ${rate.toFixed(0)} printk/s (goal ${FILES}/${FILES} under 20)`,
    exact === FILES && Math.round(rate) >= 20,
  )
}

/** Emergencies: all that the kernel still prints once the shell has silenced it. `read` from a pipe that says nothing sleeps without a process. */
async function makeKernelTalk(shell: Shell, signal: AbortSignal): Promise<void> {
  const talk = `while :;do echo '<0>${TALK}' >/dev/kmsg;read -t 0.045 <&9;done`
  const script = `mkfifo /run/pause;exec 9<>/run/pause;(${talk}) </dev/null >/dev/null 2>&1 &`
  const { exitCode, output } = await shell.run(['bash', '-c', script], signal)
  if (exitCode !== 0) throw new Error(output)
}

async function fetched(shell: Shell, signal: AbortSignal): Promise<Uint8Array | undefined> {
  try {
    return await shell.readFile(FILE, signal)
  } catch (thrown) {
    if (thrown instanceof RescueError && GIVES_UP.includes(thrown.code)) return undefined
    throw thrown
  }
}
