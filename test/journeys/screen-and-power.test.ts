/** The screen and the power of real machines, through OCI's API and both hops of its console. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Instance } from '../../core/record/events.ts'
import type { ConsoleConnection, Screenshot, World } from '../../core/rescue/world.ts'
import { hasEndedSo } from '../../deploy/local/machines/break/boot-end.ts'
import type { Machine, MachineSpec } from '../../deploy/local/machines/machine.ts'
import { startMachine } from '../../deploy/local/machines/vm.ts'
import { startOci } from '../../deploy/local/oci/oci.ts'
import { newApiUser } from '../../deploy/local/oci/oci-fixture.ts'
import { setUp } from '../../deploy/local/setup.ts'
import { worldOf } from '../helpers/oci-world.ts'

const RESCUE = 'R-7K2QX9'
/** A boot takes 40 s under TCG with the machine to itself; five times that when it is shared. */
const BOOT = { timeout: 200_000, interval: 500 }

let directory: string
let setup: Awaited<ReturnType<typeof setUp>>

beforeAll(async () => {
  setup = await setUp({ for: 'tests' }, (line) => console.log(line), new AbortController().signal)
  directory = await mkdtemp(join(tmpdir(), 'oci-rescue-test-'))
})
afterAll(async () => {
  await rm(directory, { recursive: true })
})

interface Stage extends AsyncDisposable {
  readonly machine: Machine
  readonly world: World
  readonly instance: Instance
  readonly connection: ConsoleConnection
}

async function stageFor(spec: MachineSpec): Promise<Stage> {
  await using undo = new AsyncDisposableStack()
  const machine = undo.use(
    await startMachine(spec, { directory, acceleration: setup.acceleration, sshdHost: '127.77.0.4' }),
  )
  const user = newApiUser()
  const machines = [{ machine, displayName: spec.name }]
  // As long as the guest needs here, however busy this computer is: force would end the test's question.
  const delays = { guestShutdown: BOOT.timeout }
  const oci = undo.use(await startOci({ region: 'ap-tokyo-1', apiKeys: [user], machines, delays }))
  const world = await worldOf({ oci, user })
  const [instance] = await world.findInstances(spec.name, limit())
  if (instance === undefined) throw new Error(`no ${spec.name}`)
  const connection = await world.createConsoleConnection(instance, RESCUE, limit())
  const belongings = undo.move()
  return { machine, world, instance, connection, [Symbol.asyncDispose]: () => belongings.disposeAsync() }
}

function limit(): AbortSignal {
  return AbortSignal.timeout(60_000)
}

describe('the screen of a machine with an empty disk', () => {
  async function emptyMachine(firmware: 'bios' | 'uefi'): Promise<Stage> {
    const disk = join(directory, `${firmware}.raw`)
    await writeFile(disk, Buffer.alloc(1 << 20))
    const os = { name: 'none', version: '0' }
    return stageFor({ name: firmware, disk, format: 'raw', firmware, memoryMiB: 256, user: 'opc', os, keep: true })
  }

  it('shows the words of its BIOS in the first rows, and black below them', async () => {
    await using stage = await emptyMachine('bios')

    // A row of VGA's text has 16 lines. "SeaBIOS (version …)" is some 40 characters of 9 columns.
    const isThere = (taken: Screenshot) =>
      taken.width === 720 && taken.height === 400 && litIn(taken)({ x: 0, y: 0, width: 360, height: 16 }) > 300
    const taken = await screenWhen(stage, isThere)

    expect(taken.blank).toBe(false)
    const lit = litIn(taken)
    expect(lit({ x: 540, y: 0, width: 180, height: 400 })).toBe(0)
    expect(lit({ x: 0, y: 240, width: 720, height: 160 })).toBe(0)
  })

  it('follows its UEFI into a larger mode', async () => {
    await using stage = await emptyMachine('uefi')

    const taken = await screenWhen(stage, ({ width }) => width > 720)

    expect(taken).toMatchObject({ width: 1280, height: 800 })
  })
})

describe('the power of a Linux machine', () => {
  it('interrupts it, which it says and survives, and asks it to stop, upon which it comes up again', async () => {
    const [spec] = setup.machines
    if (spec === undefined) throw new Error('no machine was built')
    await using stage = await stageFor(spec)
    const { machine, world, instance } = stage
    const saidSince = (from: number) => Buffer.from(machine.serial.history().subarray(from)).toString('latin1')
    await expect.poll(() => hasEndedSo('login-prompt', machine.serial.history()), BOOT).toBe(true)
    let from = machine.serial.history().length

    await world.power(instance, 'SENDDIAGNOSTICINTERRUPT', limit())
    await expect.poll(() => saidSince(from), BOOT).toContain('NMI received')
    expect(machine.power()).toBe('on')

    from = machine.serial.history().length
    const pid = machine.pid
    await world.power(instance, 'SOFTRESET', limit())
    expect((await world.findInstances(spec.name, limit()))[0]?.lifecycleState).toBe('STOPPING')
    await expect.poll(() => saidSince(from), BOOT).toMatch(/reboot: Power down[\s\S]*GNU GRUB/)
    expect(machine.pid).not.toBe(pid)

    const history = await world.captureHistory(instance, 'R-7K2QX9', limit())
    expect(Buffer.from(history).toString('latin1')).toContain('reboot: Power down')
  })
})

async function screenWhen({ world, connection }: Stage, isRight: (taken: Screenshot) => boolean): Promise<Screenshot> {
  let taken = await world.screenshot(connection, limit())
  await expect
    .poll(async () => {
      if (!isRight(taken)) taken = await world.screenshot(connection, limit())
      return isRight(taken)
    }, BOOT)
    .toBe(true)
  return taken
}

interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How many pixels of an area are not black, as another program reads the PNG. */
function litIn({ png, width, height }: Screenshot): (area: Area) => number {
  const href = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
  const image = `<image href="${href}" width="${width}" height="${height}" image-rendering="optimizeSpeed"/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`
  const { pixels } = new Resvg(svg).render()
  return (area) => {
    let count = 0
    for (let y = area.y; y < area.y + area.height; y++) {
      const row = pixels.subarray(4 * (y * width + area.x), 4 * (y * width + area.x + area.width))
      for (let at = 0; at < row.length; at += 4) if (row[at] || row[at + 1] || row[at + 2]) count++
    }
    return count
  }
}
