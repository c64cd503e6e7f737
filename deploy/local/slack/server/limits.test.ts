/** Slack's sizes and shapes for blocks and messages: each just inside passes, just outside gets Slack's own error. */
import { expect, it } from 'vitest'
import { call, plainText, testManifest } from './bare-app.ts'
import { checkMessageBlocks, checkView } from './check-blocks.ts'
import { SlackRefusal } from './refusal.ts'
import { startSlack } from './start.ts'

const CHANNEL = 'C0OPSRESCUE'
const button = (more: object) => ({ type: 'button', text: plainText('Go'), ...more })
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })
const preformatted = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
})
const confirm = {
  title: plainText('Sure?'),
  text: plainText('Really?'),
  confirm: plainText('Yes'),
  deny: plainText('No'),
}

it.each([
  ['a section of 3,000 characters', section('x'.repeat(3000))],
  ['a header of 150', { type: 'header', text: plainText('x'.repeat(150)) }],
  [
    'a button of 75 with a value of 2,000',
    actions(button({ text: plainText('x'.repeat(75)), value: 'x'.repeat(2000) })),
  ],
  ['a button that asks first', actions(button({ confirm }))],
  ['console text', preformatted('root@web-1:~# ')],
])('takes %s', (_, block) => {
  expect(problems([block])).toEqual([])
})

it.each([
  ['an unknown block', { type: 'carousel' }, 'unsupported type: carousel [json-pointer:/blocks/0/type]'],
  [
    'a section without words',
    { type: 'section' },
    'must define either `text` or `fields` [json-pointer:/blocks/0/type]',
  ],
  ['an empty text', section(''), 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a long section', section('x'.repeat(3001)), 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
  [
    'a header in mrkdwn',
    { type: 'header', text: { type: 'mrkdwn', text: 'x' } },
    'failed to match all allowed schemas [json-pointer:/blocks/0/text/type]',
  ],
  [
    'a property Slack does not know',
    { type: 'divider', color: 'red' },
    'invalid additional property: color [json-pointer:/blocks/0]',
  ],
  [
    'a button without text',
    actions({ type: 'button' }),
    'missing required field: text [json-pointer:/blocks/0/elements/0]',
  ],
  [
    'a long button',
    actions(button({ text: plainText('x'.repeat(76)) })),
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [
    'a text input outside an input block',
    actions({ type: 'plain_text_input' }),
    'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
  ],
  [
    '26 buttons',
    actions(...Array.from({ length: 26 }, (_, index) => button({ action_id: `a${index}` }))),
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'two buttons of one action id',
    actions(button({ action_id: 'go' }), button({ action_id: 'go' })),
    '`action_id` already exists: go [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  [
    'a long confirm title',
    actions(button({ confirm: { ...confirm, title: plainText('x'.repeat(101)) } })),
    'must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
  ],
  [
    'empty console text',
    preformatted(''),
    'must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]',
  ],
  [
    'a mention in console text',
    { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] }] },
    'unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]',
  ],
  [
    'a picture only this machine can reach',
    { type: 'image', alt_text: 'x', image_url: 'http://127.0.0.1:1/x.png' },
    'downloading image failed [json-pointer:/blocks/0/image_url]',
  ],
  [
    'a picture that is not there',
    { type: 'image', alt_text: 'x', slack_file: { id: 'F0NOTHING' } },
    'invalid slack file [json-pointer:/blocks/0/slack_file]',
  ],
  [
    'a first choice that is none of the options',
    {
      type: 'input',
      label: plainText('l'),
      element: {
        type: 'static_select',
        options: [{ text: plainText('a'), value: 'a' }],
        initial_option: { text: plainText('b'), value: 'b' },
      },
    },
    'failed to match schema [json-pointer:/blocks/0/element/initial_option]',
  ],
])('refuses %s', (_, block, sentence) => {
  expect(problems([block])).toEqual([sentence])
})

it('refuses 51 blocks, block ids given twice, and what is not a list', () => {
  const dividers = (count: number) => Array.from({ length: count }, () => ({ type: 'divider' }))
  const twice = [
    { type: 'divider', block_id: 'a' },
    { type: 'divider', block_id: 'a' },
  ]

  expect(problems(dividers(50))).toEqual([])
  expect(problems(dividers(51))).toEqual(['no more than 50 items allowed [json-pointer:/blocks]'])
  expect(problems(twice)).toEqual(['block_id already exists [json-pointer:/blocks/1/block_id]'])
  expect(() => checkMessageBlocks('[broken', () => true)).toThrow('invalid_blocks_format')
})

it('refuses a message whose blocks together say too much', () => {
  expect(() => checkMessageBlocks([preformatted('x'.repeat(11_001))], () => true)).toThrow('msg_blocks_too_long')
  expect(checkMessageBlocks([preformatted('x'.repeat(11_000))], () => true)).toHaveLength(1)
})

it('refuses views with a long title, with inputs and no submit, and of more than 250 kB', () => {
  const view = { type: 'modal', title: plainText('Key'), blocks: [] as object[] }
  const input = { type: 'input', label: plainText('Key'), element: { type: 'plain_text_input' } }

  expect(viewProblems({ ...view, title: plainText('x'.repeat(25)) })).toEqual([
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ])
  expect(viewProblems({ ...view, blocks: [input] })).toEqual([
    'must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]',
  ])
  expect(viewProblems({ ...view, private_metadata: 'x'.repeat(3001) })).toHaveLength(1)
  expect(() => checkView({ ...view, blocks: Array(100).fill(section('x'.repeat(2500))) }, () => true)).toThrow(
    'view_too_large',
  )
})

it('answers with the sentences where Slack puts them', async () => {
  await using slack = await startSlack({ manifest: testManifest() })

  const answer = await call(slack, 'chat.postMessage', { channel: CHANNEL, blocks: [{ type: 'carousel' }] })

  const sentence = 'unsupported type: carousel [json-pointer:/blocks/0/type]'
  expect(answer).toMatchObject({
    ok: false,
    error: 'invalid_blocks',
    errors: [sentence],
    response_metadata: { messages: [`[ERROR] ${sentence}`] },
  })
  expect(slack.statistics().refusals).toEqual({ 'chat.postMessage: invalid_blocks': 1 })
})

it('keeps rich text rich: an update may not take it away', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const { ts } = await call(slack, 'chat.postMessage', { channel: CHANNEL, blocks: [preformatted('one')] })
  const update = (blocks: object[]) => call(slack, 'chat.update', { channel: CHANNEL, ts, text: 'x', blocks })

  expect(await update([section('plain')])).toMatchObject({ error: 'block_mismatch' })
  expect(await update([preformatted('two'), section('more')])).toMatchObject({ ok: true })
})

it('knows how long texts may be, and that there must be one', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const post = (text: string) => call(slack, 'chat.postMessage', { channel: CHANNEL, text })

  expect(await post(' ')).toMatchObject({ error: 'no_text' })
  const { ts } = await post('x'.repeat(9_000))
  expect(slack.messages(CHANNEL).map((message) => message.text.length)).toEqual([4000, 4000, 1000])
  expect(await call(slack, 'chat.update', { channel: CHANNEL, ts, text: 'x'.repeat(4001) })).toMatchObject({
    error: 'msg_too_long',
  })
  expect(await call(slack, 'chat.postMessage', { text: 'where?' })).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] missing required field: channel [json-pointer:]'] },
  })
})

function problems(blocks: readonly object[]): unknown {
  return refusalOf(() => checkMessageBlocks(blocks, () => false))
}

function viewProblems(view: object): unknown {
  return refusalOf(() => checkView(view, () => false))
}

function refusalOf(check: () => unknown): unknown {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof SlackRefusal) return error.details.errors
    throw error
  }
}
