import { describe, expect, it } from 'vitest'
import type { Message } from './slack/server/messages.ts'
import { ThreadPrinter } from './thread-printer.ts'

function message(ts: string, blocks: Message['blocks']): Message {
  return { type: 'message', ts, user: 'U1', team: 'T1', text: '', blocks }
}

type Block = NonNullable<Message['blocks']>[number]

function section(text: string): Block {
  return { type: 'section', text: { type: 'mrkdwn', text } }
}

function context(text: string): Block {
  return { type: 'context', elements: [{ type: 'mrkdwn', text }] }
}

describe('the printed thread', () => {
  it('shows a new message whole, as a reader sees it', () => {
    const lines: string[] = []
    const printer = new ThreadPrinter(
      (line) => lines.push(line),
      (user) => ({ U1: 'oci-rescue', U2: 'Ann' })[user] ?? user,
    )

    printer.show(message('1', [section('<@U2> asked, a &lt; b'), context('until <!date^1^{time}|09:00>')]))

    expect(lines).toEqual(['\noci-rescue:', '  @Ann asked, a < b', '  until 09:00'])
  })

  it('shows of an edited message what it never said before, and no small print', () => {
    const lines: string[] = []
    const printer = new ThreadPrinter(
      (line) => lines.push(line),
      (user) => user,
    )
    printer.show(message('1', [section('one\ntwo'), context('09:00')]))
    lines.length = 0

    printer.show(message('1', [section('two\nthree'), context('09:01')]))
    printer.show(message('1', [section('one\nthree'), context('09:02')]))

    expect(lines).toEqual(['  | three'])
  })
})
