/**
 * What every channel does, whoever is at the other end: the suite to run on each
 * implementation, with a line that leads to a bash.
 */
import { describe, expect, it } from 'vitest'
import type { Channel } from '../../core/console/channel.ts'

export interface ContractLine {
  readonly channel: Channel
  /** Ends the line from the other end. */
  drop(): void | Promise<void>
}

/** `open` gives a fresh line with a bash at its prompt. */
export function channelContract(name: string, open: () => Promise<ContractLine>): void {
  describe(`${name} as a channel`, () => {
    it('carries what is typed, and brings the answer', async () => {
      const { channel } = await open()
      await using _ = channel
      await type(channel, "echo an''swer\r")

      expect(await readUntil(channel, 'answer')).toContain('answer')
    })

    it('loses nothing of a long output', async () => {
      const { channel } = await open()
      await using _ = channel
      await type(channel, "seq 1 20000; echo e''nd\r")

      const numbers = (await readUntil(channel, 'end')).match(/^\d+\r*$/gm) ?? []
      expect(numbers.map(Number)).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1))
    })

    it('ends a wait on a silent line when the signal says so, and loses nothing', async () => {
      const { channel } = await open()
      await using _ = channel
      await type(channel, "echo sil''ence\r")
      await readUntil(channel, 'silence')
      await readUntilSilent(channel)

      await type(channel, "echo aft''er\r")
      expect(await readUntil(channel, 'after')).toContain('after')
    })

    it('throws the signal’s own reason', async () => {
      const { channel } = await open()
      await using _ = channel
      const reason = new Error('stopped')

      await expect(channel.read(AbortSignal.abort(reason))).rejects.toBe(reason)
    })

    it('says that the line dropped: reads end, writes throw', async () => {
      const line = await open()
      await using channel = line.channel
      const reading = readUntil(channel, 'never said')
      await line.drop()

      expect(await reading).not.toContain('never said')
      await expect(channel.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'line-dropped' })
    })

    it('still gives what came before the line dropped', async () => {
      const { channel } = await open()
      await using _ = channel
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

async function type(channel: Channel, text: string): Promise<void> {
  await channel.write(Buffer.from(text))
}

/** All that was read until `text` was among it, or the line dropped. */
async function readUntil(channel: Channel, text: string): Promise<string> {
  const signal = AbortSignal.timeout(20_000)
  let heard = ''
  while (!heard.includes(text)) {
    const bytes = await channel.read(signal)
    if (bytes === undefined) break
    heard += Buffer.from(bytes).toString('latin1')
  }
  return heard
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
