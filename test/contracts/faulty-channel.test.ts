import { expect, it } from 'vitest'
import { type Faults, FaultyChannel } from '../helpers/faulty-channel.ts'
import { SimulatedLine } from '../helpers/simulated-line.ts'

const signal = () => AbortSignal.timeout(20_000)
const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(400)

/** What comes through of `TEXT`, in pieces, and what is typed when `TEXT` is typed. */
async function through(faults: Faults) {
  const typed: number[] = []
  const line = new SimulatedLine((bytes) => typed.push(...bytes))
  const channel = new FaultyChannel(line, faults)
  line.say(Buffer.from(TEXT))
  line.drop()
  const pieces: string[] = []
  for (let bytes = await channel.read(signal()); bytes !== undefined; bytes = await channel.read(signal()))
    pieces.push(Buffer.from(bytes).toString())
  return { pieces, heard: pieces.join(''), faults: channel.faults }
}

it('changes nothing when it is told nothing', async () => {
  expect((await through({ seed: 1 })).pieces).toEqual([TEXT])
})

it('loses, doubles and splits about as often as it is told to, and the same bytes each time', async () => {
  const bad = { seed: 7, said: { lost: 0.05, doubled: 0.02, split: 0.1 } }
  const once = await through(bad)
  const { lost, doubled } = once.faults

  expect(lost).toBeGreaterThan(TEXT.length * 0.03)
  expect(lost).toBeLessThan(TEXT.length * 0.07)
  expect(once.heard).toHaveLength(TEXT.length - lost + doubled)
  expect(once.pieces.length).toBeGreaterThan(TEXT.length * 0.07)
  expect(await through(bad)).toEqual(once)
  expect((await through({ ...bad, seed: 8 })).heard).not.toBe(once.heard)
})

it('lets a kernel talk at any byte', async () => {
  const { heard, faults } = await through({ seed: 3, said: { printk: 0.01 } })

  expect(faults.printk).toBeGreaterThan(50)
  expect(heard.match(/\[ {3}12\.\d{6}\] usb 1-1: [^\r]*\r\n/g)).toHaveLength(faults.printk)
  expect(heard.replace(/\[ {3}12\.\d{6}\] usb 1-1: [^\r]*\r\n/g, '')).toBe(TEXT)
})

it('drops for both sides when so many bytes have passed', async () => {
  const typed: number[] = []
  const line = new SimulatedLine((bytes) => typed.push(...bytes))
  const channel = new FaultyChannel(line, { seed: 1, dropsAfter: 10 })
  line.say(Buffer.from('login:'))
  expect(Buffer.from((await channel.read(signal())) ?? '').toString()).toBe('login:')

  await expect(channel.write(Buffer.from('opcopc'))).rejects.toMatchObject({ code: 'line-dropped' })

  expect(Buffer.from(typed).toString()).toBe('opco')
  expect(await channel.read(signal())).toBeUndefined()
})
