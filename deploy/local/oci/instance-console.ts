/**
 * Hop 2: the SSH server at the far end of the tunnel, one for each tunnel. A
 * session is the instance's serial line; port 5900 of the instance is its screen.
 */
import { pipeline } from 'node:stream'
import type { AcceptConnection, Connection, RejectConnection, ServerChannel, Session, TcpipRequestInfo } from 'ssh2'
import type { ConsoleConnection } from './console-connections.ts'
import type { ConsoleSlots, Slot } from './console-slots.ts'
import type { Faults } from './faults.ts'
import { joinSerialLine } from './serial-session.ts'
import { isKeyOf, refuseChannel, serveSsh } from './ssh-server.ts'
import { TunnelStream } from './tunnel-stream.ts'

export interface InstanceConsoleOptions {
  readonly hostKeyPem: string
  readonly consoleConnection: ConsoleConnection
  readonly slots: ConsoleSlots
  readonly faults: Faults
  /** Whether the key still opens anything. */
  readonly isActive: () => boolean
  /** Whether the client's own line, hop 1, broke off under the open tunnel. */
  readonly isBroken: () => boolean
}

/** OCI's words for the second client. */
const BUSY = 'console access is limited to one connection at a time'

const VNC_PORT = 5900

/** Serves hop 2 on `tunnel`. */
export function serveInstanceConsole(tunnel: ServerChannel, options: InstanceConsoleOptions): void {
  // The only kind of host key that OCI offers here, so that clients must allow it on purpose.
  const config = { hostKeys: [options.hostKeyPem], algorithms: { serverHostKey: ['ssh-rsa' as const] } }
  serveSsh(new TunnelStream(tunnel), config, (connection) => serve(connection, tunnel, options))
}

function serve(connection: Connection, tunnel: ServerChannel, options: InstanceConsoleOptions): void {
  const { consoleConnection } = options
  connection.on('authentication', (context) => {
    // The user name does not matter here: clients send the instance's OCID, the connection's, or a login name.
    if (options.isActive() && isKeyOf(consoleConnection, context)) context.accept()
    else context.reject(['publickey'])
  })
  connection.on('session', (accept, reject) => {
    const slot = takeSlot(tunnel, options)
    if (slot) openSession(accept(), slot, options)
    else refuse(connection, reject)
  })
  connection.on('tcpip', (accept, reject, info) => {
    openScreen(accept, reject, info, consoleConnection).catch((error: unknown) => {
      process.emitWarning(error instanceof Error ? error : String(error))
      reject()
    })
  })
}

/**
 * A client that closes its tunnel, or its session before that, frees the console at
 * once. When the line breaks off under the tunnel the console may stay taken.
 */
function takeSlot(
  tunnel: ServerChannel,
  { consoleConnection, slots, faults, isBroken }: InstanceConsoleOptions,
): Slot | undefined {
  const slot = faults.gatewayBusy ? undefined : slots.take(consoleConnection.instance.id)
  tunnel.on('end', () => slot?.abandon(isBroken() ? faults.slotHeldMs : 0))
  return slot
}

function openSession(session: Session, slot: Slot, { consoleConnection, isActive }: InstanceConsoleOptions): void {
  const { serial } = consoleConnection.instance.setup.machine
  session.on('eof', slot.release)
  session.on('close', slot.release)
  session.on('pty', (accept) => accept?.())
  session.on('window-change', (accept) => accept?.())
  // Nothing but a shell: without listeners ssh2 refuses exec, subsystems, environment, agent and X11.
  session.on('shell', (accept) => joinSerialLine(accept(), serial, isActive))
}

function refuse(connection: Connection, reject: RejectConnection): void {
  refuseChannel(connection, reject, BUSY)
  // OCI closes the connection behind it.
  setImmediate(() => connection.end())
}

async function openScreen(
  accept: AcceptConnection<ServerChannel>,
  reject: RejectConnection,
  { destIP, destPort }: TcpipRequestInfo,
  { instance }: ConsoleConnection,
): Promise<void> {
  const { machine } = instance.setup
  if (destIP.toLowerCase() !== instance.id.toLowerCase() || destPort !== VNC_PORT) return reject()
  if (machine.power() === 'off') return reject()
  const screen = await machine.connectVnc()
  const channel = accept()
  // Either end closing closes both; which of them and why is of no interest here.
  pipeline(screen, channel, () => screen.destroy())
  pipeline(channel, screen, () => channel.end())
}
