import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean, cleanLines, clip, isMarked, mentionUser, moment, plain, readable, say, visible } from './text.ts'

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

describe('visible', () => {
  it.each([
    ['what has no width', 'a\u200bb\u2060c\u00ad', 'a<U+200B>b<U+2060>c<U+00AD>'],
    ['what turns the direction of writing', 'if \u202e} x\u2066', 'if <U+202E>} x<U+2066>'],
    ['marks at the beginning, and tags', '\ufeffa\u{e0041}', '<U+FEFF>a<U+E0041>'],
    ['fillers and blank patterns', '\u3164\u2800\u180e', '<U+3164><U+2800><U+180E>'],
    ['controls and lone surrogates', '\u001b[31m\ud800', '<U+001B>[31m<U+D800>'],
    ['blanks that are none to a shell', 'a\u00a0b\u3000c\u2028', 'a<U+00A0>b<U+3000>c<U+2028>'],
    ['blanks and line ends at the end', 'a  ', 'a <U+0020>'],
    ['the end of a line of Windows', 'a\r', 'a<U+000D>'],
    ['text that looks like a mark', 'a<U+200B>', 'a<U+003C>U+200B>'],
    ['the joints of an emoji', '\u{1f469}\u200d\u{1f4bb}', '\u{1f469}<U+200D>\u{1f4bb}'],
  ])('writes out %s', (_, line, shown) => {
    expect(visible(line)).toBe(shown)
    expect(isMarked(visible(line))).toBe(true)
  })

  it.each([
    '設定ファイル「ｶﾞ」、が と か\u3099。',
    'café naïve e\u0301',
    '\u{1f468}\u{1f3fd} \u{1f1ef}\u{1f1f5}',
    '\ta  b <U+> <u+200b> if a < b',
    'שלום مرحبا',
  ])('leaves what is seen: %j', (line) => {
    expect(visible(line)).toBe(line)
    expect(isMarked(line)).toBe(false)
  })

  it('never makes two lines alike, and leaves nothing that is taken away later', () => {
    const unit = fc.constantFrom(
      ...'a<U+20B>',
      ' ',
      '\t',
      '\r',
      '\u200b',
      '\u202e',
      '\u00a0',
      '\u3000',
      '\ud83d',
      '\udc69',
    )
    const line = fc.oneof(fc.string({ unit, maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 8 }))
    fc.assert(
      fc.property(line, line, (one, other) => {
        expect(visible(one) === visible(other)).toBe(one === other)
        expect(cleanLines(visible(one))).toBe(visible(one))
      }),
      { numRuns: 2000 },
    )
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
      '<!date^1793502245^{date_short_pretty} {time}|2026-11-01 03:04 UTC>',
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
