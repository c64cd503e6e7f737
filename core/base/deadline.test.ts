import { describe, expect, it } from 'vitest'
import { orAborted } from './deadline.ts'

describe('orAborted', () => {
  it('is the promise, or the signal’s reason if that comes first', async () => {
    const stopping = new AbortController()
    expect(await orAborted(Promise.resolve(7), stopping.signal)).toBe(7)
    const waiting = orAborted(Promise.withResolvers().promise, stopping.signal)
    stopping.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  it('leaves no rejection behind that nobody looks at, also when it was over before it began', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      const lost = Promise.reject(new Error('lost'))
      await expect(orAborted(lost, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
      // Node tells of them once all that was to be done at once is done.
      await new Promise((resolve) => setImmediate(resolve))
    } finally {
      process.off('unhandledRejection', note)
    }
    expect(unhandled).toEqual([])
  })
})
