/** The console gateway as an ssh2 client sees it. */
import { once } from 'node:events'
import { createServer, connect as netConnect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import ssh2, { type ClientChannel, type ConnectConfig } from 'ssh2'
import { expect, it } from 'vitest'
import {
  activeConnection,
  type ConsoleKeyPair,
  eventually,
  type Fixture,
  newConsoleKey,
  startFixture,
} from './oci-fixture.ts'
import { fingerprint } from './public-key.ts'

interface Hops extends AsyncDisposable {
  readonly first: ssh2.Client
  readonly second: ssh2.Client
}

async function connect(config: ConnectConfig): Promise<ssh2.Client> {
  const client = new ssh2.Client()
  client.on('error', () => client.destroy())
  const ready = once(client, 'ready')
  client.connect(config)
  await ready
  return client
}

async function tunnel(client: ssh2.Client, host: string, port: number): Promise<ClientChannel> {
  return await new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)))
  })
}

async function shell(client: ssh2.Client): Promise<ClientChannel> {
  return await new Promise((resolve, reject) => {
    client.shell({ term: 'vt100' }, (error, channel) => (error ? reject(error) : resolve(channel)))
  })
}

function firstHop({ oci }: Fixture, id: string, { privatePem }: ConsoleKeyPair): ConnectConfig {
  return { host: oci.gateway.host, port: oci.gateway.port, username: id, privateKey: privatePem }
}

async function connectBoth(fixture: Fixture, id: string, key: ConsoleKeyPair, username = 'anybody'): Promise<Hops> {
  const first = await connect(firstHop(fixture, id, key))
  const sock = await tunnel(first, fixture.instanceId, 22)
  const second = await connect({ sock, username, privateKey: key.privatePem })
  const dispose = async () => {
    second.end()
    first.end()
  }
  return { first, second, [Symbol.asyncDispose]: dispose }
}

/** What the channel says, growing. */
function listen(channel: ClientChannel): { text: string } {
  const heard = { text: '' }
  channel.on('data', (bytes: Buffer) => {
    heard.text += bytes.toString()
  })
  return heard
}

it('carries a serial line over two hops', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  await using hops = await connectBoth(fixture, id, key)
  const channel = await shell(hops.second)
  const heard = listen(channel)

  channel.setWindow(40, 132, 0, 0)
  channel.write("echo he''llo\r")
  await eventually(() => expect(heard.text).toContain('\nhello'))
  await fixture.machine.reset()
  await eventually(() => expect(heard.text).toContain('machine was reset'))
  channel.write("echo ag''ain\r")
  await eventually(() => expect(heard.text).toContain('\nagain'))
})

it('shows OCI’s banner, and on both hops the host key whose fingerprint the API tells', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '', serviceHostKeyFingerprint } = await activeConnection(fixture, key)
  const seen: string[] = []
  const hostVerifier = (blob: Buffer) => seen.push(fingerprint(blob)) > 0
  const banners: string[] = []

  const first = new ssh2.Client()
  first.on('error', () => first.destroy())
  first.on('banner', (text) => banners.push(text))
  const ready = once(first, 'ready')
  first.connect({ ...firstHop(fixture, id, key), hostVerifier })
  await ready
  const sock = await tunnel(first, fixture.instanceId, 22)
  const second = await connect({ sock, username: 'x', privateKey: key.privatePem, hostVerifier })

  expect(seen).toEqual([serviceHostKeyFingerprint, serviceHostKeyFingerprint])
  expect(banners.join('')).toContain('IMPORTANT: Use a console connection to troubleshoot')
  second.end()
  first.end()
})

it('offers ssh-rsa and nothing else as host key on the second hop', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  const first = await connect(firstHop(fixture, id, key))
  const modern = { algorithms: { serverHostKey: ['rsa-sha2-512' as const, 'ssh-ed25519' as const] } }

  const sock = await tunnel(first, fixture.instanceId, 22)
  const refused = connect({ sock, username: 'x', privateKey: key.privatePem, ...modern })
  await expect(refused).rejects.toThrow('no matching host key format')
  first.end()
})

it('refuses the key before the connection is ACTIVE, after it is deleted, and every other key', async () => {
  await using fixture = await startFixture({ delays: { connectionCreating: 2000 } })
  const { client, instanceId, oci } = fixture
  const key = newConsoleKey()
  const { instanceConsoleConnection } = await client.createInstanceConsoleConnection({
    createInstanceConsoleConnectionDetails: { instanceId, publicKey: key.publicLine },
  })
  const id = instanceConsoleConnection.id ?? ''
  const refused = 'All configured authentication methods failed'

  await expect(connect(firstHop(fixture, id, key))).rejects.toThrow(refused)
  await eventually(() => expect(oci.consoleConnections()[0]?.state).toBe('ACTIVE'))
  await expect(connect(firstHop(fixture, id, newConsoleKey()))).rejects.toThrow(refused)
  await expect(connect(firstHop(fixture, 'opc', key))).rejects.toThrow(refused)
  const { host, port } = oci.gateway
  await expect(connect({ host, port, username: id, password: 'x' })).rejects.toThrow(refused)
  const first = await connect(firstHop(fixture, id, key))
  await expect(
    tunnel(first, instanceId, 22).then((sock) =>
      connect({ sock, username: id, privateKey: newConsoleKey().privatePem }),
    ),
  ).rejects.toThrow(refused)
  first.end()
  await client.deleteInstanceConsoleConnection({ instanceConsoleConnectionId: id })
  await expect(connect(firstHop(fixture, id, key))).rejects.toThrow(refused)
})

it('lets one client at a time to a console, in OCI’s words', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  await using one = await connectBoth(fixture, id, key)
  const channel = await shell(one.second)
  await using two = await connectBoth(fixture, id, key)
  const closed = once(two.second, 'close')

  await expect(shell(two.second)).rejects.toThrow('console access is limited to one connection at a time')
  await closed
  channel.close()
  await once(channel.resume(), 'close')
  await using three = await connectBoth(fixture, id, key)
  expect((await shell(three.second)).type).toBe('session')
})

it('says it is busy when a test wants it to be', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  fixture.oci.faults.gatewayBusy = true
  await using hops = await connectBoth(fixture, id, key)

  // 1: SSH_OPEN_ADMINISTRATIVELY_PROHIBITED
  await expect(shell(hops.second)).rejects.toMatchObject({ reason: 1 })
})

it('holds the place of a client that vanished for as long as it is told', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  fixture.oci.faults.slotHeldMs = 1_500
  await using early = await connectBoth(fixture, id, key)
  const hops = await connectBoth(fixture, id, key)
  await shell(hops.second)
  hops.first.destroy()
  await sleep(300)

  await expect(shell(early.second)).rejects.toThrow('one connection at a time')
  const type = await eventually(async () => {
    await using late = await connectBoth(fixture, id, key)
    return (await shell(late.second)).type
  }, 100)
  expect(type).toBe('session')
})

it('frees the place at once of a client that says goodbye', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  fixture.oci.faults.slotHeldMs = 60_000
  for (const round of [1, 2, 3]) {
    const hops = await connectBoth(fixture, id, key)
    expect((await shell(hops.second)).type, `round ${round}`).toBe('session')
    const closed = once(hops.first, 'close')
    hops.second.end()
    hops.first.end()
    await closed
    // The gateway hears of it a little later than the client.
    await sleep(50)
  }
})

it('ends live sessions when the console connection is deleted', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  const hops = await connectBoth(fixture, id, key)
  const channel = await shell(hops.second)
  const ended = Promise.all([once(channel.resume(), 'close'), once(hops.first, 'close')])

  await fixture.client.deleteInstanceConsoleConnection({ instanceConsoleConnectionId: id })

  await ended
})

it('types nothing for a client that sleeps through the deletion and wakes up after it', async () => {
  await using fixture = await startFixture()
  const { machine, oci } = fixture
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  // A relay that can be stopped in the middle stands for a process that is frozen.
  const relay = await startRelay(oci.gateway.port)
  const first = await connect({ ...firstHop(fixture, id, key), port: relay.port })
  const sock = await tunnel(first, fixture.instanceId, 22)
  const second = await connect({ sock, username: 'x', privateKey: key.privatePem })
  const channel = await shell(second)
  channel.write("echo be''fore\r")
  await eventually(() => expect(String(machine.serial.history())).toContain('\nbefore'))

  relay.freeze()
  channel.write("echo af''ter\r")
  await fixture.client.deleteInstanceConsoleConnection({ instanceConsoleConnectionId: id })
  relay.thaw()
  await sleep(500)

  expect(String(machine.serial.history())).not.toContain("af''ter")
  first.destroy()
  relay.close()
})

interface Relay {
  readonly port: number
  freeze(): void
  thaw(): void
  close(): void
}

async function startRelay(to: number): Promise<Relay> {
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = netConnect(to, '127.0.0.1')
    sockets.push(near, far)
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => into.destroy())
      from.on('data', (bytes) => into.write(bytes))
      from.on('close', () => into.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the relay listens on no port')
  const each = (act: (socket: Socket) => void) => () => sockets.forEach(act)
  return {
    port: address.port,
    freeze: each((socket) => socket.pause()),
    thaw: each((socket) => socket.resume()),
    close: () => {
      each((socket) => socket.destroy())()
      server.close()
    },
  }
}

it('drops its lines when a test says so', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  const hops = await connectBoth(fixture, id, key)
  const channel = await shell(hops.second)
  const ended = once(channel.resume(), 'close')

  fixture.oci.dropLines()

  await ended
  await using again = await connectBoth(fixture, id, key)
  expect((await shell(again.second)).type).toBe('session')
})

it('gives a console and nothing else', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  await using hops = await connectBoth(fixture, id, key)

  await expect(shell(hops.first)).rejects.toThrow()
  await expect(tunnel(hops.first, '127.0.0.1', 22)).rejects.toThrow()
  await expect(tunnel(hops.first, fixture.instanceId, 80)).rejects.toThrow()
  await expect(tunnel(hops.second, '127.0.0.1', 5900)).rejects.toThrow()
  const exec = new Promise((resolve, reject) => {
    hops.second.exec('id', (error, channel) => (error ? reject(error) : resolve(channel)))
  })
  await expect(exec).rejects.toThrow('Unable to exec')
})

it('leads to the screen at port 5900', async () => {
  await using fixture = await startFixture()
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  await using hops = await connectBoth(fixture, id, key)

  const screen = await tunnel(hops.second, fixture.instanceId, 5900)
  const heard = listen(screen)

  await eventually(() => expect(heard.text).toBe('RFB 003.008\n'))
})

it('never lets the machine wait for a slow client', async () => {
  await using fixture = await startFixture()
  const { machine } = fixture
  const key = newConsoleKey()
  const { id = '' } = await activeConnection(fixture, key)
  await using hops = await connectBoth(fixture, id, key)
  const channel = await shell(hops.second)
  channel.pause()
  await sleep(100)

  // 20 MB: far more than SSH's windows (2 MB) and what may wait (1 MB) together.
  const line = `${'x'.repeat(1_022)}\r\n`
  for (let block = 0; block < 20; block += 1) {
    machine.say(line.repeat(1_024))
    await sleep(1)
  }
  const heard = listen(channel)
  channel.resume()
  await eventually(() => expect(heard.text.length).toBeGreaterThan(1_000_000))
  await sleep(300)
  machine.say('still here')

  await eventually(() => expect(heard.text.endsWith('still here')).toBe(true))
  expect(heard.text.length).toBeLessThan(10_000_000)
})
