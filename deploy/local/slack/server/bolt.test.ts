/** An unchanged Bolt app on the stand-in: from a command over a modal and a message to a press of a button. */
import { App, type BlockAction, type ButtonAction, LogLevel, SocketModeReceiver } from '@slack/bolt'
import { expect, it } from 'vitest'
import { plainText, testManifest } from './bare-app.ts'
import { type SlackStandIn, startSlack } from './start.ts'

const CHANNEL = 'C0OPSRESCUE'
const soon = () => AbortSignal.timeout(10_000)

it('serves a Bolt app that knows nothing but the address', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const { app, stop } = await boltApp(slack)
  wire(app)
  await app.start()
  const riya = slack.person('U0REQUESTER')
  const anand = slack.person('U0APPROVER')

  expect(await riya.command(CHANNEL, '/test web-1')).toMatchObject({ kind: 'done' })
  const modal = await riya.until('the modal', (sight) => sight.views()[0], soon())
  expect(modal).toMatchObject({ private_metadata: CHANNEL, title: { text: 'Key' } })
  expect(await riya.submit(modal.id, { key: 'ssh-rsa AAAA', keep: ['keep'] })).toMatchObject({ kind: 'closed' })
  const gate = await riya.until('the gate', (sight) => sight.messages(CHANNEL)[0], soon())
  expect(await anand.click(CHANNEL, gate.ts, 'approve')).toMatchObject({ kind: 'done' })
  await anand.until('the decision', (sight) => sight.messages(CHANNEL)[0]?.text === 'approved by U0APPROVER', soon())
  const [, file] = await anand.until('the file', (sight) => atLeast(2, sight.thread(CHANNEL, gate.ts)), soon())
  expect(file?.files).toMatchObject([{ title: 'Console', mimetype: 'text/plain', mode: 'snippet' }])
  expect(Buffer.from(slack.file(file?.files?.[0]?.id ?? '')?.bytes ?? []).toString()).toBe('key: ssh-rsa AAAA keep: 1')
  expect(anand.ephemerals(CHANNEL)).toMatchObject([{ text: 'thank you' }])

  expect(slack.statistics()).toMatchObject({ rateLimited: 0, refusals: {}, unacknowledged: 0, sockets: 1 })
  expect(slack.statistics().ackMilliseconds).toHaveLength(3)
  await stop()
})

it('lets a Bolt app with a wrong token fail at its start', async () => {
  await using slack = await startSlack({ manifest: testManifest() })

  await expect(boltApp(slack, 'xoxb-wrong')).rejects.toThrow('invalid_auth')
})

async function boltApp(slack: SlackStandIn, token = slack.botToken) {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  })
  const app = new App({
    token,
    receiver,
    logLevel: LogLevel.ERROR,
    deferInitialization: true,
    convoStore: false,
    clientOptions: { slackApiUrl: slack.apiUrl },
  })
  await app.init()
  return { app, stop: () => receiver.client.disconnect() }
}

function wire(app: App): void {
  app.command('/test', async ({ ack, command, client }) => {
    await ack()
    await client.views.open({
      trigger_id: command.trigger_id,
      view: { ...MODAL, private_metadata: command.channel_id },
    })
  })
  app.view('key', async ({ ack, view, client }) => {
    await ack()
    const { key, keep } = view.state.values
    const text = `key: ${key?.key?.value} keep: ${keep?.keep?.selected_options?.length}`
    const button = { type: 'button' as const, action_id: 'approve', text: plainText('Approve'), value: text }
    const blocks = [{ type: 'actions' as const, elements: [button] }]
    await client.chat.postMessage({ channel: view.private_metadata, text: 'gate', blocks })
  })
  app.action<BlockAction<ButtonAction>>('approve', async ({ ack, body, client, respond, payload }) => {
    await ack()
    const place = { channel: body.channel?.id ?? '', ts: body.message?.ts ?? '' }
    await client.chat.update({ ...place, text: `approved by ${body.user.id}`, blocks: [{ type: 'divider' }] })
    await respond({ text: 'thank you', response_type: 'ephemeral', replace_original: false })
    await client.filesUploadV2({
      channel_id: place.channel,
      thread_ts: place.ts,
      filename: 'console.log',
      title: 'Console',
      content: payload.value ?? '',
      snippet_type: 'text',
    })
  })
}

const MODAL = {
  type: 'modal' as const,
  callback_id: 'key',
  title: plainText('Key'),
  submit: plainText('Go'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'key',
      label: plainText('Key'),
      element: { type: 'plain_text_input' as const, action_id: 'key', multiline: true },
    },
    {
      type: 'input' as const,
      block_id: 'keep',
      label: plainText('Keys'),
      optional: true,
      element: {
        type: 'checkboxes' as const,
        action_id: 'keep',
        options: [{ text: plainText('Keep the old ones'), value: 'keep' }],
      },
    },
  ],
}

function atLeast<T>(count: number, items: readonly T[]): readonly T[] | undefined {
  return items.length >= count ? items : undefined
}
