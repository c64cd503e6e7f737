/** Time may pass while people are waited for, and not while a machine is at work. */
import { expect, it } from 'vitest'
import { isAtWork } from './at-work.ts'

const began = (phase: string) => ({ type: 'phase-began', phase })
const REQUESTED = [{ type: 'requested' }]
const AT_GATE_2 = [...REQUESTED, began('look'), began('gate-2'), { type: 'gate-opened', gate: 2 }]
const SHELL = [...REQUESTED, began('shell'), { type: 'shell-opened' }]

it.each([
  ['asked for, and in no hands yet', REQUESTED, false],
  ['claimed and looking for its instance', [...REQUESTED, { type: 'claimed' }, began('find')], true],
  ['asking which instance is meant', [...REQUESTED, began('find'), { type: 'choice-offered' }], false],
  ['at a gate', [...AT_GATE_2, { type: 'terms-set' }, { type: 'approved' }, { type: 'refused-click' }], false],
  ['at a gate with another worker', [...AT_GATE_2, { type: 'claimed' }], false],
  ['past a gate that has just expired', [...AT_GATE_2, { type: 'decided', decision: 'expired' }], true],
  ['booting the machine', [...AT_GATE_2, { type: 'decided' }, began('boot'), { type: 'console' }], true],
  ['asking for a password', [...REQUESTED, began('bootloader'), { type: 'asked' }, { type: 'console' }], false],
  ['typing that password', [...REQUESTED, began('bootloader'), { type: 'asked' }, { type: 'answered' }], true],
  ['a shell that nobody types into', SHELL, false],
  ['a shell that runs a line', [...SHELL, { type: 'line-sent' }], true],
  [
    'a shell that has one more line to run',
    [...SHELL, { type: 'line-sent' }, { type: 'line-sent' }, { type: 'line-answered' }],
    true,
  ],
  ['a shell that has run its line', [...SHELL, { type: 'line-sent' }, { type: 'line-answered' }], false],
  ['lending a console', [...REQUESTED, began('connect'), { type: 'console-handed-out' }, began('handed-out')], false],
  ['being stopped', [...AT_GATE_2, { type: 'stop-requested' }], true],
])('tells of a rescue that is %s whether it is at work', (_, events, expected) => {
  expect(isAtWork(events.map((event) => ({ event })))).toBe(expected)
})
