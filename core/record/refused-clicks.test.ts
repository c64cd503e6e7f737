import { expect, it } from 'vitest'
import type { Actor } from './events.ts'
import { type RefusedClick, refusedClick } from './refused-clicks.ts'

const click: RefusedClick = { wish: 'approved', why: 'not-an-approver', gate: 1, planHash: 'a'.repeat(64) }
const person = (user: string): Actor => ({ kind: 'person', enterprise: null, team: 'T1', user })
const times = (user: string, count: number) => Array.from({ length: count }, () => person(user))

it('is recorded for each person until they have said what they want, and the last one says so', () => {
  expect(refusedClick([], person('U1'), click)).toEqual(click)
  expect(refusedClick(times('U1', 9), person('U1'), click)).toEqual({ ...click, isLast: true })
  expect(refusedClick(times('U1', 10), person('U1'), click)).toBeUndefined()
  expect(refusedClick(times('U1', 10), person('U2'), click)).toEqual(click)
})

it('leaves room in the log for everything else, however many people there are', () => {
  const many = Array.from({ length: 100 }, (_, index) => person(`U${index}`))

  expect(refusedClick(many.slice(1), person('U0'), click)).toMatchObject({ isLast: true })
  expect(refusedClick(many, person('U200'), click)).toBeUndefined()
})
