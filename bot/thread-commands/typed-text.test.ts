import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeMessageText } from '../../deploy/local/slack/server/escape.ts'
import { readTyped } from './typed-text.ts'

describe('what was typed', () => {
  it.each([
    ['cat &lt;/etc/fstab &gt;&gt;/tmp/x &amp;&amp; echo "a"', 'cat </etc/fstab >>/tmp/x && echo "a"'],
    ['echo &amp;lt;', 'echo &lt;'],
    ['curl <http://example.com/a?b=1&amp;c=2>', 'curl http://example.com/a?b=1&c=2'],
    ['ping <http://example.com|example.com>', 'ping example.com'],
    ['mail <mailto:opc@example.com|opc@example.com>', 'mail opc@example.com'],
    ['echo <mailto:opc@example.com>', 'echo mailto:opc@example.com'],
    ['grep <#C0OPS|ops> /etc/motd', 'grep #ops /etc/motd'],
    ['echo <@U0ANAND|anand> <!here> <!subteam^S0A|@rescue>', 'echo @anand @here @rescue'],
    ['echo \u201ca b\u201d \u2018c\u2019', 'echo "a b" \'c\''],
    ['ls \u2014all', 'ls --all'],
    ['ls\u00a0-l', 'ls -l'],
    ['echo *bold* _x_ ~y~', 'echo *bold* _x_ ~y~'],
  ])('is found again in %j', (stored, text) => {
    expect(readTyped(stored)).toEqual({ kind: 'typed', text })
  })

  it.each([
    ['`echo “a” — &lt;b&gt; &amp;`', 'echo “a” — <b> &'],
    ['```echo `date` &gt;x```', 'echo `date` >x'],
    ['```\ndf -h\n```', 'df -h'],
  ])('is taken literally from a code span: %j', (stored, text) => {
    expect(readTyped(stored)).toEqual({ kind: 'typed', text })
  })

  it.each([
    ['rm `cat list`', '`cat list`'],
    ['`rm` `x`', '`rm`'],
    ['echo "`"', '`"'],
    ['ls \u2013a', '\u2013'],
    ['echo <@U0ANAND>', '<@U0ANAND>'],
    ['echo <#C0OPS>', '<#C0OPS>'],
    ['echo <!subteam^S0A>', '<!subteam^S0A>'],
    ['curl <http://evil.example|example.com>', 'example.com'],
    ['echo <!date^1^{time}|then>', 'then'],
  ])('is not guessed where it could be several things: %j', (stored, part) => {
    expect(readTyped(stored)).toEqual({ kind: 'unclear', part })
  })

  it('comes back whatever ASCII it was, or is called unclear', () => {
    const line = fc.string({ unit: fc.constantFrom(...'ab .&<>|@#!:/;\'"$-_*~()=http://x.com'), maxLength: 60 })
    fc.assert(
      fc.property(line, (typed) => {
        const read = readTyped(escapeMessageText(typed))
        expect(read).toEqual({ kind: 'typed', text: typed.trim() })
      }),
    )
  })

  it('comes back literally from a code block, whatever it was', () => {
    const line = fc.string({ unit: fc.constantFrom(...'ab .&<>|“”—–@http://x.com`'), maxLength: 40 })
    fc.assert(
      fc.property(line, (typed) => {
        fc.pre(!/``/.test(typed) && !typed.startsWith('`') && !typed.endsWith('`'))
        expect(readTyped(escapeMessageText(`\`\`\`${typed}\`\`\``))).toEqual({ kind: 'typed', text: typed.trim() })
      }),
    )
  })
})
