/** Bytes both ways between a client's session channel and a machine's serial line. */
import type { ServerChannel } from 'ssh2'
import type { SerialLine } from '../machines/machine.ts'

/**
 * What may wait for a slow client, in bytes: as much as OCI keeps as console
 * history. More is lost, as on any serial line nobody reads: the machine must
 * never wait for a client.
 */
const MOST_WAITING = 1024 * 1024

/** Connects the two until the channel closes. What the client types arrives only while `mayType` says so. */
export function joinSerialLine(channel: ServerChannel, serial: SerialLine, mayType: () => boolean): void {
  const stop = serial.listen((bytes) => {
    // Copied, because the machine may use its buffer again while this one waits.
    if (channel.writable && channel.writableLength < MOST_WAITING) channel.write(Buffer.from(bytes))
  })
  channel.on('data', (bytes: Buffer) => {
    if (mayType()) serial.write(bytes)
  })
  channel.on('close', stop)
  // The client has said all it will say: a console has no end of input of its own, so the session is over.
  channel.on('end', () => channel.end())
  channel.on('error', stop)
}
