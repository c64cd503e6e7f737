/**
 * What every channel does, whoever is at the other end: the suite to run on each
 * implementation, with a line that leads to a bash.
 */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Channel } from '../../core/console/channel.ts'
import { OneByteChannel } from '../helpers/one-byte-channel.ts'

export interface ContractLine {
  readonly channel: Channel
  /** Ends the line from the other end. */
  drop(): void | Promise<void>
}

/** A line whose other end can say no more, and still listen. */
export interface HalfClosingLine extends ContractLine {
  halfClose(): void
}

/** Together with their line ends more than a megabyte. */
const NUMBERS = 160_000

/** `open` gives a fresh line with a bash at its prompt. The suite runs on it as it is, and one byte at a time. */
export function channelContract(name: string, open: () => Promise<ContractLine>): void {
  suite(`${name} as a channel`, open)
  suite(`${name} as a channel, one byte at a time`, async () => {
    const line = await open()
    return { ...line, drop: () => line.drop(), channel: new OneByteChannel(line.channel) }
  })
}

function suite(name: string, open: () => Promise<ContractLine>): void {
  describe(name, () => {
    it('carries what is typed, and brings the answer', async () => {
      await using channel = (await open()).channel
      await type(channel, "echo an''swer\r")

      expect(await readUntil(channel, 'answer')).toContain('answer')
    })

    it('loses nothing of a megabyte, and keeps its order', async () => {
      await using channel = (await open()).channel
      await type(channel, `seq 1 ${NUMBERS}; echo e''nd\r`)

      const numbers = (await readUntil(channel, 'end')).match(/^\d+\r*$/gm) ?? []
      expect(numbers).toHaveLength(NUMBERS)
      expect(numbers.findIndex((number, index) => Number(number) !== index + 1)).toBe(-1)
    })

    it('carries every byte as it is, both ways', async () => {
      await using channel = (await open()).channel
      const bytes = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), randomBytes(4000)])
      await type(channel, `stty raw -echo; echo rea''dy; head -c ${bytes.length}; stty sane; echo e''nd\r`)
      await readUntil(channel, 'ready\n')
      // No more at once than a terminal keeps for a reader that is slow.
      for (let at = 0; at < bytes.length; at += 1000) await channel.write(bytes.subarray(at, at + 1000))

      const heard = Buffer.from(await readUntil(channel, 'end'), 'latin1')
      expect(heard.subarray(0, bytes.length).equals(bytes)).toBe(true)
    })

    it('ends a wait on a silent line when the signal says so, and loses nothing', async () => {
      await using channel = (await open()).channel
      await type(channel, "echo sil''ence\r")
      await readUntil(channel, 'silence')
      await readUntilSilent(channel)

      await type(channel, "echo aft''er\r")
      expect(await readUntil(channel, 'after')).toContain('after')
    })

    it('throws the signal’s own reason', async () => {
      await using channel = (await open()).channel
      const reason = new Error('stopped')

      await expect(channel.read(AbortSignal.abort(reason))).rejects.toBe(reason)
    })

    it('says that the line dropped: reads end, writes throw', async () => {
      const line = await open()
      await using channel = line.channel
      const reading = readUntil(channel, 'never said')
      await line.drop()

      expect(await reading).not.toContain('never said')
      expect(await channel.read(AbortSignal.timeout(20_000))).toBeUndefined()
      await expect(channel.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'line-dropped' })
    })

    it('still gives what came before the line dropped', async () => {
      await using channel = (await open()).channel
      await type(channel, "echo last wo''rds; exit\r")

      expect(await readUntil(channel, 'never said')).toContain('last words')
    })

    it('can be closed twice, and ends a read that waits', async () => {
      const { channel } = await open()
      const reading = readUntil(channel, 'never said')
      await channel.close()
      await channel.close()

      expect(await reading).not.toContain('never said')
      await expect(channel.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'line-dropped' })
    })
  })
}

/** For lines that can be closed in one direction. */
export function halfCloseContract(name: string, open: () => Promise<HalfClosingLine>): void {
  it(`${name} as a channel takes an end that says no more for a line that dropped`, async () => {
    const line = await open()
    await using channel = line.channel
    await type(channel, "echo last wo''rds\r")
    await readUntil(channel, 'last words')
    line.halfClose()

    await readUntil(channel, 'never said')
    await expect(channel.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'line-dropped' })
  })
}

async function type(channel: Channel, text: string): Promise<void> {
  await channel.write(Buffer.from(text))
}

/** All that was read until `text` was among it, or the line dropped. */
async function readUntil(channel: Channel, text: string): Promise<string> {
  const signal = AbortSignal.timeout(50_000)
  const pieces: string[] = []
  for (let end = ''; !end.includes(text); ) {
    const bytes = await channel.read(signal)
    if (bytes === undefined) break
    const piece = Buffer.from(bytes).toString('latin1')
    pieces.push(piece)
    end = end.slice(1 - text.length) + piece
  }
  return pieces.join('')
}

/** Ends with a wait that was ended by its signal. */
async function readUntilSilent(channel: Channel): Promise<void> {
  const silent = new Error('silent')
  for (;;) {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(silent), 200)
    try {
      await channel.read(controller.signal)
    } catch (thrown) {
      expect(thrown).toBe(silent)
      return
    } finally {
      clearTimeout(timer)
    }
  }
}
