import { createInterface } from 'node:readline'
import { type Duplex, duplexPair } from 'node:stream'
import { expect, it } from 'vitest'
import { speakQmp } from './qmp.ts'

const GREETING = { QMP: { version: { qemu: { micro: 22, minor: 2, major: 7 } }, capabilities: [] } }

/** Answers each command by its name, after an event that nobody asked for. */
function qemu(socket: Duplex, answers: Record<string, object>): void {
  const send = (message: object) => socket.write(`${JSON.stringify(message)}\r\n`)
  send(GREETING)
  createInterface({ input: socket }).on('line', (line) => {
    const { execute, id } = JSON.parse(line)
    const answer = answers[execute]
    send({ timestamp: { seconds: 1, microseconds: 2 }, event: 'RESET', data: { guest: false } })
    if (answer === undefined) socket.end()
    else send({ ...answer, id })
  })
}

it('gives the answer of a command', async () => {
  const [ours, theirs] = duplexPair()
  qemu(theirs, { qmp_capabilities: { return: {} }, 'query-status': { return: { status: 'running' } } })
  const qmp = await speakQmp(ours)

  expect(await qmp.execute('query-status')).toEqual({ status: 'running' })
})

it("gives QEMU's own words when it refuses", async () => {
  const [ours, theirs] = duplexPair()
  const error = { class: 'CommandNotFound', desc: 'The command dance has not been found' }
  qemu(theirs, { qmp_capabilities: { return: {} }, dance: { error } })
  const qmp = await speakQmp(ours)

  await expect(qmp.execute('dance')).rejects.toThrow('The command dance has not been found')
})

it('does not wait for a QEMU that has ended', async () => {
  const [ours, theirs] = duplexPair()
  qemu(theirs, { qmp_capabilities: { return: {} } })
  const qmp = await speakQmp(ours)

  await expect(qmp.execute('system_reset')).rejects.toThrow('QEMU ended during system_reset')
  await expect(qmp.execute('system_reset')).rejects.toThrow('QEMU has ended')
})
