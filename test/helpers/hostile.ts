/** What people and machines have put into names, comments and consoles, and worse: for properties of what is made of it. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import type { Change } from '../../core/record/changes.ts'
import { sumOf } from '../../core/record/file-text.ts'
import { mask } from '../../core/record/masking.ts'
import { because, type Reason } from '../../core/record/reasons.ts'
import { LONGEST_LINE } from '../../core/record/shell-line.ts'
import { makePublicKey } from './public-keys.ts'

/** Nobody in here has a part in anything. */
const MARKUP = [
  '<!channel>',
  '<!here|x>',
  '<@U0ADMIN>',
  '<!subteam^S0ADMIN>',
  '<https://evil.example|web-1>',
  '&lt;',
  '&',
]
const ODD = [
  '```',
  '`',
  '',
  ' ',
  '\n',
  '\u0000',
  '\u202egnp.exe',
  '\u200b',
  '\u001b[2J\u001b]0;x\u0007',
  '\ud83d',
  '{user}',
]
const LONG = ['😀'.repeat(400), '&'.repeat(3000), '<'.repeat(700), 'a'.repeat(100_000), '<@U0ADMIN> '.repeat(90)]

export const nasty = fc.oneof(
  fc.constantFrom(...MARKUP, ...ODD, ...LONG, '*Approved by* you\n_really_', '> quoted', '$&', 'constructor'),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom(...MARKUP, ...ODD, 'x'), { minLength: 2, maxLength: 200 }).map((parts) => parts.join('')),
)

export const publicKey = makePublicKey('x')

const random = (bytes: number) => randomBytes(bytes).toString('hex')

/** Lines that tell something which must never reach a chat. */
const tellingLine = fc.constantFrom(
  `mysql --user=root --password=${random(8)}`,
  `curl -H 'Authorization: Bearer ${random(16)}' https://x.example`,
  `https://backup:${random(8)}@store.example/x`,
  `opc:$6$${random(8)}$${random(32)}:19000:0:99999:7:::`,
  `token: xoxb-${random(8)}`,
)

/** As a worker logs it, which hides what tells too much. */
const masked = (rows: readonly string[]) => mask(rows.join('\n')).split('\n')

export const hostile = fc.record({
  target: nasty,
  name: nasty,
  comment: nasty,
  line: nasty,
  path: nasty,
  /** Of a console. */
  rows: fc.array(fc.oneof({ weight: 3, arbitrary: nasty }, tellingLine), { maxLength: 40 }).map(masked),
  /** Lines of a file. */
  file: fc.array(
    fc.oneof(
      nasty,
      fc.constant(publicKey.line),
      nasty.map((comment) => `${publicKey.line} ${comment}`),
      nasty.map((option) => `command="${option}" ${publicKey.line}`),
    ),
    { maxLength: 60 },
  ),
  code: nasty,
  details: fc.dictionary(
    fc.constantFrom('user', 'instance', 'reason', 'message', 'by', 'saw', 'inDoubt', 'device', 'mount', 'unit'),
    nasty,
  ),
  typed: fc.oneof(nasty, tellingLine).map(typeable),
  /** The number of one of several ways. */
  which: fc.nat({ max: 1000 }),
  /** So far has it come. */
  until: fc.nat({ max: 1000 }),
  isSo: fc.boolean(),
})
export type Hostile = typeof hostile extends fc.Arbitrary<infer Facts> ? Facts : never

/** For examples, of which one thing is odd. */
export const TAME: Hostile = {
  ...{ target: 'web-1', name: 'web-1', comment: 'x', line: 'x', path: '/etc/fstab', rows: ['x'], file: ['x'] },
  ...{ code: 'unexpected', details: {}, typed: 'uptime', which: 0, until: 1000, isSo: true },
}
/** What of it can be a path from `/`. */
export function pathOf(words: string): string {
  return `/${words.replaceAll(/[/\p{C}\p{Zl}\p{Zp}]/gu, '').slice(0, 1000)}x`
}

/** What of it a form for one line takes. */
function typeable(text: string): string {
  const seen = text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').slice(0, LONGEST_LINE)
  const whole = seen.replace(/\p{Cs}$/u, '')
  return whole.trim() === '' ? 'true' : whole
}

const owner = { uid: 0, gid: 0 }
const [before, after] = [
  { mode: '0666', owner },
  { mode: '0600', owner },
]

/** One of each kind, with words that may be anything; what one is made for is among them. */
export function hostileChanges(words: string): readonly Change[] {
  const sha256 = 'a'.repeat(64)
  return [
    { kind: 'ensure-directory', path: words, before, after, ...why(words) },
    { kind: 'ensure-directory', path: words, before: null, after, ...why(words) },
    { kind: 'set-attributes', path: words, before, after, ...why(words) },
    { kind: 'move-aside', path: words, sha256, backup: words, ...why(words) },
    { kind: 'move-aside', path: `${words}.old`, sha256, backup: words, ...why(words) },
    { kind: 'set-password', path: '/etc/shadow', user: words, sha256, backup: words, ...why(words) },
    { kind: 'set-password', path: '/etc/shadow', user: words, sha256, backup: words, from: words, ...why(words) },
    {
      ...{ kind: 'run', command: [words, words], succeeds: [0], destructive: true, device: words, evidence: words },
      ...{ undo: [words], ...why(words) },
    },
    {
      ...{ kind: 'replace-file', path: words, before: words, after: `${words}\n${words}`, backup: null },
      ...{ ...after, ...why(words) },
    },
    {
      ...{ kind: 'replace-long-file', path: words, before: sumOf(words), after: sumOf(`${words}\n`), backup: words },
      ...{ from: words, ...after, ...why(words) },
    },
  ]
}

function why(words: string): { readonly why: Reason[] } {
  const known = because('takes-back', { command: words, rescue: words })
  return { why: [{ code: words, details: {} }, ...Array(10).fill(known)] }
}
