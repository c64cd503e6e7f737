import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean, cleanLines, clip, mentionUser, moment, plain, readable, say } from './text.ts'

describe('say', () => {
  it('takes away what names could do in Slack', () => {
    expect(say('On {name}.', { name: '<!channel> <@U1> & `x`' })).toBe("On &lt;!channel&gt; &lt;@U1&gt; &amp; 'x'.")
  })

  it('keeps what was made here as markup', () => {
    expect(say('By {person}.', { person: mentionUser('U0ABC') })).toBe('By <@U0ABC>.')
  })

  it('never lets a name begin a line, a mention or a date of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const said = say('{name}', { name })
        expect(said).not.toMatch(/[<>\n\r]/)
        expect(said.length).toBeLessThanOrEqual(200 * '&amp;'.length)
      }),
    )
  })
})

describe('plain', () => {
  it('shows the three characters as they are, for nothing is markup there', () => {
    expect(plain('{name}', { name: 'a<b>&c' })).toBe('a<b>&c')
  })
})

describe('clean', () => {
  it('takes away controls, bidi marks and what has no width', () => {
    expect(clean('a\u202eb\u200bc\u001b[31md\ne')).toBe('abc[31md e')
  })
})

describe('cleanLines', () => {
  it('keeps lines and tabs', () => {
    expect(cleanLines('a\tb\r\nc\u0007\u2066d')).toBe('a\tb\ncd')
  })
})

describe('clip', () => {
  it('does not cut a character in half', () => {
    expect(clip('ab😀cd', 4)).toBe('ab…')
    expect(clip('abcd', 4)).toBe('abcd')
  })
})

describe('mentionUser', () => {
  it('links only what can be an id of Slack', () => {
    expect(mentionUser('U1> <!here').mrkdwn).toBe('U1&gt; &lt;!here')
  })
})

describe('moment', () => {
  it('is shown in the time zone of the reader, with one that everybody knows beside it', () => {
    expect(moment('2026-11-01T03:04:05.000Z').mrkdwn).toBe(
      '<!date^1793502245^{date_short_pretty} {time}|on 2026-11-01 03:04 UTC>',
    )
  })
})

describe('readable', () => {
  it.each([
    ['<@U0RIYA> and <@U0RIYA|riya>', '@U0RIYA and @riya'],
    ['<#C0OPS|ops> <#C0OPS|> <#C0OPS>', '#ops #C0OPS #C0OPS'],
    ['<!here> <!channel|channel> <!everyone>', '@here @channel @everyone'],
    ['<!subteam^S0ABC|@oncall> <!subteam^S0ABC>', '@oncall @S0ABC'],
    ['<!date^1793502245^{date_short}|Nov 1>', 'Nov 1'],
    ['see <https://example.com/a?b=1&amp;c=2|the alarm>', 'see the alarm (https://example.com/a?b=1&c=2)'],
    ['<https://example.com/a> <http://web-1.example.com|web-1.example.com>', 'https://example.com/a web-1.example.com'],
    [
      '<mailto:riya@example.com|riya@example.com> <mailto:riya@example.com|Riya>',
      'riya@example.com Riya (riya@example.com)',
    ],
    ['a &lt;b&gt; &amp;amp; c &lt;@U0RIYA&gt;', 'a <b> &amp; c <@U0RIYA>'],
    ['nothing to see', 'nothing to see'],
  ])('%s', (typed, text) => {
    expect(readable(typed)).toBe(text)
  })

  it('leaves nothing that Slack would take for a mark, once it is said again', () => {
    const marks = fc.array(
      fc.constantFrom('<', '>', '|', '@U0ABC', '#C0', '!here', '&lt;', '&gt;', '&amp;', 'a ', 'https://b'),
    )
    fc.assert(
      fc.property(marks, (parts) => {
        expect(say('{why}', { why: readable(parts.join('')) })).not.toMatch(/[<>]/)
      }),
    )
  })
})
