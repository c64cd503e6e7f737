import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addKey, onlyKey } from './authorized-keys.ts'

/** A line that reads as an Ed25519 key; which one depends on `seed` alone. */
function key(seed: string, comment = seed): string {
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes])
  const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(createHash('sha256').update(seed).digest())])
  return `ssh-ed25519 ${blob.toString('base64')} ${comment}`
}

const present = fc.oneof(
  fc.constantFrom('', '# old ones', 'not a key', '\t', 'ssh-rsa oops'),
  fc.integer({ min: 0, max: 9 }).map((seed) => key(`${seed}`)),
  fc.integer({ min: 0, max: 9 }).map((seed) => `command="echo \\"hi\\"",no-pty ${key(`${seed}`)}`),
)
const file = fc.tuple(fc.array(present), fc.boolean()).map(([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''))

describe('addKey', () => {
  it('puts the key below what is there, on a line of its own', () => {
    expect(addKey('', key('new'))).toBe(`${key('new')}\n`)
    expect(addKey(`# mine\n${key('a')}`, key('new'))).toBe(`# mine\n${key('a')}\n${key('new')}\n`)
    expect(addKey(`${key('a')}\r\n`, key('new'))).toBe(`${key('a')}\r\n${key('new')}\n`)
  })

  it('leaves the text as it is when the key is there, under whatever comment', () => {
    const text = `${key('a')}\n  ${key('new', 'ann@old-laptop')}\n${key('b')}`

    expect(addKey(text, key('new'))).toBe(text)
  })

  it('frees the key of its options, which would otherwise win', () => {
    const text = `# root\nno-pty,command="echo 'Please login as opc'" ${key('new')}\n${key('b')}\n`

    expect(addKey(text, key('new'))).toBe(`# root\n${key('new')}\n${key('b')}\n`)
  })

  it('does not take a certificate authority for a key to log in with', () => {
    expect(addKey(`cert-authority ${key('new')}\n`, key('new'))).toBe(`cert-authority ${key('new')}\n${key('new')}\n`)
  })

  it('always has the key without options afterwards, loses no other line, and changes nothing the second time', () => {
    fc.assert(
      fc.property(file, fc.integer({ min: 0, max: 9 }), (text, seed) => {
        const line = key(`${seed}`)
        const once = addKey(text, line)

        expect(once.split('\n')).toContain(line)
        const kept = text.split('\n').filter((each) => each !== '' && !each.endsWith(line))
        expect(once.split('\n').filter((each) => each !== '' && !each.endsWith(line))).toEqual(kept)
        expect(addKey(once, line)).toBe(once)
      }),
    )
  })
})

it('onlyKey is that key and a newline', () => {
  expect(onlyKey(key('new'))).toBe(`${key('new')}\n`)
})
