import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTyped, readRequest, wordsIn } from './read-request.ts'

describe('words', () => {
  it('with blanks in them stand in quotation marks, straight or curly', () => {
    expect(wordsIn(' "Mail Server"  fsck “/mnt/my disk” ')).toEqual(['Mail Server', 'fsck', '/mnt/my disk'])
  })

  it('are the same when they are typed again', () => {
    const word = fc.string({ unit: fc.constantFrom('a', '-', '/', ' ', 'ü') })
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(wordsIn(asTyped(words))).toEqual(words)
      }),
    )
  })
})

describe('a request', () => {
  it.each([
    ['unlock', [], { name: 'unlock', user: 'opc' }],
    ['reboot', ['--HARD'], { name: 'reboot', how: 'hard' }],
    ['reboot', [], { name: 'reboot', how: 'graceful' }],
    ['edit', ['/etc/my', 'file'], { name: 'edit', path: '/etc/my file' }],
    ['fsck', ['/dev/sdb1', '/var'], { name: 'fsck', only: ['/dev/sdb1', '/var'] }],
  ] as const)('for %s %j', (name, words, request) => {
    expect(readRequest(name, words)).toEqual(request)
  })

  it.each([
    ['unlock', ['0day;reboot']],
    ['unlock', ['opc', 'now']],
    ['reboot', ['fast']],
    ['edit', []],
    ['edit', ['/etc/../root']],
    ['fsck', Array.from({ length: 9 }, (_, n) => `/dev/sd${n}`)],
    ['sudoers', ['now']],
    ['replace-key', ['opc']],
  ] as const)('is none for %s %j', (name, words) => {
    expect(readRequest(name, words)).toBeUndefined()
  })
})
