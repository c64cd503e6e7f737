import { expect, it } from 'vitest'
import { entriesOf, RIYA, requested } from '../../test/helpers/thread-events.ts'
import { auditTrail } from './audit.ts'

it('has what people asked of a rescue that is under way, by whom and about what', () => {
  const line = '0123456789abcdef'
  const trail = auditTrail(
    entriesOf([
      requested('ssh-ed25519 AAAA'),
      { type: 'console', scrolled: [], rows: ['not of people'] },
      { type: 'screen-asked' },
      { type: 'line-sent', line, text: 'sleep 100' },
      { type: 'interrupt-asked', line },
      { type: 'stop-requested', reason: 'It hangs.' },
    ]),
    { seq: 6, hash: 'f'.repeat(64) },
  )

  expect(trail.map(({ seq, who, what, details }) => [seq, who, what, details])).toEqual([
    [1, RIYA, 'requested', { playbook: 'replace-key', target: 'web-1' }],
    [3, RIYA, 'screen-asked', {}],
    [4, RIYA, 'line-sent', { line, text: 'sleep 100' }],
    [5, RIYA, 'interrupt-asked', { line }],
    [6, RIYA, 'stop-requested', { reason: 'It hangs.' }],
  ])
  expect(trail.every(({ channel }) => channel === 'C0OPS')).toBe(true)
})
