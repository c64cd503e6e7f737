import { expect, it } from 'vitest'
import { RESCUE_ID } from '../core/base/ids.ts'
import { readRescueId, rescueIdFrom } from './rescue-id.ts'

it('gives the same text the same id, and it is one', () => {
  expect(rescueIdFrom('T1 U1 V1 0')).toBe(rescueIdFrom('T1 U1 V1 0'))
  expect(rescueIdFrom('T1 U1 V1 0')).not.toBe(rescueIdFrom('T1 U1 V1 1'))
  expect(rescueIdFrom('anything')).toMatch(RESCUE_ID)
})

it('reads ids as people type them', () => {
  expect(readRescueId(' r-abc123')).toBe('R-ABC123')
  expect(readRescueId('ABC123')).toBe('R-ABC123')
  expect(readRescueId('R-ABCILO')).toBeUndefined()
})
