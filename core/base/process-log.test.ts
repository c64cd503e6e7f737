import { expect, it } from 'vitest'
import { RescueError } from './errors.ts'
import { processLog } from './process-log.ts'

it('writes code, stack, causes and what the sentence names', () => {
  const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET', request: 'what it was about' })
  const error = new RescueError('cloud', 'membership-unknown', 'nobody knows', { cause, details: { user: 'opc' } })

  const lines: string[] = []
  processLog('bot', 'info', { write: (line) => lines.push(line) }).warn({ err: error, rescue: 'R-ABC123' }, 'trouble')

  expect(JSON.parse(lines.join(''))).toMatchObject({
    rescue: 'R-ABC123',
    err: {
      ...{ type: 'RescueError', message: 'nobody knows', code: 'membership-unknown', details: { user: 'opc' } },
      stack: expect.stringContaining('process-log.test'),
      cause: { message: 'reset', code: 'ECONNRESET' },
    },
  })
  expect(lines.join('')).not.toContain('what it was about')
})
