import { describe, expect, it } from 'vitest'
import type { RescueEvent } from '../../core/record/events.ts'
import { entriesOf } from '../../test/helpers/thread-events.ts'
import { recordingOf } from './recording.ts'

const show = (scrolled: string[], rows: string[]): RescueEvent => ({ type: 'console', scrolled, rows })

const entries = entriesOf([
  { type: 'phase-began', phase: 'bootloader' },
  show([], ['GNU GRUB', '*Debian']),
  show([], ['Loading Linux', '[ 0.1] a']),
  show(['Loading Linux'], ['[ 0.1] a', '[ 0.2] b\u001b[2J']),
  { type: 'phase-began', phase: 'shell' },
  show(['[ 0.1] a', '[ 0.2] b'], ['# ']),
])

describe('recordingOf', () => {
  it('writes every line once, wiped screens included, with what the rescue did between them', () => {
    const { transcript } = recordingOf('R-1', entries)

    expect(transcript).toContain('GNU GRUB\n*Debian\nLoading Linux\n')
    expect(transcript).toMatch(
      /--- 2026-11-01T03:00:00.000Z bootloader ---[\s\S]*--- 2026-11-01T03:00:04.000Z shell ---/,
    )
    expect(transcript.trimEnd().endsWith('#')).toBe(true)
  })

  it('plays: a header, then frames by their seconds, without control sequences of the machine', () => {
    const [header = '', ...frames] = recordingOf('R-1', entries).cast.trimEnd().split('\n')

    expect(JSON.parse(header)).toMatchObject({ version: 2, width: 80, height: 24, title: 'R-1' })
    expect(frames.map((frame) => JSON.parse(frame)[0])).toEqual([0, 1, 2, 4])
    expect(frames[2]).not.toContain('b\\u001b[2J')
    expect(JSON.parse(frames[0] ?? '')).toEqual([0, 'o', '\u001b[2J\u001b[HGNU GRUB\r\n*Debian'])
  })

  it('plays on a terminal as wide as the screen was, however long a line that went over its rows', () => {
    const menu = show([], Array(31).fill('|'.padEnd(100)))
    const cursor = { row: 0, column: 0, visible: true }
    const picture = { columns: 100, rows: [[{ text: 'GNU GRUB' }]], cursor }
    const saw: RescueEvent = { type: 'saw', state: 'grub-menu', because: 'GNU GRUB', picture }
    const headerOf = (events: readonly RescueEvent[]) =>
      JSON.parse(recordingOf('R-1', entriesOf(events)).cast.split('\n', 1)[0] ?? '')

    expect(headerOf([show([], ['linux '.repeat(100)])])).toMatchObject({ width: 80, height: 24 })
    expect(headerOf([show([], Array(24).fill('x'.repeat(160)))])).toMatchObject({ width: 80, height: 48 })
    expect(headerOf([menu, saw, show([], ['linux '.repeat(100)])])).toMatchObject({ width: 100, height: 31 })
  })

  it('has what was typed, at the time it was typed, whenever the log heard of it', () => {
    const typed: RescueEvent = { type: 'typed', at: '2026-11-01T03:00:01.250Z', keys: 'ls\r' }
    const frames = recordingOf('R-1', [...entries, ...entriesOf([typed])])
      .cast.trimEnd()
      .split('\n')
      .slice(1)

    expect(frames.map((frame) => JSON.parse(frame).slice(0, 2))).toEqual([
      [0, 'o'],
      [0.25, 'i'],
      [1, 'o'],
      [2, 'o'],
      [4, 'o'],
    ])
    expect(JSON.parse(frames[1] ?? '')[2]).toBe('ls\r')
  })

  it('has every line that a person typed, and all that came of it', () => {
    const id = '0123456789abcdef'
    const output = `${'x'.repeat(5000)}\nend\n`
    const { transcript } = recordingOf(
      'R-1',
      entriesOf([
        { type: 'line-sent', line: id, text: 'cat /etc/x' },
        { type: 'interrupt-asked', line: id },
        { type: 'line-answered', line: id, how: 'ended', exitCode: 0, output, isCut: false },
      ]),
    )

    expect(transcript).toContain('U0RIYA typed ---\n\n# cat /etc/x\n')
    expect(transcript).toContain('U0RIYA wants it interrupted ---')
    expect(transcript).toContain(`and said ---\n\n${output}`)
  })

  it('is empty, not broken, when nothing was ever shown', () => {
    expect(recordingOf('R-1', []).cast.split('\n')).toHaveLength(2)
  })
})
