/** The worker's world against the stand-in for OCI: real HTTP, real signatures, real SSH. */
import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { readConnectionString } from '../../core/record/console-strings.ts'
import type { Instance } from '../../core/record/events.ts'
import type { HandedOutConsole, World } from '../../core/rescue/world.ts'
import { BashMachine } from '../../deploy/local/oci/bash-machine.ts'
import { type ConsoleKeyPair, newApiUser, newConsoleKey, startFixture } from '../../deploy/local/oci/oci-fixture.ts'
import { openSerial } from '../../workers/serial/open-console.ts'
import { takeScreenshot } from '../../workers/serial/screenshot.ts'
import type { SerialTarget } from '../../workers/serial/serial-target.ts'
import { worldOf } from '../helpers/oci-world.ts'
import { makePublicKey } from '../helpers/public-keys.ts'

const RESCUE = 'R-7K2QX9'
const API = /\/20160918\//
/** Of a person who wants a console. Made once: making one keeps everything else waiting. */
const THEIR_KEY = newConsoleKey()

function limit(): AbortSignal {
  return AbortSignal.timeout(30_000)
}

async function web1(world: World): Promise<Instance> {
  const [instance] = await world.findInstances('web-1', limit())
  if (instance === undefined) throw new Error('no web-1')
  return instance
}

async function openLine(world: World, instance: Instance): Promise<Channel> {
  return world.openSerial(await world.createConsoleConnection(instance, RESCUE, limit()), limit())
}

async function readUntil(channel: Channel, text: string): Promise<string> {
  const decoder = new TextDecoder()
  let heard = ''
  while (!heard.includes(text)) {
    const bytes = await channel.read(limit())
    if (bytes === undefined) throw new Error(`the line dropped after: ${heard}`)
    heard += decoder.decode(bytes, { stream: true })
  }
  return heard
}

describe.concurrent('instances', () => {
  it('are found by name and by OCID, with what people want to know about them', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)

    const byName = await world.findInstances('web-1', limit())

    expect(byName).toEqual([
      {
        id: fixture.instanceId,
        name: 'web-1',
        compartmentId: fixture.oci.compartmentId,
        region: 'ap-tokyo-1',
        lifecycleState: 'RUNNING',
        shape: 'VM.Standard.E4.Flex',
        os: { name: 'Oracle Linux', version: '9' },
        freeformTags: {},
        definedTags: {},
      },
    ])
    expect(await world.findInstances(fixture.instanceId, limit())).toEqual(byName)
  })

  it('come with their tags, by name and by namespace', async () => {
    const machine = new BashMachine('tagged')
    const tags = { freeformTags: { env: 'prod' }, definedTags: { Operations: { Tier: '1', Owner: 'x' }, Cost: {} } }
    await using fixture = await startFixture({ machines: [{ machine, displayName: 'tagged', ...tags }] })
    const world = await worldOf(fixture)

    expect(await world.findInstances('tagged', limit())).toMatchObject([
      { freeformTags: { env: 'prod' }, definedTags: { 'Operations.Tier': '1', 'Operations.Owner': 'x' } },
    ])
    await machine.close()
  })

  it('are none when there is none: no such name, no such OCID, no name at all', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)

    for (const target of ['web-2', '', 'x'.repeat(300), 'ocid1.instance.oc1.ap-tokyo-1.nobody', '../instances'])
      expect(await world.findInstances(target, limit()), target).toEqual([])
  })

  it('are both found when two have the name, and a terminated one only when nothing else has it', async () => {
    const machine = new BashMachine('other')
    const gone = { machine, displayName: 'web-1', lifecycleState: 'TERMINATED' } as const
    const twin = { machine, displayName: 'web-1', lifecycleState: 'STOPPED' } as const
    const old = { machine, displayName: 'old', lifecycleState: 'TERMINATED' } as const
    await using fixture = await startFixture({ machines: [gone, twin, old] })
    const world = await worldOf(fixture)

    const states = async (name: string) =>
      (await world.findInstances(name, limit())).map(({ lifecycleState }) => lifecycleState)

    expect((await states('web-1')).toSorted()).toEqual(['RUNNING', 'STOPPED'])
    expect(await states('old')).toEqual(['TERMINATED'])
    await machine.close()
  })

  it('are found also when the image they were made of is gone', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    fixture.oci.faults.next({ path: /\/images\// }, { kind: 'answer', status: 404 })

    const found = await world.findInstances('web-1', limit())

    expect(found).toMatchObject([{ name: 'web-1', os: null }])
  })

  it('are reset', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const before = fixture.machine.pid

    await world.reset(await web1(world), limit())

    await expect.poll(() => fixture.machine.pid).not.toBe(before)
  })

  it('are reset once, also when the answer was lost on the way', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    fixture.oci.faults.next({ method: 'POST', path: /\/instances\// }, { kind: 'lose-answer' })

    await world.reset(instance, limit())

    const resets = Buffer.from(fixture.machine.serial.history())
      .toString()
      .match(/machine was reset/g)
    expect(resets).toHaveLength(1)
  })
})

describe.concurrent('OCI that does not do what it is asked', () => {
  it('is asked again after a hiccup, no sooner than it says', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    for (const status of [429, 500, 503]) fixture.oci.faults.next({ path: API }, { kind: 'answer', status })
    fixture.oci.faults.next({ path: API }, { kind: 'drop' })

    expect(await world.findInstances('web-1', limit())).toHaveLength(1)
  })

  const refusals = [
    [401, 'oci-not-authenticated'],
    [404, 'oci-not-found-or-not-authorized'],
    [409, 'oci-conflict'],
    [429, 'oci-throttled'],
    [500, 'oci-unavailable'],
  ] as const
  const acts: Readonly<Record<string, (world: World, instance: Instance) => Promise<unknown>>> = {
    InstanceAction: (world, instance) => world.power(instance, 'SOFTRESET', limit()),
    CaptureConsoleHistory: (world, instance) => world.captureHistory(instance, RESCUE, limit()),
    CreateInstanceConsoleConnection: (world, instance) =>
      world.handOutConsole(instance, RESCUE, THEIR_KEY.publicLine, limit()),
  }
  for (const [status, code] of refusals) {
    for (const [operation, act] of Object.entries(acts)) {
      // A conflict there means that there is a console connection already; what passes is asked for again, and slow.
      if ([409, 429, 500].includes(status) && operation === 'CreateInstanceConsoleConnection') continue
      it(`is quoted when it says ${status} to ${operation}: ${code}`, async () => {
        await using fixture = await startFixture()
        const world = await worldOf(fixture)
        const instance = await web1(world)
        fixture.oci.faults.next({ path: API }, { kind: 'answer', status }, 5)

        const thrown = await act(world, instance).catch((error: unknown) => error)

        expect(thrown).toMatchObject({ code, details: { operation, status: `${status}` } })
        expect(thrown instanceof RescueError && thrown.details.opcRequestId).toBeTruthy()
      })
    }
  }

  it('is given so much time for each answer, and asked again', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    fixture.oci.faults.next({ method: 'POST' }, { kind: 'hang' })

    await world.power(instance, 'SENDDIAGNOSTICINTERRUPT', limit())

    expect(
      Buffer.from(fixture.machine.serial.history())
        .toString()
        .match(/NMI received/g),
    ).toHaveLength(1)
  })

  it('is quoted when it does not know the instance (any more)', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)

    await expect(world.reset({ ...instance, id: `${instance.id}x` }, limit())).rejects.toMatchObject({
      code: 'oci-not-found-or-not-authorized',
    })
  })

  it('says that our key is not good', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture, { user: newApiUser() })

    await expect(world.findInstances('web-1', limit())).rejects.toMatchObject({ code: 'oci-not-authenticated' })
  })

  it('can be left alone in the middle of a call', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    fixture.oci.faults.next({ path: API }, { kind: 'hang' })
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('stopped')), 100)

    await expect(world.findInstances('web-1', stop.signal)).rejects.toThrow('stopped')
  })
})

describe.concurrent('the serial line', () => {
  it('goes both ways, and leaves nothing behind', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    const channel = await openLine(world, instance)

    await channel.write(Buffer.from("echo hel''lo\r"))

    expect(await readUntil(channel, 'hello')).toContain('hello')
    expect(fixture.oci.consoleConnections()).toMatchObject([{ freeformTags: { 'oci-rescue': RESCUE } }])
    await channel.close()
    await channel.close()
    await world.deleteConsoleConnections(instance, RESCUE, limit())
    expect(fixture.oci.consoleConnections()).toEqual([])
    await world.deleteConsoleConnections(instance, RESCUE, limit())
  })

  it('stays up while the machine is reset', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    await using channel = await openLine(world, instance)

    await world.reset(instance, limit())

    await readUntil(channel, 'machine was reset')
  })

  it('ends a wait when the signal says so, and loses nothing', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    await using channel = await openLine(world, await web1(world))

    await expect(silence(channel)).rejects.toMatchObject({ name: 'TimeoutError' })
    fixture.machine.say('afterwards')

    await readUntil(channel, 'afterwards')
  })

  it('says so when it drops: to the reader, and to whoever writes', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    await using channel = await openLine(world, await web1(world))
    const reading = readUntil(channel, 'never said')

    fixture.oci.dropLines()

    await expect(reading).rejects.toThrow('the line dropped')
    await expect(channel.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'line-dropped' })
  })

  it('is not opened when no hop shows the host key that OCI names', async () => {
    await using fixture = await startFixture()
    fixture.oci.faults.wrongHostKey = true
    const world = await worldOf(fixture)

    await expect(openLine(world, await web1(world))).rejects.toMatchObject({ code: 'host-key-mismatch' })
  })

  it('is not shared: one client at a time', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())
    fixture.oci.faults.gatewayBusy = true

    await expect(world.openSerial(connection, limit())).rejects.toMatchObject({ code: 'console-busy' })

    fixture.oci.faults.gatewayBusy = false
    await (await world.openSerial(connection, limit())).close()
  })

  it('is refused when the console connection has gone meanwhile', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    const connection = await world.createConsoleConnection(instance, RESCUE, limit())
    await world.deleteConsoleConnections(instance, RESCUE, limit())

    await expect(world.openSerial(connection, limit())).rejects.toMatchObject({ code: 'console-refused' })
  })

  it('can not be reached when the gateway is not there', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())
    await fixture.oci.close()

    await expect(world.openSerial(connection, limit())).rejects.toMatchObject({ code: 'gateway-unreachable' })
  })
})

describe('a serial line over OpenSSH', () => {
  it('is free for the next client as soon as it is closed', async () => {
    await using fixture = await startFixture()
    fixture.oci.faults.slotHeldMs = 60_000
    const world = await worldOf(fixture, { sshClient: 'openssh' })
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())
    for (const word of ['first', 'second']) {
      await using channel = await world.openSerial(connection, limit())
      await channel.write(Buffer.from(`echo ${word.slice(0, 2)}''${word.slice(2)}\r`))
      expect(await readUntil(channel, word)).toContain(word)
    }
  })

  it('fails as one over ssh2 does', async () => {
    await using fixture = await startFixture()
    const { faults } = fixture.oci
    const world = await worldOf(fixture, { sshClient: 'openssh' })
    const instance = await web1(world)
    const connection = await world.createConsoleConnection(instance, RESCUE, limit())
    faults.gatewayBusy = true
    await expect(world.openSerial(connection, limit())).rejects.toMatchObject({ code: 'console-busy' })
    await world.deleteConsoleConnections(instance, RESCUE, limit())
    await expect(world.openSerial(connection, limit())).rejects.toMatchObject({ code: 'console-refused' })
    faults.wrongHostKey = true
    await expect(openLine(world, instance)).rejects.toMatchObject({ code: 'host-key-mismatch' })
    await fixture.oci.close()
    await expect(world.openSerial(connection, limit())).rejects.toMatchObject({ code: 'gateway-unreachable' })
  })
})

describe.concurrent('the console history', () => {
  const HISTORIES = /\/instanceConsoleHistories/
  const CONTENT = /\/instanceConsoleHistories\/.+\/data$/

  it('comes byte by byte as the machine said it, and is deleted in OCI when its time has come', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    // No UTF-8, and a character that a border between two pieces would cut in two.
    fixture.machine.say(Buffer.from([0xff, 0xfe, 0, 0x1b]))
    fixture.machine.say(Array.from({ length: 40_000 }, (_, line) => `[${line}] möglich\r\n`).join(''))

    const instance = await web1(world)

    const history = await world.captureHistory(instance, RESCUE, limit())

    expect(history.length).toBeGreaterThan(512 * 1024)
    expect(Buffer.from(history).equals(fixture.machine.serial.history())).toBe(true)
    expect(fixture.oci.consoleHistories()).toBe(1)
    await world.deleteConsoleHistories(instance, RESCUE, limit())
    await world.deleteConsoleHistories(instance, RESCUE, limit())
    expect(fixture.oci.consoleHistories()).toBe(0)
  })

  it('has the last megabyte, and is empty when nothing was ever said', async () => {
    const silent = new BashMachine('silent')
    await using fixture = await startFixture({ machines: [{ machine: silent, displayName: 'silent' }] })
    const world = await worldOf(fixture)
    fixture.machine.say(Buffer.alloc(3 << 20, 'x'))
    fixture.machine.say('the end')

    const history = await world.captureHistory(await web1(world), RESCUE, limit())

    expect(history).toHaveLength(1 << 20)
    expect(Buffer.from(history.subarray(-7)).toString()).toBe('the end')
    const [other] = await world.findInstances('silent', limit())
    expect(await world.captureHistory(other ?? (await web1(world)), RESCUE, limit())).toHaveLength(0)
    await silent.close()
  })

  it('is of one capture, also when an answer was lost on the way', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    fixture.machine.say('hello')
    const instance = await web1(world)
    fixture.oci.faults.next({ method: 'POST', path: HISTORIES }, { kind: 'lose-answer' })
    fixture.oci.faults.next({ method: 'GET', path: CONTENT }, { kind: 'drop' })
    fixture.oci.faults.next({ method: 'DELETE', path: HISTORIES }, { kind: 'lose-answer' })

    const history = await world.captureHistory(instance, RESCUE, limit())

    expect(Buffer.from(history).toString()).toContain('hello')
    expect(fixture.oci.consoleHistories()).toBe(1)
    await world.deleteConsoleHistories(instance, RESCUE, limit())
    expect(fixture.oci.consoleHistories()).toBe(0)
  })

  it('that OCI could not capture is reported', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    fixture.oci.faults.consoleHistories = 'failed'

    const captured = world.captureHistory(await web1(world), RESCUE, limit())

    await expect(captured).rejects.toMatchObject({ code: 'history-failed' })
  })

  it('can be waited for as long as the caller likes, and is found by its tag by whoever comes after', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    fixture.oci.faults.consoleHistories = 'stays-requested'
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('stopped')), 500)

    await expect(world.captureHistory(instance, RESCUE, stop.signal)).rejects.toThrow('stopped')

    const next = await worldOf(fixture)
    await next.deleteConsoleHistories(instance, RESCUE, limit())
    expect(fixture.oci.consoleHistories()).toBe(0)
  })

  it('that can not be read: the reason is told', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    fixture.oci.faults.next({ path: CONTENT }, { kind: 'answer', status: 404 })

    await expect(world.captureHistory(instance, RESCUE, limit())).rejects.toMatchObject({
      code: 'oci-not-found-or-not-authorized',
      details: { operation: 'GetConsoleHistoryContent' },
    })
  })

  it('of somebody else, and of another instance, is not deleted', async () => {
    const second = new BashMachine('web-2')
    await using fixture = await startFixture({ machines: [{ machine: second, displayName: 'web-2' }] })
    const world = await worldOf(fixture)
    const instance = await web1(world)
    const [other] = await world.findInstances('web-2', limit())
    await world.captureHistory(instance, 'R-7K2QXA', limit())
    await world.captureHistory(other ?? instance, RESCUE, limit())
    for (let made = 0; made < 3; made += 1) await world.captureHistory(instance, RESCUE, limit())

    await world.deleteConsoleHistories(instance, RESCUE, limit())

    expect(fixture.oci.consoleHistories()).toBe(2)
    await second.close()
  })

  it('is asked for once more to be deleted when OCI says that it is busy with it', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    await world.captureHistory(instance, RESCUE, limit())
    fixture.oci.faults.next({ method: 'DELETE', path: HISTORIES }, { kind: 'answer', status: 409 })

    await world.deleteConsoleHistories(instance, RESCUE, limit())

    expect(fixture.oci.consoleHistories()).toBe(0)
  })
})

describe.concurrent('the screen', () => {
  it('is shown as it is, over both hops, untouched', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())

    const { png, ...screen } = await world.screenshot(connection, limit())

    expect(screen).toEqual({ width: 64, height: 32, blank: false })
    expect(pixelOf(png, 40, 30)).toEqual([160, 240, 128])
    expect(fixture.machine.screen.touches).toBe(0)
  })

  it('is said to be blank when it is of one colour', async () => {
    await using fixture = await startFixture()
    fixture.machine.screen.colourAt = () => [0, 0, 0]
    const world = await worldOf(fixture)
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())

    expect(await world.screenshot(connection, limit())).toMatchObject({ blank: true })
  })

  it('leaves the serial line alone, and can be taken again', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())
    await using channel = await world.openSerial(connection, limit())

    for (const _ of [1, 2]) await world.screenshot(connection, limit())

    await channel.write(Buffer.from("echo st''ill\r"))
    expect(await readUntil(channel, 'still')).toContain('still')
  })

  it('that is not shown is not waited for without end', async () => {
    await using fixture = await startFixture()
    fixture.machine.screen.isDark = true
    const world = await worldOf(fixture)
    const key = THEIR_KEY
    const target = targetOf(await world.handOutConsole(await web1(world), RESCUE, key.publicLine, limit()), key)

    await expect(takeScreenshot(target, 'ssh2', limit(), 500)).rejects.toMatchObject({ code: 'screen-slow' })
    await expect(takeScreenshot(target, 'ssh2', AbortSignal.timeout(500))).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  it('of a machine that is off is not opened', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())
    await fixture.machine.stop()

    await expect(world.screenshot(connection, limit())).rejects.toMatchObject({ code: 'screen-refused' })
  })

  it('is not asked for when no hop shows the host key that OCI names', async () => {
    await using fixture = await startFixture()
    fixture.oci.faults.wrongHostKey = true
    const world = await worldOf(fixture)
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())

    await expect(world.screenshot(connection, limit())).rejects.toMatchObject({ code: 'host-key-mismatch' })
  })

  it('can not be reached when the console connection or the gateway has gone', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    const connection = await world.createConsoleConnection(instance, RESCUE, limit())
    await world.deleteConsoleConnections(instance, RESCUE, limit())
    await expect(world.screenshot(connection, limit())).rejects.toMatchObject({ code: 'console-refused' })

    await fixture.oci.close()
    await expect(world.screenshot(connection, limit())).rejects.toMatchObject({ code: 'gateway-unreachable' })
  })
})

describe.concurrent('power', () => {
  it('is cut and given again, asked nicely for, or interrupted', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    const { machine } = fixture
    const state = async () => (await web1(world)).lifecycleState
    const said = () => Buffer.from(machine.serial.history()).toString()

    const before = machine.pid
    await world.power(instance, 'SOFTRESET', limit())
    await expect.poll(() => machine.pid).not.toBe(before)
    await expect.poll(state).toBe('RUNNING')

    await world.power(instance, 'RESET', limit())
    await expect.poll(state).toBe('RUNNING')
    expect(said().match(/machine was reset/g)).toHaveLength(2)

    await world.power(instance, 'SENDDIAGNOSTICINTERRUPT', limit())
    await expect.poll(said).toContain('NMI received')
  })

  it('is told once, also when the answer was lost on the way', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    fixture.oci.faults.next({ method: 'POST', path: /\/instances\// }, { kind: 'lose-answer' })

    await world.power(instance, 'SENDDIAGNOSTICINTERRUPT', limit())

    expect(
      Buffer.from(fixture.machine.serial.history())
        .toString()
        .match(/NMI received/g),
    ).toHaveLength(1)
  })

  it('is not given to a machine that is being changed already', async () => {
    await using fixture = await startFixture({ delays: { instanceStarting: 10_000 } })
    const world = await worldOf(fixture)
    const instance = await web1(world)
    await world.power(instance, 'RESET', limit())

    await expect(world.power(instance, 'SOFTRESET', limit())).rejects.toMatchObject({
      code: 'oci-conflict',
      details: { message: expect.stringContaining('currently being modified') },
    })
  })
})

describe.concurrent('a console for a person', () => {
  it('opens with their key, which never gets here, and is deleted like ours', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    const key = THEIR_KEY

    const strings = await world.handOutConsole(instance, RESCUE, `${key.publicLine} of a person`, limit())

    const [made] = fixture.oci.consoleConnections()
    expect(made).toMatchObject({ state: 'ACTIVE', freeformTags: { 'oci-rescue': RESCUE } })
    expect(strings).toEqual({
      connectionString: expect.stringContaining(`${made?.id}@`),
      vncConnectionString: expect.stringContaining(`-L localhost:5900:${instance.id}:5900`),
      hostKeyFingerprint: fixture.oci.gateway.hostKeyFingerprint,
    })
    const target = targetOf(strings, key)
    const { channel } = await openSerial(target, 'ssh2', limit())
    await channel.write(Buffer.from("echo mi''ne\r"))
    expect(await readUntil(channel, 'mine')).toContain('mine')
    await channel.close()
    await world.deleteConsoleConnections(instance, RESCUE, limit())
    expect(fixture.oci.consoleConnections()).toEqual([])
  })

  it('is not asked for with a key that OCI would not take', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    const refusals = [
      [makePublicKey('').line, { code: 'console-key-not-rsa', details: { type: 'ssh-ed25519' } }],
      ['ssh-rsa AAAA', { code: 'key-refused', details: { why: 'broken-base64' } }],
      ['', { code: 'key-refused', details: { why: 'empty' } }],
      [THEIR_KEY.privatePem, { code: 'key-refused', details: { why: 'private-key' } }],
    ] as const

    for (const [key, refusal] of refusals)
      await expect(world.handOutConsole(instance, RESCUE, key, limit())).rejects.toMatchObject(refusal)

    expect(fixture.oci.consoleConnections()).toEqual([])
  })

  it('is not made beside one of somebody else', async () => {
    await using fixture = await startFixture()
    const { client, instanceId } = fixture
    await client.createInstanceConsoleConnection({
      createInstanceConsoleConnectionDetails: { instanceId, publicKey: THEIR_KEY.publicLine },
    })
    const world = await worldOf(fixture)

    await expect(world.handOutConsole(await web1(world), RESCUE, THEIR_KEY.publicLine, limit())).rejects.toMatchObject({
      code: 'console-connection-exists',
    })
  })

  it('can be waited for as long as the caller likes, and no longer', async () => {
    await using fixture = await startFixture()
    fixture.oci.faults.consoleConnections = 'stays-creating'
    const world = await worldOf(fixture)
    const instance = await web1(world)
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('stopped')), 500)

    await expect(world.handOutConsole(instance, RESCUE, THEIR_KEY.publicLine, stop.signal)).rejects.toThrow('stopped')
  })
})

describe('the screen over OpenSSH', () => {
  it('is shown as over ssh2, and whoever shows it goes away', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture, { sshClient: 'openssh' })
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())

    for (const _ of [1, 2]) {
      const { png, ...screen } = await world.screenshot(connection, limit())
      expect(screen).toEqual({ width: 64, height: 32, blank: false })
      expect(pixelOf(png, 40, 30)).toEqual([160, 240, 128])
    }
    await expect.poll(() => fixture.machine.screen.viewers).toBe(0)
  })

  it('fails as one over ssh2 does', async () => {
    await using fixture = await startFixture()
    const { faults } = fixture.oci
    const world = await worldOf(fixture, { sshClient: 'openssh' })
    const instance = await web1(world)
    const connection = await world.createConsoleConnection(instance, RESCUE, limit())
    await fixture.machine.stop()
    await expect(world.screenshot(connection, limit())).rejects.toMatchObject({ code: 'screen-refused' })
    await world.deleteConsoleConnections(instance, RESCUE, limit())
    await expect(world.screenshot(connection, limit())).rejects.toMatchObject({ code: 'console-refused' })
    faults.wrongHostKey = true
    const other = await world.createConsoleConnection(instance, RESCUE, limit())
    await expect(world.screenshot(other, limit())).rejects.toMatchObject({ code: 'host-key-mismatch' })
    await fixture.oci.close()
    await expect(world.screenshot(other, limit())).rejects.toMatchObject({ code: 'gateway-unreachable' })
  })

  it('can be left alone while nothing is shown', async () => {
    await using fixture = await startFixture()
    fixture.machine.screen.isDark = true
    const world = await worldOf(fixture, { sshClient: 'openssh' })
    const connection = await world.createConsoleConnection(await web1(world), RESCUE, limit())
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('stopped')), 1500)

    await expect(world.screenshot(connection, stop.signal)).rejects.toThrow('stopped')

    await expect.poll(() => fixture.machine.screen.viewers).toBe(0)
  })
})

describe.concurrent('console connections', () => {
  it('of somebody else are left alone, and named', async () => {
    await using fixture = await startFixture()
    const { client, instanceId } = fixture
    const theirs = await client.createInstanceConsoleConnection({
      createInstanceConsoleConnectionDetails: { instanceId, publicKey: THEIR_KEY.publicLine },
    })
    const world = await worldOf(fixture)
    const instance = await web1(world)

    await expect(world.createConsoleConnection(instance, RESCUE, limit())).rejects.toMatchObject({
      code: 'console-connection-exists',
      details: { id: theirs.instanceConsoleConnection.id },
    })
    await world.deleteConsoleConnections(instance, RESCUE, limit())
    expect(fixture.oci.consoleConnections()).toHaveLength(1)
  })

  it('that the rescue itself left behind make room', async () => {
    await using fixture = await startFixture()
    const dead = await worldOf(fixture)
    const instance = await web1(dead)
    const { id } = await dead.createConsoleConnection(instance, RESCUE, limit())
    const world = await worldOf(fixture)

    const next = await world.createConsoleConnection(instance, RESCUE, limit())

    expect(next.id).not.toBe(id)
    expect(fixture.oci.consoleConnections()).toMatchObject([{ id: next.id, state: 'ACTIVE' }])
    await (await world.openSerial(next, limit())).close()
  })

  it('are made once, also when the answer was lost on the way', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    fixture.oci.faults.next({ method: 'POST' }, { kind: 'lose-answer' })

    await world.createConsoleConnection(instance, RESCUE, limit())

    expect(fixture.oci.consoleConnections()).toHaveLength(1)
  })

  it('that fail are reported, and deleted afterwards', async () => {
    await using fixture = await startFixture()
    fixture.oci.faults.consoleConnections = 'failed'
    const world = await worldOf(fixture)
    const instance = await web1(world)

    await expect(world.createConsoleConnection(instance, RESCUE, limit())).rejects.toMatchObject({
      code: 'console-connection-failed',
      details: { state: 'FAILED' },
    })
    await world.deleteConsoleConnections(instance, RESCUE, limit())

    expect(fixture.oci.consoleConnections()).toEqual([])
  })

  it('that are deleted by two at once, or were deleted already, are simply gone', async () => {
    await using fixture = await startFixture()
    const world = await worldOf(fixture)
    const instance = await web1(world)
    await world.createConsoleConnection(instance, RESCUE, limit())

    await Promise.all([1, 2, 3].map(() => world.deleteConsoleConnections(instance, RESCUE, limit())))

    expect(fixture.oci.consoleConnections()).toEqual([])
  })

  it('can be waited for as long as the caller likes, and no longer', async () => {
    await using fixture = await startFixture()
    fixture.oci.faults.consoleConnections = 'stays-creating'
    const world = await worldOf(fixture)
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('stopped')), 500)

    await expect(world.createConsoleConnection(await web1(world), RESCUE, stop.signal)).rejects.toThrow('stopped')
  })
})

describe.concurrent('the fence', () => {
  it('stops every call and every byte once another worker has the rescue', async () => {
    await using fixture = await startFixture()
    let isFencedOff = false
    const fence = async () => {
      if (isFencedOff) throw new RescueError('us', 'fenced-off', 'another worker has it')
    }
    const world = await worldOf(fixture, { fence })
    const instance = await web1(world)
    const connection = await world.createConsoleConnection(instance, RESCUE, limit())
    await using channel = await world.openSerial(connection, limit())
    isFencedOff = true
    const history = fixture.machine.serial.history().length

    const acts: ReadonlyArray<() => Promise<unknown>> = [
      () => world.findInstances('web-1', limit()),
      () => world.createConsoleConnection(instance, RESCUE, limit()),
      () => world.deleteConsoleConnections(instance, RESCUE, limit()),
      () => world.openSerial(connection, limit()),
      // A frozen worker that wakes up must not take what was entered for the one that has the rescue now.
      () => world.takeAnswer({ rescue: RESCUE, about: 'a', handOver: 'b' }, limit()),
      () => world.reset(instance, limit()),
      () => world.power(instance, 'SENDDIAGNOSTICINTERRUPT', limit()),
      () => world.captureHistory(instance, RESCUE, limit()),
      () => world.deleteConsoleHistories(instance, RESCUE, limit()),
      () => world.screenshot(connection, limit()),
      () => world.handOutConsole(instance, RESCUE, THEIR_KEY.publicLine, limit()),
      () => world.proveKey(instance, 'opc', 'ssh-ed25519 AAAA', limit()),
      () => channel.write(Buffer.from('reboot\r')),
    ]

    for (const act of acts) await expect(act()).rejects.toMatchObject({ code: 'fenced-off' })
    expect(fixture.machine.serial.history()).toHaveLength(history)
    expect(fixture.oci.consoleConnections()).toHaveLength(1)
    expect(fixture.oci.consoleHistories()).toBe(0)
  })
})

/** The colour of a pixel as another program reads it. */
function pixelOf(png: Uint8Array, x: number, y: number): number[] {
  const href = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
  const image = `<image href="${href}" width="64" height="32" image-rendering="optimizeSpeed"/>`
  const { pixels } = new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="32">${image}</svg>`).render()
  return [...pixels.subarray(4 * (y * 64 + x), 4 * (y * 64 + x) + 3)]
}

/** What a person knows who was given a console. */
function targetOf({ connectionString, hostKeyFingerprint }: HandedOutConsole, key: ConsoleKeyPair): SerialTarget {
  const route = readConnectionString(connectionString)
  if (route === undefined) throw new Error('not the form of OCI')
  return { ...route, privateKey: key.privatePem, hostKeyFingerprint }
}

/** Reads until nothing comes for half a second; throws the timeout of that wait. */
async function silence(channel: Channel): Promise<never> {
  for (;;) await channel.read(AbortSignal.timeout(500))
}
