import { expect, it } from 'vitest'
import { messageText } from './message-text.ts'

/** As monitoring tools post them: almost nothing in the text, all of it in attachments. */
const ALARM = {
  type: 'message',
  subtype: 'bot_message',
  ts: '1700000000.000100',
  bot_id: 'B0ALARMS',
  text: 'Alarm &amp; &lt;status&gt;',
  attachments: [
    {
      fallback: '[FIRING] InstanceDown web-1',
      color: 'danger',
      title: 'InstanceDown',
      title_link: 'https://grafana.example.com/d/web-2',
      fields: [{ title: 'instance', value: '10.0.0.7:9100', short: true }],
      actions: [{ type: 'button', name: 'silence', text: 'Silence' }],
      mrkdwn_in: ['text'],
      blocks: [{ type: 'section', block_id: 'db-9', text: { type: 'mrkdwn', text: 'on `web-3`' } }],
    },
  ],
  blocks: [
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'link', url: 'https://cloud.oracle.com/compute/instances/ocid1.instance.oc1..a', text: 'web-4' },
          ],
        },
      ],
    },
  ],
}

it('is all that people read of a message, in text, blocks and attachments', () => {
  const text = messageText(ALARM)

  for (const words of [
    'Alarm & <status>',
    'web-1',
    '/d/web-2',
    '10.0.0.7:9100',
    'web-3',
    'web-4',
    'ocid1.instance.oc1..a',
  ])
    expect(text).toContain(words)
})

it('is none of what Slack writes for itself', () => {
  const text = messageText(ALARM)

  for (const words of ['db-9', 'mrkdwn', 'section', 'danger', 'B0ALARMS', 'bot_message', '1700000000'])
    expect(text).not.toContain(words)
})

it('is nothing where there is nothing, and an end where there is none', () => {
  const endless: Record<string, unknown> = { text: 'web-1' }
  endless.blocks = [endless]

  expect(messageText({})).toBe('')
  expect(messageText(endless)).toContain('web-1')
})
