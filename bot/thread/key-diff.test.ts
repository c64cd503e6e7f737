import { describe, expect, it } from 'vitest'
import { catalogues } from '../../core/i18n/catalogue.ts'
import { makePublicKey } from '../../test/helpers/public-keys.ts'
import { diffLines, isKeyDiffCut, keyDiff } from './key-diff.ts'

const { en } = catalogues
const old = makePublicKey('old@laptop')
const added = makePublicKey('new@laptop')
const kept = makePublicKey('')

describe('keyDiff', () => {
  it('shows keys by type, comment and fingerprint, never by their base64', () => {
    const diff = keyDiff(
      en,
      `# by cloud-init\n${old.line}\nno-pty,command="ls -l" ${kept.line}\n`,
      `no-pty,command="ls -l" ${kept.line}\n${added.line}\n`,
    )

    expect(diff).toBe(
      [
        '- removed  ssh-ed25519  old@laptop',
        `           ${old.fingerprint}`,
        '+ added    ssh-ed25519  new@laptop',
        `           ${added.fingerprint}`,
        '  kept     ssh-ed25519  (no comment)  options: no-pty,command="ls -l"',
        `           ${kept.fingerprint}`,
        '- removed  1 comment line',
      ].join('\n'),
    )
    expect(diff).not.toContain('AAAA')
  })

  it('does not quote a line that is no key: it may be a secret', () => {
    expect(keyDiff(en, 'hunter2hunter2\n', '')).toBe('- removed  a line that is not a key (14 characters)')
  })

  it('shows what is not seen in a comment, and takes no odd blank for one of sshd', () => {
    const [type = '', base64 = ''] = kept.line.split(' ')

    const diff = keyDiff(en, `${type} ${base64} riya\n`, `${type} ${base64} ri\u200bya\n`)
    expect(diff).toContain('riya')
    expect(diff).toContain('ri<U+200B>ya')

    expect(keyDiff(en, `${kept.line}\n`, `\u00a0${kept.line}\n`)).toContain('a line that is not a key')
  })

  it('says how many keys it left out', () => {
    const many = Array.from({ length: 30 }, (_, index) => makePublicKey(`key-${index}`).line).join('\n')

    const room = { keys: 20, options: 60 }
    expect(keyDiff(en, '', many, room)).toMatch(/… and 10 more lines$/)
    expect(isKeyDiffCut('', many, room)).toBe(true)
    expect(isKeyDiffCut('', many, { ...room, keys: 30 })).toBe(false)
  })

  it('tells two lines with the same key apart by what it is bound to', () => {
    const diff = keyDiff(en, `from="10.0.0.0/8" ${kept.line}\n`, `${kept.line}\n`)

    expect(diff).toContain('- removed  ssh-ed25519  (no comment)  options: from="10.0.0.0/8"\n')
    expect(diff).toContain('+ added    ssh-ed25519  (no comment)\n')
  })

  it('cuts options to their room, which counts where a key does not stay', () => {
    const long = `command="${'x'.repeat(300)}" ${kept.line}\n`
    const room = { keys: 20, options: 60 }

    expect(keyDiff(en, long, '', room)).toMatch(/ {2}options: command="x{50}…\n/)
    expect(keyDiff(en, long, '')).toContain(`command="${'x'.repeat(300)}"`)
    expect(isKeyDiffCut(long, '', room)).toBe(true)
    expect(isKeyDiffCut(long, long, room)).toBe(false)
  })

  it('masks what looks like a secret in options, and shows what is not seen in them', () => {
    const diff = keyDiff(en, `environment="API_TOKEN=hunter2",tunnel="\u200b1" ${kept.line}\n`, '')

    expect(diff).not.toContain('hunter2')
    expect(diff).toContain('tunnel="<U+200B>1"')
  })
})

describe('diffLines', () => {
  it('counts lines that stand there twice', () => {
    expect(diffLines('a\na\nb\n', 'a\nc\n')).toEqual([
      { fate: 'kept', line: 'a' },
      { fate: 'removed', line: 'a' },
      { fate: 'removed', line: 'b' },
      { fate: 'added', line: 'c' },
    ])
  })

  it('does not take a line end that is missing for a change', () => {
    expect(diffLines('a', 'a\n')).toEqual([{ fate: 'kept', line: 'a' }])
  })
})
