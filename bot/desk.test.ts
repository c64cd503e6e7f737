import { pino } from 'pino'
import { expect, it } from 'vitest'
import { wasHeard } from './desk.ts'

const silent = pino({ level: 'silent' })

it('knows what was heard before', async () => {
  const heard = new Set(['press 1'])
  const hearings = { isFirst: async (deed: string) => !heard.has(deed) }

  expect(await wasHeard({ hearings, logger: silent }, 'press 1')).toBe(true)
  expect(await wasHeard({ hearings, logger: silent }, 'press 2')).toBe(false)
})

it('takes for new what nobody can tell of, so that it is served, or answered with what went wrong', async () => {
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => lines.push(line) })
  const hearings = { isFirst: () => Promise.reject(new Error('Redis is away')) }

  expect(await wasHeard({ hearings, logger }, 'press 1')).toBe(false)
  expect(lines.join('')).toContain('Redis is away')
})
