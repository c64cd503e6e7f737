import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MASK } from './masking.ts'
import { ToldSecrets } from './told-secrets.ts'

function told(username: string, password: string): ToldSecrets {
  const secrets = new ToldSecrets()
  secrets.keep({ username, password })
  return secrets
}

it('hides what the rules know before anybody has told it anything', () => {
  expect(new ToldSecrets().mask('token=abc hunter2')).toBe(`token=${MASK} hunter2`)
})

it('hides a password wherever it stands', () => {
  expect(told('root', 'tr0ub4dor').mask('login: xtr0ub4dory\ntr0ub4dor')).toBe(`login: x${MASK}y\n${MASK}`)
})

it('takes a password literally, whatever it is made of', () => {
  expect(told('root', '$&.*[x]').mask('a $&.*[x] b')).toBe(`a ${MASK} b`)
})

it('hides a user name where somebody typed it, and leaves the words alone that it is a part of', () => {
  const screen = 'Enter username:\nroot\nlinux /vmlinuz root=UUID=1f2e ro\nweb-1 login: root  \nchroot\n/dev/vg-root'

  expect(told('root', 'tr0ub4dor').mask(screen)).toBe(
    `Enter username:\n${MASK}\nlinux /vmlinuz root=UUID=1f2e ro\nweb-1 login: ${MASK}  \nchroot\n/dev/vg-root`,
  )
})

it('hides a very short password only where it can have been typed', () => {
  expect(told('root', 'ab').mask('about\nPassword: ab\ncab')).toBe(`about\nPassword: ${MASK}\ncab`)
})

it('hides all that were told, the longer ones first', () => {
  const secrets = told('one', 'hunter2')
  secrets.keep({ username: 'two', password: 'hunter22' })

  expect(secrets.mask('hunter22 hunter2 \none\ntwo')).toBe(`${MASK} ${MASK} \n${MASK}\n${MASK}`)
})

it('keeps the number of lines, and lets no password through', () => {
  const password = fc
    .string({ unit: 'grapheme-ascii', minLength: 4, maxLength: 12 })
    .filter((one) => !MASK.includes(one))
  fc.assert(
    fc.property(password, fc.array(fc.string({ unit: 'grapheme-ascii' })), fc.nat(), (secret, lines, at) => {
      const text = lines.toSpliced(at % (lines.length + 1), 0, `x${secret}y`).join('\n')

      const masked = told('root', secret).mask(text)

      expect(masked.split('\n')).toHaveLength(text.split('\n').length)
      expect(masked).not.toContain(secret)
    }),
  )
})
