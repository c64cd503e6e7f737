/** The commands that people get for a console of their own, in the hands of a stock OpenSSH client on a terminal. */
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { type ConsoleCommands, consoleCommands, LEAVE } from '../../core/record/console-commands.ts'
import { activeConnection, type Fixture, newConsoleKey, startFixture } from '../../deploy/local/oci/oci-fixture.ts'
import { confirmBoth, type PersonAtConsole, personAtConsole } from '../helpers/person-at-console.ts'

const PATIENCE = { timeout: 20_000, interval: 100 }

interface Person extends PersonAtConsole {
  readonly commands: ConsoleCommands
}

async function handedOut(fixture: Fixture): Promise<Person> {
  const key = newConsoleKey()
  const { connectionString, vncConnectionString, serviceHostKeyFingerprint } = await activeConnection(fixture, key)
  const commands = consoleCommands({
    connectionString: connectionString ?? '',
    vncConnectionString: vncConnectionString ?? '',
    hostKeyFingerprint: serviceHostKeyFingerprint ?? '',
  })
  if (commands === undefined) throw new Error('no commands')
  return { ...(await personAtConsole(key.privatePem)), commands }
}

it('opens the serial line after both servers have shown the fingerprint, and leaves as people are told to', async () => {
  await using fixture = await startFixture()
  await using person = await handedOut(fixture)
  const { serial, fingerprint } = person.commands
  await using terminal = person.paste(serial.openssh)

  await confirmBoth(terminal, fingerprint)
  await expect
    .poll(() => {
      terminal.pty.write("echo he''llo\r")
      return terminal.said
    }, PATIENCE)
    .toContain('\nhello')

  terminal.pty.write(`\r${LEAVE}`)
  await terminal.exited
  // The second time nobody is asked.
  await using again = person.paste(serial.openssh)
  await expect
    .poll(() => {
      again.pty.write("echo ba''ck\r")
      return again.said
    }, PATIENCE)
    .toContain('\nback')
  expect(again.said).not.toContain('fingerprint')
})

it('does not open for another fingerprint', async () => {
  await using fixture = await startFixture()
  fixture.oci.faults.wrongHostKey = true
  await using person = await handedOut(fixture)
  await using terminal = person.paste(person.commands.serial.openssh)

  await expect.poll(() => terminal.said, PATIENCE).toContain('[fingerprint])?')
  terminal.pty.write(`${person.commands.fingerprint}\r`)

  await expect.poll(() => terminal.said, PATIENCE).toContain("Please type 'yes', 'no' or the fingerprint")
})

it('carries the screen to the address that people give to their viewer', async () => {
  await using fixture = await startFixture()
  await using person = await handedOut(fixture)
  const { screen, fingerprint } = person.commands
  // The port of the commands may be taken on this computer.
  const port = await freePort()
  await using terminal = person.paste(screen?.openssh.replace('127.0.0.1:5901:', `127.0.0.1:${port}:`) ?? '')

  await confirmBoth(terminal, fingerprint)
  await expect.poll(() => greetingAt(port), PATIENCE).toBe('RFB 003.008\n')
})

it('says so at once when the port for the viewer is taken', async () => {
  await using fixture = await startFixture()
  await using person = await handedOut(fixture)
  const { screen, fingerprint } = person.commands
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  await using terminal = person.paste(screen?.openssh.replace('127.0.0.1:5901:', `127.0.0.1:${portOf(taken)}:`) ?? '')

  await confirmBoth(terminal, fingerprint)

  expect(await terminal.exited).not.toBe(0)
  expect(terminal.said).toContain('Address already in use')
  taken.close()
})

async function greetingAt(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    const [bytes] = await once(socket, 'data')
    return String(bytes)
  } catch {
    return ''
  } finally {
    socket.destroy()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
