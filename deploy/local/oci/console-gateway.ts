/**
 * Hop 1: the SSH server that OCI runs at `instance-console.<region>.oci.oraclecloud.com:443`,
 * here on loopback. It knows console connections by OCID and key, and does one
 * thing: carry a tunnel to the console of the instance.
 */
import { generateKeyPair } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { promisify } from 'node:util'
import ssh2, { type AcceptConnection, type Connection, type ServerChannel, type TcpipRequestInfo } from 'ssh2'
import type { ConsoleConnection, ConsoleConnections } from './console-connections.ts'
import { ConsoleSlots } from './console-slots.ts'
import type { Faults } from './faults.ts'
import { serveInstanceConsole } from './instance-console.ts'
import { fingerprint } from './public-key.ts'
import { isKeyOf, serveSsh } from './ssh-server.ts'

export interface ConsoleGatewayOptions {
  readonly connections: ConsoleConnections
  readonly faults: Faults
}

export interface ConsoleGateway {
  readonly host: string
  readonly port: number
  /** `SHA256:…` of the RSA host key that both hops show. */
  readonly hostKeyFingerprint: string
  /** Cuts every line at once, without a goodbye. */
  dropLines(): void
  close(): Promise<void>
}

/** What OCI sends before authentication, as OpenSSH shows it. */
const BANNER = `=================================================
IMPORTANT: Use a console connection to troubleshoot a malfunctioning instance. For normal operations, you should connect to the instance using a Secure Shell (SSH) or Remote Desktop connection. For steps, see https://docs.cloud.oracle.com/iaas/Content/Compute/Tasks/accessinginstance.htm

For more information about troubleshooting your instance using a console connection, see the documentation: https://docs.cloud.oracle.com/en-us/iaas/Content/Compute/References/serialconsole.htm#four
=================================================
`

const SSH_PORT = 22

/** How long a client may take to hear that it is over: on loopback, plenty. */
const GOODBYE_MS = 100

/** One client's line, and whose it is once that is known. */
interface Line {
  readonly socket: Socket
  consoleConnection?: ConsoleConnection
  connection?: Connection
  readonly tunnels: ServerChannel[]
  /** Tunnels that were open when the line broke off under them. */
  readonly broken: Set<ServerChannel>
}

interface Gateway extends ConsoleGatewayOptions {
  readonly hostKeyPem: string
  readonly slots: ConsoleSlots
  readonly lines: Set<Line>
}

export async function startConsoleGateway(options: ConsoleGatewayOptions): Promise<ConsoleGateway> {
  const gateway: Gateway = { ...options, hostKeyPem: await newHostKey(), slots: new ConsoleSlots(), lines: new Set() }
  const endLines = (consoleConnection: ConsoleConnection) => end(gateway, consoleConnection)
  gateway.connections.on('ended', endLines)
  const server = createServer({ noDelay: true }, (socket) => serveLine(gateway, socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the gateway listens on no port')
  return {
    host: '127.0.0.1',
    port: address.port,
    hostKeyFingerprint: fingerprintOf(gateway.hostKeyPem),
    dropLines: () => drop(gateway),
    async close() {
      gateway.connections.off('ended', endLines)
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      drop(gateway)
      await closed
    },
  }
}

async function newHostKey(): Promise<string> {
  // 2048 bits: what OCI's docs show; PKCS#1, because ssh2 reads that and not PKCS#8.
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
}

function fingerprintOf(hostKeyPem: string): string {
  const key = ssh2.utils.parseKey(hostKeyPem)
  if (key instanceof Error) throw key
  return fingerprint(key.getPublicSSH())
}

function serveLine(gateway: Gateway, socket: Socket): void {
  const line: Line = { socket, tunnels: [], broken: new Set() }
  gateway.lines.add(line)
  socket.on('close', () => gateway.lines.delete(line))
  socket.on('error', () => socket.destroy())
  serveSsh(socket, { hostKeys: [gateway.hostKeyPem], banner: BANNER }, (connection) => {
    line.connection = connection
    // Before ssh2 ends the channels that lived on it: what is closed by now, the client has closed.
    connection.on('close', () => {
      for (const tunnel of line.tunnels.filter(isOpen)) line.broken.add(tunnel)
    })
    serve(gateway, line, connection)
  })
}

function serve(gateway: Gateway, line: Line, connection: Connection): void {
  connection.on('authentication', (context) => {
    const consoleConnection = gateway.connections.active(context.username)
    if (!consoleConnection || !isKeyOf(consoleConnection, context)) return context.reject(['publickey'])
    line.consoleConnection = consoleConnection
    context.accept()
  })
  connection.on('tcpip', (accept, reject, info) => {
    if (!isConsoleOf(line.consoleConnection, info)) return reject()
    openTunnel(gateway, line, line.consoleConnection, accept)
  })
}

/** The tunnel leads to port 22 of the one instance; its OCID is the host name, in whatever case the client writes it. */
function isConsoleOf(
  connection: ConsoleConnection | undefined,
  { destIP, destPort }: TcpipRequestInfo,
): connection is ConsoleConnection {
  return connection?.instance.id.toLowerCase() === destIP.toLowerCase() && destPort === SSH_PORT
}

function openTunnel(
  { hostKeyPem, slots, faults, connections }: Gateway,
  line: Line,
  consoleConnection: ConsoleConnection,
  accept: AcceptConnection<ServerChannel>,
): void {
  const isActive = () => connections.active(consoleConnection.id) !== undefined
  const tunnel = accept()
  line.tunnels.push(tunnel)
  const isBroken = () => line.broken.has(tunnel)
  serveInstanceConsole(tunnel, { hostKeyPem, consoleConnection, slots, faults, isActive, isBroken })
}

/** By what ssh2 keeps of it, which its types leave out: its stream ends a little later, on a busy machine after the line. */
function isOpen({ incoming }: ServerChannel): boolean {
  return typeof incoming === 'object' && incoming !== null && 'state' in incoming && incoming.state === 'open'
}

function end(gateway: Gateway, consoleConnection: ConsoleConnection): void {
  gateway.slots.clear(consoleConnection.instance.id)
  for (const line of gateway.lines) {
    if (line.consoleConnection !== consoleConnection) continue
    line.connection?.end()
    // A client that is frozen does not take the goodbye; its line must end all the same.
    setTimeout(() => line.socket.destroy(), GOODBYE_MS).unref()
  }
}

function drop(gateway: Gateway): void {
  for (const { socket } of gateway.lines) socket.resetAndDestroy()
}
