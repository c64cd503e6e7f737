/** The connection strings in the hands of a stock OpenSSH client, run by sh as a person would. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  activeConnection,
  type ConsoleKeyPair,
  eventually,
  type Fixture,
  newConsoleKey,
  startFixture,
} from './oci-fixture.ts'

interface Home extends Disposable {
  /** The options a person adds, for either hop. */
  readonly options: string
}

/** A directory with the key, and OpenSSH's options to use it and nothing else of this computer. */
function newHome({ privatePem }: ConsoleKeyPair): Home {
  const directory = mkdtempSync(join(tmpdir(), 'oci-console-'))
  const identity = join(directory, 'key')
  writeFileSync(identity, privatePem, { mode: 0o600 })
  const options = [
    '-F none',
    `-i ${identity}`,
    '-o IdentitiesOnly=yes',
    '-o HostKeyAlgorithms=+ssh-rsa',
    '-o PubkeyAcceptedAlgorithms=+ssh-rsa',
    `-o UserKnownHostsFile=${join(directory, 'known_hosts')}`,
    '-o StrictHostKeyChecking=accept-new',
  ].join(' ')
  return { options, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) }
}

/** The string as it was returned, with options added behind each `ssh`. */
function withOptions(connectionString: string | undefined, { options }: Home, outer = ''): string {
  const inner = connectionString?.replace("ProxyCommand='ssh ", `ProxyCommand='ssh ${options} `)
  return inner?.replace(/^ssh /, `ssh ${options} ${outer} `) ?? ''
}

interface Running extends AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams
  out: string
  err: string
}

function run(command: string): Running {
  // A group of its own, so that sh, ssh and its ProxyCommand end together.
  const child = spawn('/bin/sh', ['-c', command], { detached: true })
  const closed = once(child, 'close')
  const running: Running = {
    child,
    out: '',
    err: '',
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      await closed
    },
  }
  child.stdin.on('error', () => child.stdin.destroy())
  child.stdout.on('data', (bytes: Buffer) => (running.out += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (running.err += bytes.toString()))
  return running
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function prepared(): Promise<{ fixture: Fixture; key: ConsoleKeyPair }> {
  return { fixture: await startFixture(), key: newConsoleKey() }
}

it('reaches the serial line', async () => {
  const { fixture, key } = await prepared()
  await using _ = fixture
  using home = newHome(key)
  const { connectionString } = await activeConnection(fixture, key)

  // -tt: here is no terminal, and a person has one.
  await using ssh = run(withOptions(connectionString, home, '-tt'))
  await eventually(() => expect(ssh.err).toContain('IMPORTANT: Use a console connection'))
  await eventually(() => {
    ssh.child.stdin.write("echo he''llo\r")
    expect(ssh.out).toContain('\nhello')
  }, 200)

  ssh.child.stdin.write('\r~.')
  await once(ssh.child, 'close')
  await using again = run(withOptions(connectionString, home, '-tt'))
  await eventually(() => {
    again.child.stdin.write("echo ba''ck\r")
    expect(again.out).toContain('\nback')
  }, 200)
})

it('is turned away without the options for old keys, as by OCI', async () => {
  const { fixture, key } = await prepared()
  await using _ = fixture
  using home = newHome(key)
  const { connectionString } = await activeConnection(fixture, key)
  const modern = { ...home, options: home.options.replace('-o HostKeyAlgorithms=+ssh-rsa', '') }

  await using ssh = run(withOptions(connectionString, modern, '-tt'))
  await once(ssh.child, 'close')

  expect(ssh.err).toContain('no matching host key type found. Their offer: ssh-rsa')
})

it('shows the second client the words of OCI', async () => {
  const { fixture, key } = await prepared()
  await using _ = fixture
  using home = newHome(key)
  const { connectionString } = await activeConnection(fixture, key)
  await using first = run(withOptions(connectionString, home, '-tt'))
  await eventually(() => {
    first.child.stdin.write("echo he''llo\r")
    expect(first.out).toContain('\nhello')
  }, 200)

  await using second = run(withOptions(connectionString, home, '-tt'))
  await once(second.child, 'close')

  expect(second.err).toContain(
    'channel 0: open failed: administratively prohibited: console access is limited to one connection at a time',
  )
})

it('reaches the screen through the VNC connection string', async () => {
  const { fixture, key } = await prepared()
  await using _ = fixture
  using home = newHome(key)
  const { vncConnectionString } = await activeConnection(fixture, key)
  const port = await freePort()

  // The port on this side is the person's choice: 5900 may be taken.
  const command = withOptions(vncConnectionString, home).replace('localhost:5900:', `localhost:${port}:`)
  await using ssh = run(command)
  const hello = await eventually(async () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => socket.destroy())
    const [bytes] = await once(socket, 'data')
    socket.destroy()
    return String(bytes)
  }, 200)

  expect(hello).toBe('RFB 003.008\n')
  expect(ssh.child.exitCode).toBeNull()
})

it('accepts a signature of either age', async () => {
  const { fixture, key } = await prepared()
  await using _ = fixture
  using home = newHome(key)
  const { connectionString } = await activeConnection(fixture, key)

  // Not rsa-sha2-512 alone: a comma is missing in the list of algorithms that ssh2's server announces.
  for (const algorithm of ['ssh-rsa', 'rsa-sha2-256']) {
    const options = home.options.replace('PubkeyAcceptedAlgorithms=+ssh-rsa', `PubkeyAcceptedAlgorithms=${algorithm}`)
    const command = withOptions(connectionString, { ...home, options }, '-tt')
    await using ssh = run(command)
    await eventually(() => {
      ssh.child.stdin.write("echo he''llo\r")
      expect(ssh.out, algorithm + ssh.err).toContain('\nhello')
    }, 200)
    ssh.child.stdin.write('\r~.')
    await once(ssh.child, 'close')
  }
})

it('finds the fingerprint of the API in what ssh-keyscan sees', async () => {
  await using fixture = await startFixture()
  const { host, port, hostKeyFingerprint } = fixture.oci.gateway

  const scan = spawn('/bin/sh', ['-c', `ssh-keyscan -p ${port} -t rsa ${host} 2>/dev/null | ssh-keygen -lf -`])
  let seen = ''
  scan.stdout.on('data', (bytes: Buffer) => (seen += bytes.toString()))
  await once(scan, 'close')

  expect(seen).toContain(hostKeyFingerprint)
})
