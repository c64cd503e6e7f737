import { expect, it } from 'vitest'
import { type Check, examine, type Finding, report, settled, whyOf } from './checks.ts'
import { skewByDate, skewSeen } from './clock-skew.ts'

const soon = () => AbortSignal.timeout(30_000)

function all(checks: readonly Check[], limitMs?: number): Promise<readonly Finding[]> {
  return Array.fromAsync(examine(checks, soon(), limitMs))
}

it('goes on when a check throws or says nothing in time, and says how to mend that', async () => {
  const never: Check = { what: 'silence', look: () => new Promise(() => {}), mend: ['shout'] }
  const throws: Check = { what: 'fault', look: async () => Promise.reject(new Error('broken')), mend: ['glue'] }

  expect(await all([never, throws, settled('rest', { verdict: 'ok', said: 'fine' })], 10)).toEqual([
    { what: 'silence', verdict: 'bad', said: 'no answer within 0.01 s', mend: ['shout'] },
    { what: 'fault', verdict: 'bad', said: 'broken', mend: ['glue'] },
    { what: 'rest', verdict: 'ok', said: 'fine', mend: [] },
  ])
})

it('looks at what a check leads to right behind it', async () => {
  const ok = (what: string, next: readonly Check[] = []) => settled(what, { verdict: 'ok', said: '', next })

  const found = await all([ok('a', [ok('a1', [ok('a2')])]), ok('b')])

  expect(found.map(({ what }) => what)).toEqual(['a', 'a1', 'a2', 'b'])
})

it('stops when it is told to', async () => {
  const stop = new AbortController()
  stop.abort(new Error('enough'))

  await expect(Array.fromAsync(examine([settled('a', { verdict: 'ok', said: '' })], stop.signal))).rejects.toThrow(
    'enough',
  )
})

it('says why with what was wrapped', () => {
  const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' })

  expect(whyOf(new TypeError('fetch failed', { cause: refused }))).toBe('fetch failed: ECONNREFUSED')
  const repeated = new Error('request failed: fetch failed', { cause: new Error('fetch failed', { cause: refused }) })
  expect(whyOf(repeated)).toBe('request failed: fetch failed: ECONNREFUSED')
  expect(whyOf({ message: 'a plain object' })).toBe('a plain object')
})

it('reports in words or as JSON, hides secrets, and is not content only with what is bad', async () => {
  const checks = [
    settled('key', { verdict: 'warn', said: 'the server said hunter2', mend: ['do this', 'then that'] }),
    settled('door', { verdict: 'note', said: 'not tried' }),
  ]
  const said = async (json: boolean, more: readonly Check[] = []) => {
    const lines: string[] = []
    const options = { side: 'bot', json, secrets: ['hunter2'], say: (line: string) => lines.push(line) }
    const isWell = await report([...checks, ...more], options, soon())
    return { lines, isWell }
  }

  expect(await said(false)).toEqual({
    lines: [
      'warn  bot: key: the server said [hidden]\n      > do this\n      > then that',
      'note  bot: door: not tried',
      'bot: 0 ok, 1 note, 1 warn, 0 bad',
    ],
    isWell: true,
  })
  const { lines, isWell } = await said(true, [settled('wall', { verdict: 'bad', said: 'fell' })])
  expect(isWell).toBe(false)
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { side: 'bot', what: 'key', verdict: 'warn', said: 'the server said [hidden]', mend: ['do this', 'then that'] },
    { side: 'bot', what: 'door', verdict: 'note', said: 'not tried', mend: [] },
    { side: 'bot', what: 'wall', verdict: 'bad', said: 'fell', mend: [] },
  ])
})

it('measures clocks by the date of an answer', () => {
  const at = Date.parse('2026-11-22T03:12:45Z')
  const date = 'Sun, 22 Nov 2026 03:12:45 GMT'

  expect(skewByDate(date, { from: at + 400, to: at + 600 })).toBe(0)
  expect(skewByDate(date, { from: at + 60_400, to: at + 60_600 })).toBe(60_000)
  expect(skewByDate(null, { from: at, to: at })).toBeUndefined()
  expect(skewByDate('yesterday', { from: at, to: at })).toBeUndefined()
  expect(skewSeen('OCI', -2000, 300_000).verdict).toBe('ok')
  expect(skewSeen('OCI', -90_000, 300_000)).toMatchObject({ verdict: 'warn', said: 'is 90 s behind OCI’s' })
  expect(skewSeen('OCI', 300_000, 300_000)).toMatchObject({
    verdict: 'bad',
    said: 'is 300 s ahead of OCI’s: from 300 s on, requests are refused',
  })
  expect(skewSeen('OCI', undefined).verdict).toBe('note')
})
