/** Tokens, scopes, rates, channels and files: what the Web API lets an app do. */
import { expect, it } from 'vitest'
import { call, testManifest } from './bare-app.ts'
import { HandClock } from './clock.ts'
import { type SlackStandIn, startSlack } from './start.ts'

const CHANNEL = 'C0OPSRESCUE'
const START = Date.UTC(2026, 0, 1)

it('can be closed twice, and says when its port is taken', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const port = Number(new URL(slack.apiUrl).port)

  await expect(startSlack({ manifest: testManifest(), port })).rejects.toThrow('EADDRINUSE')
  await slack.close()
  await expect(fetch(slack.pageUrl)).rejects.toThrow()
})

it('refuses a manifest, people and channels that are not well-formed', async () => {
  await expect(startSlack({ manifest: {} })).rejects.toThrow('display_information')
  const users = [{ id: 'riya', name: 'riya', realName: 'Riya' }]
  await expect(startSlack({ manifest: testManifest(), users })).rejects.toThrow('pattern')
})

it('wants a token, a right one, and of the right kind', async () => {
  await using slack = await startSlack({ manifest: testManifest() })

  expect(await call(slack, 'auth.test', {}, '')).toMatchObject({ ok: false, error: 'not_authed' })
  expect(await call(slack, 'auth.test', {}, 'xoxb-wrong')).toMatchObject({ ok: false, error: 'invalid_auth' })
  expect(await call(slack, 'auth.test', {}, slack.appToken)).toMatchObject({ error: 'not_allowed_token_type' })
  expect(await call(slack, 'apps.connections.open')).toMatchObject({ error: 'not_allowed_token_type' })
  expect(await call(slack, 'auth.test')).toMatchObject({ ok: true, user_id: slack.botUserId, team_id: slack.teamId })
})

it('refuses what the manifest has no scope for, and says which one is missing', async () => {
  await using slack = await startSlack({ manifest: testManifest(['commands', 'chat:write']) })

  expect(await call(slack, 'conversations.info', { channel: CHANNEL })).toMatchObject({
    ok: false,
    error: 'missing_scope',
    needed: 'channels:read',
    provided: 'commands,chat:write',
  })
  expect(await call(slack, 'files.getUploadURLExternal', { filename: 'a', length: 1 })).toMatchObject({
    needed: 'files:write',
  })
})

it('wants a scope of its own to read what is said in a conversation with one person', async () => {
  const reader = async (scope: string) => {
    await using slack = await startSlack({ manifest: testManifest([scope]) })
    const { direct } = slack.person('U0REQUESTER')
    const read = (channel: string) => call(slack, 'conversations.history', { channel })
    return await Promise.all([read(CHANNEL), read(direct)])
  }

  expect(await reader('channels:history')).toMatchObject([
    { ok: true },
    { ok: false, error: 'missing_scope', needed: 'im:history' },
  ])
  expect(await reader('im:history')).toMatchObject([{ needed: 'channels:history' }, { ok: true, messages: [] }])
})

it('says which app a bot is of', async () => {
  await using slack = await startSlack({ manifest: testManifest(['users:read']) })
  const { bot_id: bot } = await call(slack, 'auth.test')

  const { bot: found } = await call(slack, 'bots.info', { bot: String(bot) })

  expect(found).toMatchObject({ id: bot, user_id: slack.botUserId })
  expect(slack.appToken).toContain(`-${Reflect.get(Object(found), 'app_id')}-`)
  expect(await call(slack, 'bots.info', { bot: 'B0NOBODY' })).toMatchObject({ error: 'bot_not_found' })
})

it('lets an archived channel be read, and nothing be said there; its last message is that it was archived', async () => {
  const channel = { id: CHANNEL, name: 'old', members: ['U0REQUESTER'], botIsMember: true, isArchived: true }
  await using slack = await startSlack({
    manifest: testManifest(['channels:read', 'channels:history', 'chat:write']),
    channels: [channel],
  })

  expect(await call(slack, 'conversations.info', { channel: CHANNEL })).toMatchObject({
    channel: { is_archived: true },
  })
  expect(await call(slack, 'conversations.history', { channel: CHANNEL, limit: 1 })).toMatchObject({
    messages: [{ subtype: 'channel_archive', user: 'U0REQUESTER' }],
  })
  expect(await call(slack, 'chat.postMessage', { channel: CHANNEL, text: 'hello' })).toMatchObject({
    ok: false,
    error: 'is_archived',
  })
})

it('does not know methods it does not know', async () => {
  await using slack = await startSlack({ manifest: testManifest() })

  expect(await call(slack, 'files.upload')).toMatchObject({ ok: false, error: 'unknown_method' })
  expect(await call(slack, 'constructor')).toMatchObject({ ok: false, error: 'unknown_method' })
})

it('answers 429 with Retry-After when one channel gets more than a burst of messages, and takes them later', async () => {
  const clock = new HandClock(START)
  await using slack = await startSlack({ manifest: testManifest(), clock })
  const post = () => call(slack, 'chat.postMessage', { channel: CHANNEL, text: 'hello' })

  const burst = await Promise.all([post(), post(), post(), post(), post()])
  const tooMany = await post()
  clock.advance(5_000)
  const later = await post()

  expect(burst.every((answer) => answer.ok)).toBe(true)
  expect(tooMany).toMatchObject({ status: 429, ok: false, error: 'ratelimited', retryAfter: '5' })
  expect(later).toMatchObject({ status: 200, ok: true })
  expect(slack.statistics()).toMatchObject({ rateLimited: 1, calls: { 'chat.postMessage': 7 } })
  expect(slack.messages(CHANNEL)).toHaveLength(6)
})

it('counts fifty updates a minute, over all messages', async () => {
  const clock = new HandClock(START)
  await using slack = await startSlack({ manifest: testManifest(), clock })
  const { ts } = await call(slack, 'chat.postMessage', { channel: CHANNEL, text: 'hello' })
  const update = (text: string) => call(slack, 'chat.update', { channel: CHANNEL, ts, text })

  const answers = []
  for (let index = 0; index < 51; index += 1) answers.push(await update(`frame ${index}`))
  clock.advance(60_000)

  expect(answers.filter((answer) => answer.ok)).toHaveLength(50)
  expect(answers.at(-1)).toMatchObject({ status: 429, retryAfter: '60' })
  expect(await update('after a minute')).toMatchObject({ ok: true })
})

it('knows which channels there are and which ones the app is in', async () => {
  const channels = [{ id: 'C0QUIET', name: 'quiet', members: ['U0REQUESTER'], botIsMember: false }]
  await using slack = await startSlack({ manifest: testManifest(), channels })

  expect(await call(slack, 'chat.postMessage', { channel: 'C0QUIET', text: 'x' })).toMatchObject({
    error: 'not_in_channel',
  })
  expect(await call(slack, 'chat.postMessage', { channel: 'C0NOWHERE', text: 'x' })).toMatchObject({
    error: 'channel_not_found',
  })
  expect(await call(slack, 'conversations.members', { channel: '#quiet' })).toMatchObject({ members: ['U0REQUESTER'] })
})

it('threads replies, counts them at the parent, and refuses parents that are none', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const post = (args: object) => call(slack, 'chat.postMessage', { channel: CHANNEL, text: 'x', ...args })
  const parent = await post({ metadata: { event_type: 'rescue', event_payload: { id: 'R-1' } } })
  const reply = await post({ thread_ts: parent.ts })

  expect(await post({ thread_ts: reply.ts })).toMatchObject({ error: 'cannot_reply_to_message' })
  expect(await post({ thread_ts: '1700000000.000001' })).toMatchObject({ error: 'thread_not_found' })
  expect(slack.thread(CHANNEL, String(parent.ts))).toMatchObject([
    { reply_count: 1, latest_reply: reply.ts },
    { ts: reply.ts },
  ])
  const read = { channel: CHANNEL, ts: parent.ts }
  expect(await call(slack, 'conversations.replies', { ...read, include_all_metadata: true })).toMatchObject({
    messages: [{ metadata: { event_type: 'rescue' } }, { parent_user_id: slack.botUserId }],
  })
  expect(await call(slack, 'conversations.replies', read)).not.toHaveProperty('messages.0.metadata')
})

it('keeps ephemeral messages to the one they are for, and out of reach of chat.update', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const whisper = { channel: CHANNEL, user: 'U0OUTSIDER', text: 'only you' }
  const { message_ts } = await call(slack, 'chat.postEphemeral', whisper)

  expect(slack.person('U0OUTSIDER').ephemerals(CHANNEL)).toMatchObject([{ text: 'only you' }])
  expect(slack.person('U0APPROVER').ephemerals(CHANNEL)).toEqual([])
  expect(await call(slack, 'chat.update', { channel: CHANNEL, ts: message_ts, text: 'x' })).toMatchObject({
    error: 'message_not_found',
  })
  expect(await call(slack, 'chat.postEphemeral', { ...whisper, user: 'U0NOBODY' })).toMatchObject({
    error: 'user_not_in_channel',
  })
})

it('lets an app edit and delete its own messages only', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const said = await slack.person('U0REQUESTER').say(CHANNEL, 'mine')
  const ts = said.kind === 'done' ? said.ts : ''

  expect(await call(slack, 'chat.update', { channel: CHANNEL, ts, text: 'x' })).toMatchObject({
    error: 'cant_update_message',
  })
  expect(await call(slack, 'chat.delete', { channel: CHANNEL, ts })).toMatchObject({ error: 'cant_delete_message' })
})

it('shows "edited" for a new text, not for new blocks', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const { ts } = await call(slack, 'chat.postMessage', { channel: CHANNEL, text: 'one' })
  const blocks = [{ type: 'divider' }]

  await call(slack, 'chat.update', { channel: CHANNEL, ts, text: 'two' })
  expect(slack.messages(CHANNEL)[0]?.edited).toBeDefined()
  await call(slack, 'chat.update', { channel: CHANNEL, ts, text: 'three', blocks })
  expect(slack.messages(CHANNEL)[0]?.edited).toBeUndefined()
})

it('takes files in three steps, and gives them to holders of the token', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const parent = await call(slack, 'chat.postMessage', { channel: CHANNEL, text: 'parent' })
  const id = await upload(slack, 'screen.png', 'not really a picture')

  const done = await call(slack, 'files.completeUploadExternal', {
    files: [{ id, title: 'The screen' }],
    channel_id: CHANNEL,
    thread_ts: parent.ts,
    initial_comment: 'look',
  })
  expect(done).toMatchObject({ ok: true, files: [{ id, title: 'The screen', mimetype: 'image/png', shares: {} }] })
  expect(slack.thread(CHANNEL, String(parent.ts))[1]).toMatchObject({ text: 'look', files: [{ id }] })
  const { file } = await call(slack, 'files.info', { file: id })
  expect(file).toMatchObject({ shares: { public: { [CHANNEL]: [{}] } } })

  const url = String((file as { url_private: string }).url_private)
  expect((await fetch(url)).status).toBe(403)
  const bytes = await fetch(url, { headers: { authorization: `Bearer ${slack.botToken}` } })
  expect(await bytes.text()).toBe('not really a picture')
})

it('refuses an upload of another length than announced, and a completion without one', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const begun = await call(slack, 'files.getUploadURLExternal', { filename: 'a.log', length: 4 })

  expect((await fetch(String(begun.upload_url), { method: 'POST', body: 'longer' })).status).toBe(400)
  expect(await call(slack, 'files.completeUploadExternal', { files: [{ id: begun.file_id }] })).toMatchObject({
    error: 'file_not_found',
  })
})

it('answers only to its own host name, so that no other site reaches it through the browser', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const deed = (headers: Record<string, string>) =>
    fetch(`${slack.pageUrl}page-api/deed`, { method: 'POST', headers, body: '{}' })

  expect((await deed({ origin: 'http://evil.example', 'content-type': 'application/json' })).status).toBe(403)
  expect((await deed({ 'content-type': 'text/plain' })).status).toBe(404)
})

async function upload(slack: SlackStandIn, filename: string, content: string): Promise<unknown> {
  const length = Buffer.byteLength(content)
  const { upload_url, file_id } = await call(slack, 'files.getUploadURLExternal', { filename, length })
  await fetch(String(upload_url), { method: 'POST', body: content })
  return file_id
}
