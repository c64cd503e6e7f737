import { duplexPair } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createSerialLine } from './serial-line.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

it('keeps the most recent output, and no more than it may', async () => {
  const line = createSerialLine(10)
  const [port, guest] = duplexPair()
  line.plugIn(port)

  for (const piece of ['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee', 'ffff']) {
    guest.write(piece)
    await nextTurn()
  }

  expect(text(line.history())).toBe('ddeeeeffff')
})

it('goes on over the boots of a machine, for those who listen and for the history', async () => {
  const line = createSerialLine()
  const heard: string[] = []
  line.listen((bytes) => heard.push(text(bytes)))
  const [firstPort, firstGuest] = duplexPair()
  line.plugIn(firstPort)
  firstGuest.write('first boot;')
  await nextTurn()
  firstGuest.end()
  await nextTurn()
  const [secondPort, secondGuest] = duplexPair()
  line.plugIn(secondPort)

  secondGuest.write('second boot')
  await nextTurn()

  expect(heard).toEqual(['first boot;', 'second boot'])
  expect(text(line.history())).toBe('first boot;second boot')
})

it('carries what is typed to the machine that is on', async () => {
  const line = createSerialLine()
  const [port, guest] = duplexPair()
  line.write(Buffer.from('to nobody'))
  line.plugIn(port)

  line.write(Buffer.from('reboot\r'))
  await nextTurn()

  expect(text(guest.read())).toBe('reboot\r')
})

it('stops telling who no longer listens', async () => {
  const line = createSerialLine()
  const [port, guest] = duplexPair()
  line.plugIn(port)
  const heard: string[] = []
  const listener = (bytes: Uint8Array) => void heard.push(text(bytes))
  const stop = line.listen(listener)
  line.listen(listener)

  stop()
  guest.write('x')
  await nextTurn()

  expect(heard).toEqual(['x'])
})
