/** Every rule catches what it is for, and lets pass what looks like it and is none. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { call, connect, plainText, testManifest } from './bare-app.ts'
import { startSlack } from './start.ts'
import { validate, validateFile, validateResponse, validateView } from './validate.ts'

const CHANNEL = 'C0OPSRESCUE'
const around = { pictureExists: () => true, mayMention: (id: string) => id === 'U0RIYA' }
const mrkdwn = (text: string) => [{ type: 'section', text: { type: 'mrkdwn', text } }]
const post = (more: object) => validate('chat.postMessage', { channel: CHANNEL, text: 'a text', ...more }, around)
const codes = (more: object) => post(more).map(({ code }) => code)

it.each([
  ['a mention of somebody with a part in it', '<@U0RIYA> asked'],
  ['escaped characters', 'a &amp;&amp; b &lt;@U0EVIL&gt; &lt;!channel&gt;'],
  ['a link and a date', '<https://x.example/a?b=1|here>, <!date^1700000000^{time}|then>'],
  ['a quotation', '> said\n>>> and more'],
  ['a masked password', 'mysql --password=•••••• password=**** PASSWORD=$SECRET'],
  ['a prompt for a password', 'Password: \nEnter passphrase for key:'],
])('takes %s', (_, text) => {
  expect(post({ text, blocks: mrkdwn(text) })).toEqual([])
})

it.each([
  ['<!channel>', 'live_mention'],
  ['<!here|@here>', 'live_mention'],
  ['<!everyone>', 'live_mention'],
  ['<!subteam^S0EVIL>', 'live_mention'],
  ['<@U0EVIL>', 'live_mention'],
  ['<@U0RIYA|somebody else>', 'live_mention'],
  ['<#C0OTHER>', 'live_mention'],
  ['<script>', 'unescaped'],
  ['<javascript:alert(1)|x>', 'unescaped'],
  ['a < b', 'unescaped'],
  ['cat x > y', 'unescaped'],
  ['a && b', 'unescaped'],
  ['&nbsp;', 'unescaped'],
])('finds %s in the text and in blocks', (text, code) => {
  expect(post({ text })).toMatchObject([{ pointer: '/text', code }])
  expect(post({ blocks: JSON.stringify(mrkdwn(text)) })).toMatchObject([{ pointer: '/blocks/0/text/text', code }])
})

it('takes plain text and rich text literally, but not the elements of rich text that ring', () => {
  const rich = (...elements: object[]) => [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }]
  expect(codes({ blocks: [{ type: 'header', text: plainText('<!channel> & <b>') }] })).toEqual([])
  expect(codes({ blocks: rich({ type: 'text', text: '<!channel> a && b' }) })).toEqual([])
  expect(codes({ blocks: rich({ type: 'user', user_id: 'U0RIYA' }) })).toEqual([])
  expect(codes({ blocks: rich({ type: 'user', user_id: 'U0EVIL' }) })).toEqual(['live_mention'])
  expect(codes({ blocks: rich({ type: 'broadcast', range: 'here' }) })).toEqual(['live_mention'])
  expect(codes({ link_names: 'true' })).toEqual(['live_mention'])
  expect(codes({ parse: 'full' })).toEqual(['live_mention'])
})

it('finds secrets wherever they stand, and does not repeat them', () => {
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const word = randomBytes(18).toString('hex')
  const secrets = [
    privateKey,
    privateKey.replaceAll('\n', '\\n'),
    `Authorization: Bearer ${word}`,
    `xoxb-${word}`,
    `DB_PASSWORD=${word}`,
    `postgres://app:${word}@db/x`,
    `root:$6$${word.slice(0, 8)}$${word}:19000`,
  ]
  for (const secret of secrets) {
    const blocks = [
      { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: secret }] }] },
    ]
    const found = post({ blocks })
    expect(found, secret).toMatchObject([{ code: 'secret', pointer: '/blocks/0/elements/0/elements/0/text' }])
    expect(JSON.stringify(found)).not.toContain(word)
    expect(validateFile(Buffer.from(`line\n${secret}\n`))).toHaveLength(1)
    expect(codes({ metadata: { event_type: 'x', event_payload: { note: secret } } })).toEqual(['secret'])
  }
  expect(validate('auth.test', { token: `xoxb-${word}` })).toEqual([])
})

it('finds what is missing, too long and in the wrong place', () => {
  expect(validate('chat.postMessage', { text: 'x' })).toMatchObject([{ pointer: '', message: /channel/ }])
  expect(codes({ text: ' ', blocks: mrkdwn('x') })).toEqual(['no_text'])
  expect(post({ text: 'x'.repeat(4001) })).toMatchObject([{ code: 'msg_too_long', constraint: 4000 }])
  expect(codes({ blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) })).toEqual(['too_big'])
  expect(codes({ blocks: Array.from({ length: 4 }, () => mrkdwn('x'.repeat(2900))).flat() })).toEqual([
    'msg_blocks_too_long',
  ])
  const picker = { type: 'input', label: plainText('File'), element: { type: 'file_input', action_id: 'f' } }
  expect(post({ blocks: [picker] })).toMatchObject([{ pointer: '/blocks/0/element/type' }])
  const view = { type: 'modal', title: plainText('x'), submit: plainText('Go'), blocks: [picker] }
  expect(validateView(view)).toEqual([])
  expect(validateView({ ...view, title: plainText('x'.repeat(25)) })).toMatchObject([
    { pointer: '/view/title/text', code: 'too_big', constraint: 24 },
  ])
  expect(validateResponse({ text: '<!channel>' })).toMatchObject([{ code: 'live_mention' }])
  expect(validateResponse({ delete_original: true })).toEqual([])
})

it('lets any text through that was escaped, and no raw one with a special character', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '!', '@', '#', '|', 'U', 'x', ' ') }), (raw) => {
      const text = `:${raw}`
      const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
      expect(post({ blocks: mrkdwn(escaped) })).toEqual([])
      if (escaped !== text) expect(post({ blocks: mrkdwn(text) })).not.toEqual([])
    }),
  )
})

it('is used for every call, answer, view and file that reaches the stand-in', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using _app = await connect(slack, () => ({ text: 'a && b' }))
  await call(slack, 'chat.postMessage', { channel: CHANNEL, text: '<@U0APPROVER> may be rung' })
  slack.throwViolations()

  await call(slack, 'chat.postMessage', { channel: CHANNEL, text: '<!here>' })
  expect(() => slack.throwViolations()).toThrow('chat.postMessage: live_mention')
  slack.throwViolations()

  await slack.person('U0REQUESTER').command(CHANNEL, '/test')
  expect(() => slack.throwViolations()).toThrow('response_url: unescaped')
})
