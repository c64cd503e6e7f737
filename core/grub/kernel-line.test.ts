import fc from 'fast-check'
import { expect, it } from 'vitest'
import { editKernelLine, isKernelLine } from './kernel-line.ts'

const word = fc.stringMatching(/^[A-Za-z0-9_.,:/=@%+*?!^~()[\]-]{1,30}$/).filter((text) => text !== '--')
const quoted = fc.constantFrom(
  "'a b # c'",
  '"x y; z"',
  'a\\ b',
  '$kernelopts',
  `$\{saved}`,
  'dyndbg="file x +p; file y"',
)
const line = fc
  .tuple(
    fc.constantFrom('linux', 'linux16', 'linuxefi', '        linux'),
    fc.array(fc.oneof(word, quoted), { minLength: 1 }),
  )
  .map(([keyword, words]) => [keyword, '/vmlinuz', ...words].join(' '))
const tokens = fc.array(fc.constantFrom('init=/bin/bash', 'rw', 'loglevel=7', 'console=ttyS0,115200n8'), {
  minLength: 1,
})

it('appends exactly the tokens, whatever the arguments are', () => {
  fc.assert(
    fc.property(line, tokens, (before, wanted) => {
      const { at, insert, after } = editKernelLine(before, wanted)

      expect([at, after]).toEqual([before.length, `${before} ${wanted.join(' ')}`])
      expect(after.slice(0, at) + after.slice(at + insert.length)).toBe(before)
    }),
  )
})

it('inserts before whatever ends the kernel’s arguments, and changes nothing else', () => {
  const end = fc.constantFrom(
    ' -- single',
    ' --',
    ' # rescue',
    '; echo done',
    ' ; boot',
    ' && boot',
    ' \\',
    '   -- a -- b',
  )
  fc.assert(
    fc.property(line, tokens, end, (before, wanted, rest) => {
      expect(editKernelLine(before + rest, wanted).after).toBe(`${before} ${wanted.join(' ')}${rest}`)
    }),
  )
})

it('takes three dashes, and dashes or a hash inside a word, for arguments', () => {
  const before = 'linux /vmlinuz a--b --x --- quiet#1 root=LABEL=x#y'

  expect(editKernelLine(before, ['rw']).after).toBe(`${before} rw`)
})

it('refuses a line whose quotes are not closed', () => {
  expect(() => editKernelLine("linux /vmlinuz dyndbg='file x", ['rw'])).toThrow(/not closed/)
})

it.each(['a b', "it's", '$x', 'a;b', '--', '', 'a\tb', '#x', 'ä'])(
  'refuses the token %j, which GRUB would read otherwise',
  (token) => {
    expect(() => editKernelLine('linux /vmlinuz', [token])).toThrow(/as it is/)
  },
)

it.each(['initrd /x', 'linux', 'linuxrc /x', 'linux_loader /x', 'echo linux /x', 'setparams linux'])(
  'takes %j for no kernel line',
  (text) => {
    expect(isKernelLine(text)).toBe(false)
  },
)
