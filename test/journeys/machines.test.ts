/** The machines themselves: what a rescue will find on their lines, before any rescue. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bootsUnder } from '../../deploy/local/machines/acceleration.ts'
import { hasEndedSo } from '../../deploy/local/machines/break/boot-end.ts'
import type { Machine } from '../../deploy/local/machines/machine.ts'
import { startMachine } from '../../deploy/local/machines/vm.ts'
import { setUp } from '../../deploy/local/setup.ts'

/** A boot takes 40 s under TCG with the machine to itself; five times that when it is shared. */
const BOOT_MS = 200_000
const never = new AbortController().signal
let directory: string
let machine: Machine
let setup: Awaited<ReturnType<typeof setUp>>

beforeAll(async () => {
  setup = await setUp({ for: 'tests' }, (line) => console.log(line), never)
  directory = await mkdtemp(join(tmpdir(), 'oci-rescue-test-'))
  const [spec] = setup.machines
  if (spec === undefined) throw new Error('no machine was built')
  machine = await startMachine(spec, { directory, acceleration: setup.acceleration, sshdHost: '127.77.0.2' })
})
afterAll(async () => {
  await machine.close()
  await rm(directory, { recursive: true })
})

it('shows GRUB on the serial line, boots to a login prompt, and has sshd on the loopback port', async () => {
  await said(/GNU GRUB +version 2/, 0)
  await expect.poll(() => hasEndedSo('login-prompt', machine.serial.history()), { timeout: BOOT_MS }).toBe(true)

  const socket = connect(machine.sshd.port, machine.sshd.host)
  const [banner] = await once(socket, 'data', { signal: AbortSignal.timeout(BOOT_MS) })
  socket.destroy()
  expect(String(banner)).toMatch(/^SSH-2\.0-OpenSSH/)
})

it('has a screen that speaks VNC', async () => {
  const screen = await machine.connectVnc()

  const [greeting] = await once(screen, 'data')

  screen.destroy()
  expect(String(greeting)).toMatch(/^RFB 003\./)
})

it('comes back with GRUB after a reset, in the same process', async () => {
  const before = machine.serial.history().length
  const pid = machine.pid

  await machine.reset()

  await said(/GNU GRUB +version 2/, before)
  expect(machine.pid).toBe(pid)
})

it('is off after a stop, and a reset switches it on again with its history', async () => {
  const before = machine.serial.history().length
  const pid = machine.pid
  await machine.stop()
  expect([machine.power(), machine.pid]).toEqual(['off', undefined])
  expect(isAlive(pid)).toBe(false)
  await expect(machine.connectVnc()).rejects.toThrow('web-1 is off')

  await machine.reset()

  expect(machine.power()).toBe('on')
  await said(/GNU GRUB +version 2/, before)
})

it('can be there, with its screen, before its guest runs', async () => {
  const spec = { ...machine.spec, name: 'db-1' }
  await using paused = await startMachine(spec, { directory, acceleration: setup.acceleration, paused: true })

  expect(paused.power()).toBe('off')
  const screen = await paused.connectVnc()
  expect(String((await once(screen, 'data'))[0])).toMatch(/^RFB 003\./)
  screen.destroy()
  expect(paused.serial.history()).toHaveLength(0)
})

it('says what QEMU said when it cannot start, and reports one that is killed', async () => {
  const taken = {
    directory,
    acceleration: setup.acceleration,
    sshdHost: machine.sshd.host,
    sshdPort: machine.sshd.port,
  }
  await expect(startMachine({ ...machine.spec, name: 'other' }, taken)).rejects.toThrow(
    /Could not set up host forwarding/,
  )

  const fault = Promise.withResolvers<Error>()
  const options = { directory, acceleration: setup.acceleration, paused: true, onFault: fault.resolve }
  await using victim = await startMachine({ ...machine.spec, name: 'victim' }, options)
  process.kill(victim.pid ?? 0, 'SIGKILL')
  expect((await fault.promise).message).toMatch(/QEMU for victim ended by itself: SIGKILL/)
})

it('probes an accelerator by a guest that must speak', async () => {
  expect(await bootsUnder('tcg', never)).toBe(true)
})

/** Waits until what the machine said after byte `from` of its history matches. */
async function said(pattern: RegExp, from: number): Promise<void> {
  const end = Date.now() + BOOT_MS
  for (;;) {
    const text = Buffer.from(machine.serial.history().subarray(from)).toString('latin1')
    if (pattern.test(text)) return
    if (Date.now() > end) throw new Error(`waited for ${pattern}, the line says:\n${text.slice(-2000)}`)
    await sleep(100)
  }
}

function isAlive(pid = 0): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
