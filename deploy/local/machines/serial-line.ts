/**
 * A machine's serial line, over all the boots of the machine: whoever listens keeps
 * listening when the process behind it is replaced. It is always read, also when
 * nobody listens: a line that nobody reads makes the guest wait or lose output.
 */
import type { Duplex } from 'node:stream'
import type { SerialLine } from './machine.ts'

/** What OCI keeps for a console history: the most recent megabyte. */
const HISTORY_BYTES = 1 << 20

export interface PluggableSerialLine extends SerialLine {
  /** From now on the line is this one, until it closes. */
  plugIn(port: Duplex): void
}

export function createSerialLine(historyBytes = HISTORY_BYTES): PluggableSerialLine {
  const listeners = new Set<(bytes: Uint8Array) => void>()
  const past = createHistory(historyBytes)
  let current: Duplex | undefined

  return {
    plugIn: (port) => {
      current = port
      port.on('data', (bytes: Buffer) => {
        past.add(bytes)
        for (const listener of listeners) listener(bytes)
      })
      port.once('close', () => {
        if (current === port) current = undefined
      })
    },
    listen: (listener) => {
      // A wrapper of its own, so that the same function may listen twice.
      const own = (bytes: Uint8Array) => listener(bytes)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    // What is typed to a machine that is off goes nowhere, as on a real line.
    write: (bytes) => void current?.write(bytes),
    history: () => past.bytes(),
  }
}

/** The last `limit` bytes of all that was added. */
function createHistory(limit: number): { add(bytes: Uint8Array): void; bytes(): Uint8Array } {
  let pieces: Uint8Array[] = []
  let held = 0
  const bytes = () => new Uint8Array(Buffer.concat(pieces).subarray(Math.max(0, held - limit)))
  const add = (piece: Uint8Array) => {
    pieces.push(piece)
    held += piece.length
    // Cut only at twice the limit: cutting at each byte beyond it would copy a megabyte for each.
    if (held <= 2 * limit) return
    pieces = [bytes()]
    held = limit
  }
  return { add, bytes }
}
