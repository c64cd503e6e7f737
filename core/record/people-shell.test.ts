import { describe, expect, it } from 'vitest'
import { entriesOf, RIYA } from '../../test/helpers/thread-events.ts'
import type { RescueEvent } from './events.ts'
import { ShellLine } from './shell-line.ts'
import { openShell, replay } from './state.ts'

const opened: RescueEvent = { type: 'shell-opened', idleSeconds: 900, lineSeconds: 60 }
const sent = (line: string, text = 'uptime'): RescueEvent => ({ type: 'line-sent', line, text })
const answered = (line: string): RescueEvent => ({
  type: 'line-answered',
  line,
  how: 'ended',
  exitCode: 0,
  output: '',
  isCut: false,
})
const done: RescueEvent = { type: 'shell-closed', why: 'done' }
const state = (...events: RescueEvent[]) => replay(entriesOf([{ type: 'claimed', epoch: 1 }, ...events]))
const [ONE, TWO] = ['0000000000000001', '0000000000000002']

describe('a root shell for people', () => {
  it('has its lines in their order, with who typed them and what came of them', () => {
    const { shell } = state(opened, sent(ONE, 'a'), answered(ONE), sent(TWO, 'b'))

    expect(shell?.lines).toMatchObject([
      { id: ONE, text: 'a', by: RIYA, answer: { exitCode: 0 } },
      { id: TWO, text: 'b', answer: undefined },
    ])
  })

  it.each([
    ['before it is open', [sent(ONE)], undefined],
    ['a second time', [opened, sent(ONE), answered(ONE), sent(ONE)], 1],
    ['while another one runs', [opened, sent(ONE), sent(TWO)], 1],
    ['when it is closed', [opened, done, sent(ONE)], 0],
  ])('takes no line that comes %s', (_, events, lines) => {
    expect(state(...events).shell?.lines.length).toBe(lines)
  })

  it('knows who was the first to want a line interrupted, while it ran', () => {
    const wanted: RescueEvent = { type: 'interrupt-asked', line: ONE }

    expect(state(opened, sent(ONE), wanted, wanted).shell?.lines[0]?.interrupt?.by).toEqual(RIYA)
    expect(state(opened, sent(ONE), answered(ONE), wanted).shell?.lines[0]?.interrupt).toBeUndefined()
    expect(state(opened, sent(ONE), { ...wanted, line: TWO }).shell?.lines[0]?.interrupt).toBeUndefined()
  })

  it('is closed by whoever was first', () => {
    expect(state(opened, done, { type: 'shell-closed', why: 'idle' }).shell?.closed?.why).toBe('done')
  })

  it.each<[string, RescueEvent]>([
    ['somebody stops the rescue', { type: 'stop-requested' }],
    ['another worker takes over', { type: 'claimed', epoch: 2 }],
    ['it is closed', done],
    [
      'the rescue ends',
      { type: 'ended', outcome: 'done', code: 'shell-done', details: {}, machine: 'up', changed: [] },
    ],
  ])('takes nothing more when %s', (_, event) => {
    expect(openShell(state(opened))).toBeDefined()
    expect(openShell(state(opened, event))).toBeUndefined()
  })
})

describe('a line', () => {
  it.each(['ls -la /', 'echo "ü" | wc', 'a'.repeat(2000)])('may be %s', (text) => {
    expect(ShellLine.safeParse(text).success).toBe(true)
  })

  it.each(['', '  ', 'a\nb', 'a\u0003', 'a\u202eb', 'a'.repeat(2001)])('may not be %j', (text) => {
    expect(ShellLine.safeParse(text).success).toBe(false)
  })
})
