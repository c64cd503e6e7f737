/** What people do and what apps answer, at the edge of time and of the protocol. */
import { expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type BareApp, call, connect, plainText, testManifest } from './bare-app.ts'
import { HandClock } from './clock.ts'
import { defaultWorkspace } from './options.ts'
import { type SlackStandIn, startSlack } from './start.ts'

const CHANNEL = 'C0OPSRESCUE'
const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const input = {
  type: 'input',
  block_id: 'name',
  label: plainText('Name'),
  element: { type: 'plain_text_input', action_id: 'name', max_length: 10 },
}
const view = { type: 'modal', title: plainText('One'), submit: plainText('Go'), callback_id: 'one', blocks: [input] }
const soon = () => AbortSignal.timeout(5_000)

it('tells the person when no app is connected, and when none acknowledges in three seconds', async () => {
  const clock = new HandClock(START)
  await using slack = await startSlack({ manifest: testManifest(), clock })
  const riya = slack.person('U0REQUESTER')

  expect(await riya.command(CHANNEL, '/test')).toEqual({ kind: 'failed', error: 'dispatch_failed' })
  await using app = await connect(slack, () => undefined)
  const late = riya.command(CHANNEL, '/test')
  await heard(app, 1)
  clock.advance(3_000)

  expect(await late).toEqual({ kind: 'failed', error: 'operation_timeout' })
  expect(riya.notices().map((notice) => notice.text)).toEqual([
    '/test failed with the error "dispatch_failed"',
    '/test failed with the error "operation_timeout"',
  ])
  expect(slack.person('U0APPROVER').notices()).toEqual([])
  expect(slack.statistics()).toMatchObject({ unacknowledged: 2, ackMilliseconds: [] })
})

it('gives a command its payload, escaped, and shows the reply that came with the acknowledgement', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using app = await connect(slack, () => ({ text: 'usage' }))
  const riya = slack.person('U0REQUESTER')

  const outcome = await riya.command(CHANNEL, '/test ask @anand <now> https://x.example/a')

  expect(outcome.kind).toBe('done')
  expect(app.heard[0]).toMatchObject({
    type: 'slash_commands',
    payload: {
      command: '/test',
      text: 'ask <@U0APPROVER|anand> &lt;now&gt; <https://x.example/a>',
      user_id: 'U0REQUESTER',
      user_name: 'riya',
      channel_id: CHANNEL,
      channel_name: 'ops-rescue',
      team_id: slack.teamId,
      is_enterprise_install: 'false',
    },
  })
  expect(riya.ephemerals(CHANNEL)).toMatchObject([{ text: 'usage', is_ephemeral: true }])
})

it('refuses commands in threads, and those of other apps', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using app = await connect(slack, () => ({}))
  const riya = slack.person('U0REQUESTER')
  const { ts } = await call(slack, 'chat.postMessage', { channel: CHANNEL, text: 'parent' })

  expect(await riya.command(CHANNEL, '/test', String(ts))).toEqual({ kind: 'failed', error: 'not_in_thread' })
  expect(await riya.command(CHANNEL, '/remind me')).toEqual({ kind: 'failed', error: 'invalid_command' })
  expect(app.heard).toEqual([])
})

it('opens one modal for a trigger, and none after three seconds', async () => {
  const clock = new HandClock(START)
  await using slack = await startSlack({ manifest: testManifest(), clock })
  await using app = await connect(slack, () => ({}))
  const first = await trigger(slack, app)
  expect(await call(slack, 'views.open', { trigger_id: first, view })).toMatchObject({ ok: true })
  expect(await call(slack, 'views.open', { trigger_id: first, view })).toMatchObject({ error: 'exchanged_trigger_id' })

  const second = await trigger(slack, app)
  clock.advance(3_001)
  expect(await call(slack, 'views.open', { trigger_id: second, view })).toMatchObject({ error: 'expired_trigger_id' })
  expect(await call(slack, 'views.open', { trigger_id: 'made.up.1', view })).toMatchObject({
    error: 'invalid_trigger_id',
  })
})

it('checks required and too long inputs itself, and passes on what the app complains about', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using app = await connect(slack, (payload) =>
    isSubmission(payload) ? { response_action: 'errors', errors: { name: 'not that one' } } : {},
  )
  const riya = slack.person('U0REQUESTER')
  const { id } = await openView(slack, app)

  expect(await riya.submit(id, {})).toMatchObject({ errors: { name: 'Please complete this required field.' } })
  expect(await riya.submit(id, { name: 'x'.repeat(11) })).toMatchObject({ kind: 'errors' })
  expect(app.heard).toHaveLength(1)
  expect(await riya.submit(id, { name: 'root' })).toEqual({ kind: 'errors', errors: { name: 'not that one' } })
  expect(riya.views()).toHaveLength(1)
  expect(app.heard[1]?.payload).toMatchObject({
    type: 'view_submission',
    view: {
      id,
      callback_id: 'one',
      state: { values: { name: { name: { type: 'plain_text_input', value: 'root' } } } },
    },
  })
})

it('stacks three views and no fourth, each closing to the one below', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const next = { ...view, callback_id: 'next', blocks: [{ type: 'divider' }] }
  await using app = await connect(slack, (payload) =>
    isSubmission(payload) ? { response_action: 'push', view: next } : {},
  )
  const riya = slack.person('U0REQUESTER')
  const first = await openView(slack, app)

  const second = await riya.submit(first.id, { name: 'a' })
  const third = second.kind === 'shown' ? await riya.submit(second.view.id, {}) : undefined
  expect(riya.views().map((one) => one.callback_id)).toEqual(['one', 'next', 'next'])
  const top = riya.views().at(-1)
  expect(third).toMatchObject({ kind: 'shown', view: { previous_view_id: riya.views()[1]?.id } })
  expect(await riya.submit(top?.id ?? '', {})).toEqual({ kind: 'failed', error: 'push_limit_reached' })
  await riya.closeView(top?.id ?? '')
  expect(riya.views()).toHaveLength(2)
})

it('refuses an update of a view that somebody else has changed since', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using app = await connect(slack, () => ({}))
  const { id, hash } = await openView(slack, app)
  const update = () => call(slack, 'views.update', { view_id: id, hash, view })

  expect(await update()).toMatchObject({ ok: true })
  expect(await update()).toMatchObject({ error: 'hash_conflict' })
  expect(await call(slack, 'views.update', { view_id: 'V0NONE', view })).toMatchObject({ error: 'not_found' })
})

it('lets only the owner submit a modal, and tells the app of a closed one if it asked to be told', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using app = await connect(slack, () => ({}))
  const { id } = await openView(slack, app, { ...view, notify_on_close: true })

  expect(await slack.person('U0OUTSIDER').submit(id, { name: 'x' })).toEqual({ kind: 'refused', error: 'not_found' })
  await slack.person('U0REQUESTER').closeView(id)
  expect(app.heard.at(-1)?.payload).toMatchObject({ type: 'view_closed', view: { id }, is_cleared: false })
})

it('presses buttons with all that Slack says about it; a declined confirm dialog sends nothing', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using app = await connect(slack, () => ({}))
  const confirm = { title: plainText('Sure?'), text: plainText('x'), confirm: plainText('Yes'), deny: plainText('No') }
  const yes = { type: 'button', action_id: 'yes', value: 'R-1', text: plainText('Yes'), confirm }
  const blocks = [{ type: 'actions', block_id: 'gate', elements: [yes] }]
  const { ts } = await call(slack, 'chat.postMessage', { channel: CHANNEL, text: 'gate', blocks })
  const anand = slack.person('U0APPROVER')

  expect(anand.decline(CHANNEL, String(ts), 'yes').title.text).toBe('Sure?')
  expect(app.heard).toEqual([])
  await anand.click(CHANNEL, String(ts), 'yes')

  expect(app.heard[0]?.payload).toMatchObject({
    type: 'block_actions',
    user: { id: 'U0APPROVER', team_id: slack.teamId },
    container: { type: 'message', message_ts: ts, channel_id: CHANNEL, is_ephemeral: false },
    channel: { id: CHANNEL, name: 'ops-rescue' },
    message: { ts, text: 'gate' },
    state: { values: {} },
    actions: [{ type: 'button', action_id: 'yes', block_id: 'gate', value: 'R-1', action_ts: expect.any(String) }],
    trigger_id: expect.any(String),
    response_url: expect.stringContaining('/actions/'),
  })
  expect(await anand.click(CHANNEL, String(ts), 'no')).toEqual({ kind: 'refused', error: 'action_not_found' })
})

it('takes five answers at a response address within half an hour', async () => {
  const clock = new HandClock(START)
  await using slack = await startSlack({ manifest: testManifest(), clock })
  await using app = await connect(slack, () => ({}))
  const riya = slack.person('U0REQUESTER')
  await riya.command(CHANNEL, '/test')
  const url = field(app, 'response_url')
  const respond = async (body: object) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    return [response.status, await response.text()]
  }

  expect(await respond({ text: 'for you' })).toEqual([200, 'ok'])
  expect(await respond({ text: 'for all', response_type: 'in_channel' })).toEqual([200, 'ok'])
  expect(await respond({ blocks: [{ type: 'carousel' }] })).toMatchObject([
    400,
    expect.stringContaining('invalid_blocks'),
  ])
  for (const text of ['four', 'five']) await respond({ text })
  expect(await respond({ text: 'six' })).toMatchObject([404, expect.stringContaining('used_url')])
  expect(riya.ephemerals(CHANNEL).map((message) => message.text)).toEqual(['for you', 'four', 'five'])
  expect(slack.messages(CHANNEL)).toMatchObject([{ text: 'for all' }])

  await riya.command(CHANNEL, '/test')
  clock.advance(31 * MINUTE)
  const late = field(app, 'response_url')
  expect((await fetch(late, { method: 'POST', body: '{"text":"late"}' })).status).toBe(404)
})

it('sends each envelope to one socket only, and takes no eleventh socket', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const apps = await Promise.all(Array.from({ length: 10 }, () => connect(slack, () => ({}))))
  await slack.person('U0REQUESTER').command(CHANNEL, '/test')

  expect(apps.flatMap((app) => app.heard)).toHaveLength(1)
  expect(slack.statistics().sockets).toBe(10)
  await using eleventh = await connect(slack, () => ({}))
  expect(eleventh.heard).toEqual([])
  expect(slack.statistics().sockets).toBe(10)
  await Promise.all(apps.map((app) => app.close()))
})

it('says what was awaited and what was there instead when a wait ends', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const riya = slack.person('U0REQUESTER')
  await riya.say(CHANNEL, 'nothing yet')

  const wait = riya.until('a modal', (sight) => sight.views()[0], AbortSignal.timeout(20))

  await expect(wait).rejects.toThrow(/Riya Raman waited for a modal[\s\S]*nothing yet/)
})

async function openView(slack: SlackStandIn, app: BareApp, what: object = view): Promise<{ id: string; hash: string }> {
  await call(slack, 'views.open', { trigger_id: await trigger(slack, app), view: what })
  const [open] = slack.person('U0REQUESTER').views()
  return { id: open?.id ?? '', hash: open?.hash ?? '' }
}

async function trigger(slack: SlackStandIn, app: BareApp): Promise<string> {
  await slack.person('U0REQUESTER').command(CHANNEL, '/test')
  return field(app, 'trigger_id')
}

/** A text of the payload that the app heard last. */
function field(app: BareApp, name: string): string {
  return z
    .record(z.string(), z.unknown())
    .transform((payload) => String(payload[name]))
    .parse(app.heard.at(-1)?.payload)
}

it('tells a subscribed app what is written where it is a member, and again when it does not acknowledge', async () => {
  const clock = new HandClock(START)
  const manifest = testManifest()
  const settings = { ...manifest.settings, event_subscriptions: { bot_events: ['message.channels'] } }
  await using slack = await startSlack({ manifest: { ...manifest, settings }, clock })
  let isSilent = true
  await using app = await connect(slack, () => (isSilent ? undefined : {}))
  const riya = slack.person('U0REQUESTER')

  const said = await riya.say(CHANNEL, 'first <b>')
  await heard(app, 1)
  isSilent = false
  clock.advance(3_000)
  await riya.say(slack.person('U0REQUESTER').direct, 'not subscribed to')
  await riya.say(CHANNEL, 'second')
  await vi.waitFor(() => {
    clock.advance(0)
    expect(app.heard).toHaveLength(3)
  })

  const event = {
    type: 'message',
    channel: CHANNEL,
    channel_type: 'channel',
    user: 'U0REQUESTER',
    text: 'first &lt;b&gt;',
  }
  const ts = said.kind === 'done' ? said.ts : ''
  expect(app.heard[0]).toMatchObject({ type: 'events_api', retry_attempt: 0, payload: { event: { ...event, ts } } })
  const again = app.heard.find((envelope) => Reflect.get(envelope, 'retry_attempt') === 1)
  expect(again).toMatchObject({ retry_reason: 'timeout', payload: { event } })
})

it('tries nothing again once it is closed: whoever started it would not end for minutes', async () => {
  const clock = new HandClock(START)
  const manifest = testManifest()
  const settings = { ...manifest.settings, event_subscriptions: { bot_events: ['message.channels'] } }
  const slack = await startSlack({ manifest: { ...manifest, settings }, clock })
  await using app = await connect(slack, () => undefined)
  await slack.person('U0REQUESTER').say(CHANNEL, 'not acknowledged')
  await heard(app, 1)

  await slack.close()

  await new Promise((resolve) => setImmediate(resolve))
  expect(clock.waiting).toBe(0)
})

it('sends no event to an app without the scope for it, nor what is written where it is no member', async () => {
  const subscribed = (scopes: readonly string[]) => {
    const manifest = testManifest(scopes)
    const settings = { ...manifest.settings, event_subscriptions: { bot_events: ['message.channels'] } }
    return { ...manifest, settings }
  }
  const channel = { id: 'C0OTHER', name: 'other', members: ['U0REQUESTER'], botIsMember: false }
  const heardBy = async (scopes: readonly string[]) => {
    const clock = new HandClock(START)
    const channels = [...defaultWorkspace.channels, channel]
    await using slack = await startSlack({ manifest: subscribed(scopes), channels, clock })
    await using app = await connect(slack, () => ({}))
    const riya = slack.person('U0REQUESTER')
    await riya.say(channel.id, 'elsewhere')
    await riya.say(CHANNEL, 'here')
    // A command comes after what was written before it.
    await riya.command(CHANNEL, '/test')
    return app.heard.map(({ type }) => type)
  }

  expect(await heardBy(['commands', 'channels:history'])).toEqual(['events_api', 'slash_commands'])
  expect(await heardBy(['commands'])).toEqual(['slash_commands'])
})

it('sends an event once more when it is told to', async () => {
  const clock = new HandClock(START)
  const manifest = testManifest()
  const settings = { ...manifest.settings, event_subscriptions: { bot_events: ['message.channels'] } }
  await using slack = await startSlack({ manifest: { ...manifest, settings }, clock })
  await using app = await connect(slack, () => ({}))
  const said = await slack.person('U0REQUESTER').say(CHANNEL, 'once')
  const ts = said.kind === 'done' ? said.ts : ''

  await slack.repeatEvent(ts)

  expect(app.heard.map((envelope) => [Reflect.get(envelope, 'retry_attempt'), field(app, 'event_id')])).toEqual([
    [0, field(app, 'event_id')],
    [1, field(app, 'event_id')],
  ])
})

it('keeps what people write as Slack does: links, and code as it stands', async () => {
  await using slack = await startSlack({ manifest: testManifest(), clock: new HandClock(START) })
  const riya = slack.person('U0REQUESTER')
  await riya.say(CHANNEL, 'a && b on example.com, by opc@example.com, http://x.example/?a=1&b=2')
  await riya.say(CHANNEL, '!say `curl http://x.example > a` and example.org')

  expect(slack.messages(CHANNEL).map(({ text }) => text)).toEqual([
    'a &amp;&amp; b on <http://example.com|example.com>, by <mailto:opc@example.com|opc@example.com>, <http://x.example/?a=1&amp;b=2>',
    '!say `curl http://x.example &gt; a` and <http://example.org|example.org>',
  ])
})

it('gives the locale and zone of people, and the members of groups', async () => {
  const scopes = ['users:read', 'usergroups:read']
  await using slack = await startSlack({ manifest: testManifest(scopes), clock: new HandClock(START) })

  expect(await call(slack, 'users.info', { user: 'U0HARUKA', include_locale: true })).toMatchObject({
    user: { locale: 'ja-JP', tz: 'Asia/Tokyo', tz_offset: 32_400 },
  })
  expect((await call(slack, 'users.info', { user: 'U0HARUKA' })).user).not.toHaveProperty('locale')
  expect(await call(slack, 'usergroups.list')).toMatchObject({ usergroups: [{ handle: 'rescue-approvers' }] })
  expect(await call(slack, 'usergroups.users.list', { usergroup: 'S0APPROVERS' })).toMatchObject({
    users: ['U0APPROVER', 'U0HARUKA'],
  })
  expect(await call(slack, 'usergroups.users.list', { usergroup: 'S0NOBODY' })).toMatchObject({
    error: 'no_such_subteam',
  })
})

it('passes what is typed into a select to the app, and takes only options for an answer', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const option = { text: plainText('web-1'), value: 'o1' }
  const select = { type: 'external_select', action_id: 'machine' }
  const block = { type: 'input', block_id: 'm', label: plainText('Machine'), element: select }
  await using app = await connect(slack, (payload) => {
    const { type, trigger_id, value } = Suggested.parse(payload)
    if (type === undefined) return call(slack, 'views.open', { trigger_id, view: { ...view, blocks: [block] } })
    return value === 'web' ? { options: [option] } : { options: [{ text: 'not an option' }] }
  })
  const riya = slack.person('U0REQUESTER')
  await riya.command(CHANNEL, '/test')
  const { id } = await riya.until('a modal', (sight) => sight.views()[0], soon())

  expect(await riya.suggest(id, 'machine', 'web')).toMatchObject({ kind: 'options', options: [option] })
  expect(await riya.suggest(id, 'machine', 'odd')).toEqual({ kind: 'failed', error: 'invalid_options' })
  expect(await riya.suggest(id, 'name', 'web')).toEqual({ kind: 'refused', error: 'action_not_found' })
  expect(await slack.person('U0APPROVER').suggest(id, 'machine', 'web')).toEqual({
    kind: 'refused',
    error: 'not_found',
  })
  expect(app.heard[1]).toMatchObject({
    payload: { type: 'block_suggestion', action_id: 'machine', block_id: 'm', value: 'web', view: { id } },
  })
})

const Suggested = z.object({
  type: z.string().optional(),
  trigger_id: z.string().optional(),
  value: z.string().optional(),
})

/** Waits until the app has heard that many envelopes. */
async function heard(app: BareApp, count: number, signal = soon()): Promise<void> {
  while (app.heard.length < count) {
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function isSubmission(payload: unknown): boolean {
  return z.object({ type: z.literal('view_submission') }).safeParse(payload).success
}
