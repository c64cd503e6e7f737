/**
 * QMP, the protocol by which QEMU is told what to do: JSON lines over a socket, a
 * greeting, then one answer per command, with events in between.
 * Source: QEMU's docs/interop/qmp-spec.rst.
 */
import { createInterface } from 'node:readline'
import { type Duplex, finished } from 'node:stream'
import { z } from 'zod'

export interface Qmp {
  /** Resolves with the command's answer. Rejects with QEMU's own words, or when the line closes first. */
  execute(command: string): Promise<unknown>
}

const Message = z.union([
  z.object({ QMP: z.unknown() }),
  z.object({ event: z.string() }),
  z.object({ id: z.number(), return: z.unknown() }),
  z.object({ id: z.number(), error: z.object({ class: z.string(), desc: z.string() }) }),
])

interface Waiting {
  readonly command: string
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

/** Speaks QMP on `socket`; resolves when QEMU has greeted and takes commands. */
export async function speakQmp(socket: Duplex): Promise<Qmp> {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let ended = false
  const greeted = Promise.withResolvers<void>()

  const lines = createInterface({ input: socket })
  // readline passes the socket's errors on; what they mean for us, `finished` says.
  lines.on('error', () => lines.close())
  lines.on('line', (line) => {
    const message = Message.parse(JSON.parse(line))
    if ('QMP' in message) greeted.resolve()
    if ('id' in message) answer(waiting, message)
  })
  finished(socket, { writable: false }, () => {
    ended = true
    greeted.reject(new Error('QEMU closed its control line before it greeted'))
    for (const { command, reject } of waiting.values()) reject(new Error(`QEMU ended during ${command}`))
    waiting.clear()
  })

  const execute = (command: string) =>
    new Promise<unknown>((resolve, reject) => {
      if (ended) return reject(new Error(`QEMU has ended: no ${command}`))
      lastId += 1
      waiting.set(lastId, { command, resolve, reject })
      socket.write(`${JSON.stringify({ execute: command, id: lastId })}\n`)
    })

  await greeted.promise
  await execute('qmp_capabilities')
  return { execute }
}

type Answer = { id: number; return: unknown } | { id: number; error: { class: string; desc: string } }

function answer(waiting: Map<number, Waiting>, message: Answer): void {
  const asked = waiting.get(message.id)
  waiting.delete(message.id)
  if ('error' in message) asked?.reject(new Error(`QEMU refused ${asked.command}: ${message.error.desc}`))
  else asked?.resolve(message.return)
}
