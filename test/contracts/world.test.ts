/** The worker's world against the stand-in for OCI: real HTTP, real signatures, real SSH. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import type { Instance } from '../../core/record/events.ts'
import type { Fence, World } from '../../core/rescue/world.ts'
import { BashMachine } from '../../deploy/local/oci/bash-machine.ts'
import {
  type ApiUser,
  type Fixture,
  newApiUser,
  newConsoleKey,
  startFixture,
} from '../../deploy/local/oci/oci-fixture.ts'
import { signIn } from '../../workers/oci/sign-in.ts'
import { KeyStock } from '../../workers/serial/key-stock.ts'
import type { SshClient } from '../../workers/serial/open-serial.ts'
import { worldFor } from '../../workers/world.ts'

const RESCUE = 'R-7K2QX9'
const API = /\/20160918\//

function limit(): AbortSignal {
  return AbortSignal.timeout(30_000)
}

/** These tests ask nobody for a password. */
const NO_ANSWERS = { take: async () => undefined }
const NO_PASSWORDS = { put: async () => undefined, lifeMs: 1 }

async function openFence(): Promise<void> {}

async function worldOf(
  fixture: Fixture,
  options: { fence?: Fence; user?: ApiUser; sshClient?: SshClient } = {},
): Promise<World> {
  const { oci, user } = fixture
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-config-'))
  const configFile = await writeConfig(directory, options.user ?? user)
  const access = await signIn({
    auth: 'config',
    configFile,
    profile: 'DEFAULT',
    region: 'ap-tokyo-1',
    endpoint: oci.endpoint,
  })
  await rm(directory, { recursive: true })
  const settings = {
    access,
    compartments: [oci.compartmentId],
    loginPort: 22,
    keys: new KeyStock(),
    answers: NO_ANSWERS,
    passwords: NO_PASSWORDS,
  }
  const { sshClient = 'auto' } = options
  return worldFor({ ...settings, sshClient }, options.fence ?? openFence)
}

async function writeConfig(directory: string, user: ApiUser): Promise<string> {
  const keyFile = join(directory, 'key.pem')
  const configFile = join(directory, 'config')
  await writeFile(keyFile, user.privateKeyPem)
  const { userId, tenancyId, fingerprint } = user
  const lines = [`user=${userId}`, `fingerprint=${fingerprint}`, `tenancy=${tenancyId}`, 'region=ap-tokyo-1']
  await writeFile(configFile, ['[DEFAULT]', ...lines, `key_file=${keyFile}`, ''].join('\n'))
  return configFile
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
      },
    ])
    expect(await world.findInstances(fixture.instanceId, limit())).toEqual(byName)
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
    [409, 'oci-conflict'],
    [429, 'oci-throttled'],
    [500, 'oci-unavailable'],
  ] as const
  for (const [status, code] of refusals) {
    it(`is quoted when it says ${status}: ${code}`, async () => {
      await using fixture = await startFixture()
      const world = await worldOf(fixture)
      const instance = await web1(world)
      fixture.oci.faults.next({ path: API }, { kind: 'answer', status }, 5)

      const thrown = await world.reset(instance, limit()).catch((error: unknown) => error)

      expect(thrown).toMatchObject({ code, details: { operation: 'InstanceAction', status: `${status}` } })
      expect(thrown instanceof RescueError && thrown.details.opcRequestId).toBeTruthy()
    })
  }

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

describe.concurrent('console connections', () => {
  it('of somebody else are left alone, and named', async () => {
    await using fixture = await startFixture()
    const { client, instanceId } = fixture
    const theirs = await client.createInstanceConsoleConnection({
      createInstanceConsoleConnectionDetails: { instanceId, publicKey: newConsoleKey().publicLine },
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
      () => world.proveKey(instance, 'opc', 'ssh-ed25519 AAAA', limit()),
      () => channel.write(Buffer.from('reboot\r')),
    ]

    for (const act of acts) await expect(act()).rejects.toMatchObject({ code: 'fenced-off' })
    expect(fixture.machine.serial.history()).toHaveLength(history)
    expect(fixture.oci.consoleConnections()).toHaveLength(1)
  })
})

/** Reads until nothing comes for half a second; throws the timeout of that wait. */
async function silence(channel: Channel): Promise<never> {
  for (;;) await channel.read(AbortSignal.timeout(500))
}
