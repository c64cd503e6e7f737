import { describe, expect, it } from 'vitest'
import { catalogues } from '../../core/i18n/catalogue.ts'
import { checkView } from '../../deploy/local/slack/server/check-blocks.ts'
import { wordsOf } from '../../test/helpers/words.ts'
import { grubPasswordForm, readGrubPasswordForm } from './grub-password-form.ts'

const { en } = catalogues
const reference = { rescue: 'R-ABC123', ask: '0123456789abcdef', channel: 'C0OPS', message: '1700000000.000100' }

/** What Slack sends back for the form; without a user name, as GRUB legacy's form has none. */
function submitted(username: string | null | undefined, password: string | null) {
  const { private_metadata } = grubPasswordForm(en, reference, 'grub-password')
  const user = username === undefined ? {} : { username: { username: { type: 'plain_text_input', value: username } } }
  const values = { ...user, password: { password: { type: 'plain_text_input', value: password } } }
  return { id: 'V1', private_metadata, state: { values } }
}

describe('grubPasswordForm', () => {
  it.each(['grub-password', 'grub-legacy-password'] as const)('is one that Slack takes: %s', (what) => {
    const form = grubPasswordForm(en, reference, what)

    expect(() => checkView(form, () => false)).not.toThrow()
    expect(wordsOf(form.blocks.filter(({ type }) => type === 'context'))).toMatch(/can be read on your screen.*no log/)
  })

  it('asks for a user name only where GRUB does', () => {
    const inputs = (what: 'grub-password' | 'grub-legacy-password') =>
      grubPasswordForm(en, reference, what).blocks.flatMap(({ block_id }) => block_id ?? [])

    expect(inputs('grub-password')).toEqual(['username', 'password'])
    expect(inputs('grub-legacy-password')).toEqual(['password'])
  })
})

describe('readGrubPasswordForm', () => {
  it('reads what was filled in; blanks may be part of a password, not of a name', () => {
    expect(readGrubPasswordForm(en, submitted(' root ', ' pass word '))).toEqual({
      kind: 'good',
      reference,
      credentials: { username: 'root', password: ' pass word ' },
    })
    expect(readGrubPasswordForm(en, submitted(undefined, 'x'))).toMatchObject({
      credentials: { username: '', password: 'x' },
    })
  })

  it.each([
    ['no name', '', 'x', ['username']],
    ['a name that was left empty', null, 'x', ['username']],
    ['a name of two words', 'ro ot', 'x', ['username']],
    ['a name that GRUB would split', 'root,grub', 'x', ['username']],
    ['a name that no keyboard of GRUB has', 'jürgen', 'x', ['username']],
    ['no password', 'root', null, ['password']],
    ['a password with a line break', 'root', 'a\nb', ['password']],
    ['a password with an Escape', 'root', 'a\u001bb', ['password']],
    ['a password that no keyboard of GRUB has', 'root', 'schlüssel', ['password']],
    ['a password that is too long', 'root', 'x'.repeat(257), ['password']],
    ['nothing that is right', 'a b', '\t', ['username', 'password']],
  ] as const)('says beside the input what is wrong with %s, and quotes none of it', (_, username, password, inputs) => {
    const read = readGrubPasswordForm(en, submitted(username, password))

    expect(read.kind === 'bad' && Object.keys(read.errors)).toEqual(inputs)
    expect(JSON.stringify(read)).not.toMatch(/jürgen|schlüssel|ro ot|xxx/)
  })

  it('does not read a form that names no question of ours', () => {
    const forged = { ...submitted('root', 'x'), private_metadata: JSON.stringify({ ...reference, ask: '../x' }) }

    expect(() => readGrubPasswordForm(en, forged)).toThrow('ask')
  })
})
