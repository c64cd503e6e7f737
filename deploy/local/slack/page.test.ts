/** The chat page in a real browser: one person plays all parts, and nothing anybody writes becomes markup. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import {
  letSlackBe,
  type OpenPage,
  openBrowser,
  openPage,
  photograph,
  pressSurely,
  switchTo,
  write,
} from '../../../test/helpers/chat-page.ts'
import { type Hindrance, LocalClock } from '../clock/local-clock.ts'
import { type BareApp, call, connect, plainText, testManifest } from './server/bare-app.ts'
import { type SlackStandIn, startSlack } from './server/start.ts'

const CHANNEL = 'C0OPSRESCUE'
/** A picture of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/p4hLmQAAAABJRU5ErkJggg=='

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
})

it('goes from a command over a modal to a decision by somebody else', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using _app = await rescueApp(slack)
  await using page = await open(slack)

  await write(page, 'channel', '/test')
  const modal = page.getByRole('dialog', { name: 'Replace a key' })
  await modal.getByRole('button', { name: 'Start' }).click()
  await modal.getByText('Please complete this required field.').first().waitFor()
  await modal.getByLabel('Public key').fill('PRIVATE')
  await modal.getByRole('checkbox', { name: 'Keep the existing keys' }).check()
  await modal.getByLabel('Machine').selectOption('db-1')
  await page.keyboard.press('Tab')
  await modal.getByRole('button', { name: 'Start' }).click()
  await modal.getByText('That is a private key').waitFor()
  expect(await modal.getByLabel('Machine').inputValue()).toBe('db-1')
  await modal.getByLabel('Public key').fill('ssh-ed25519 AAAA')
  await modal.getByRole('button', { name: 'Start' }).click()
  await modal.waitFor({ state: 'detached' })

  const card = page.getByTestId('channel-messages').getByTestId('message').first()
  await card.getByText('Rescue of db-1, keeping old keys').waitFor()
  await card.getByTestId('open-thread').click()
  const thread = page.getByTestId('thread')
  await switchTo(page, /Anand/)
  await thread.getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('dialog', { name: 'Go on?' }).getByRole('button', { name: 'No' }).click()
  expect(await thread.getByText('Approved by').count()).toBe(0)
  await pressSurely(page, thread.getByRole('button', { name: 'Approve' }))

  await thread.getByText('Approved by @Anand Okafor').waitFor()
  expect(await thread.getByRole('button', { name: 'Approve' }).count()).toBe(0)
})

it('shows an answer for one person to that person only', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using page = await open(slack)

  await call(slack, 'chat.postEphemeral', { channel: CHANNEL, user: 'U0OUTSIDER', text: 'You may not do that.' })
  await switchTo(page, /Olga/)
  await page.getByTestId('ephemeral').getByText('Only visible to you').waitFor()
  await switchTo(page, /Riya/)

  await page.getByTestId('ephemeral').waitFor({ state: 'detached' })
  expect(await page.getByTestId('user-switch').locator('[aria-checked="true"]').textContent()).toContain('Riya Raman')
})

it('follows a console live, and leaves alone who reads further up', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const parent = await post(slack, { text: lines(50) })
  const tail = await post(slack, { thread_ts: parent, text: 'tail', blocks: [consoleText(lines(60))] })
  await using page = await open(slack, parent)
  const consoleBox = page.getByTestId('thread').getByTestId('console')
  await consoleBox.getByText('line 59').waitFor()

  await call(slack, 'chat.update', { channel: CHANNEL, ts: tail, text: 'tail', blocks: [consoleText(lines(80))] })
  await consoleBox.getByText('line 79').waitFor()
  expect(await consoleBox.evaluate((box) => box.scrollTop + box.clientHeight > box.scrollHeight - 5)).toBe(true)
  expect(await consoleBox.evaluate((box) => box.clientHeight)).toBeGreaterThan(24 * 17)

  await consoleBox.evaluate((box) => box.scrollTo(0, 100))
  const list = page.getByTestId('thread').locator('.pane-scroll')
  // The page knows of it with the event, which comes later.
  await list.evaluate(async (pane) => {
    const heard = new Promise((resolve) => pane.addEventListener('scroll', resolve, { once: true }))
    pane.scrollTo(0, 0)
    await heard
  })
  for (const text of ['first', 'second', 'third'])
    await post(slack, { thread_ts: parent, text: `${text}\n`.repeat(12) })
  await page.getByRole('button', { name: 'New messages' }).waitFor()
  await call(slack, 'chat.update', { channel: CHANNEL, ts: tail, text: 'tail', blocks: [consoleText(lines(90))] })
  await consoleBox.getByText('line 89').waitFor()

  expect(await consoleBox.evaluate((box) => box.scrollTop)).toBe(100)
  expect(await list.evaluate((pane) => pane.scrollTop)).toBe(0)
  await page.getByRole('button', { name: 'New messages' }).click()
  expect(await list.evaluate((pane) => pane.scrollTop)).toBeGreaterThan(0)
})

it('stays at the end when a picture comes while the page still scrolls there', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const parent = await post(slack, { text: lines(50) })
  await post(slack, { thread_ts: parent, text: lines(50) })
  await using page = await open(slack, parent)
  const list = page.getByTestId('thread').locator('.pane-scroll')
  await page.getByTestId('thread').getByText('line 49').last().waitFor()

  await list.evaluate((pane) => {
    const picture = pane.ownerDocument.createElement('div')
    picture.style.height = '500px'
    pane.querySelector('.messages')?.append(picture)
    pane.dispatchEvent(new Event('scroll'))
  })

  const left = () => list.evaluate((pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight)
  await expect.poll(left).toBeLessThan(5)
})

it('takes nothing anybody wrote for markup, and asks nothing of any other server', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const hostile = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'
  const id = await upload(slack, `${hostile.slice(0, 40)}.log`, hostile)
  await call(slack, 'files.completeUploadExternal', { files: [{ id, title: hostile }], channel_id: CHANNEL })
  await post(slack, { text: hostile })
  await post(slack, {
    text: '<javascript:window.broken=1|press me>',
    blocks: [section(`<javascript:window.broken=1|press me> ${hostile}`)],
  })
  await post(slack, { text: 'console', blocks: [consoleText(hostile)] })
  await using page = await open(slack)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.reload()

  await page.getByTestId('console').getByText('window.broken=1').waitFor()
  await page.getByText('press me').last().click()
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.locator('.file-preview').getByText('window.broken=1').waitFor()
  expect(await page.evaluate('window.broken')).toBeUndefined()
  expect(await page.locator('a[href^="javascript:"]').count()).toBe(0)
  expect(asked.filter((url) => !url.startsWith(slack.pageUrl))).toEqual([])
})

it('opens the thread that a permalink names, as the user who was there last', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const parent = await post(slack, { text: 'the card' })
  const reply = await post(slack, { thread_ts: parent, text: 'the reply' })
  const { permalink } = await call(slack, 'chat.getPermalink', { channel: CHANNEL, message_ts: reply })
  await using page = await open(slack)
  await switchTo(page, /Anand/)

  await page.goto(String(permalink))

  await page.getByTestId('thread-messages').getByText('the reply').waitFor()
  expect(await page.getByRole('radio', { name: /Anand/ }).getAttribute('aria-checked')).toBe('true')
  await page.goto(`${slack.pageUrl}?user=U0NOBODY`)
  await page.getByRole('radio', { name: /Riya/, checked: true }).waitFor()
})

it('renders what Slack renders', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const id = await upload(slack, 'grub.png', Buffer.from(PIXEL, 'base64'))
  await call(slack, 'files.completeUploadExternal', { files: [{ id }] })
  const text =
    '*bold `code`* _it_ ~no~ <https://x.example|link> <@U0APPROVER> <!subteam^S0APPROVERS> :key: a_b_c 2*3*4 &lt;b&gt;\n&gt; quoted\n```\nblock <!x>\n```'
  const picture = { type: 'image', slack_file: { id }, alt_text: 'The GRUB menu' }
  await post(slack, { text: 'all', blocks: [{ type: 'header', text: plainText('Head') }, section(text), picture] })
  await using page = await open(slack)
  const message = page.getByTestId('message').first()

  await message.getByRole('heading', { name: 'Head' }).waitFor()
  const shown = await message.locator('.section-text').evaluate((element) => element.innerHTML)
  expect(shown).toContain('<strong>bold <code class="inline-code">code</code></strong> <em>it</em> <s>no</s>')
  expect(shown).toContain(
    '@Anand Okafor</span> <span class="mention">@rescue-approvers</span> 🔑 a_b_c 2*3*4 &lt;b&gt;',
  )
  expect(shown).toContain('<blockquote>quoted</blockquote>')
  await message.getByRole('button', { name: 'Enlarge: The GRUB menu' }).click()
  const enlarged = page.getByRole('dialog', { name: 'The GRUB menu' })
  expect(await enlarged.getByRole('img').evaluate((image) => Reflect.get(image, 'naturalWidth'))).toBe(1)
  await page.keyboard.press('Escape')
  await enlarged.waitFor({ state: 'detached' })
})

it('says so when the app did not answer, and when a command was given in a thread', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const parent = await post(slack, { text: 'card' })
  await using page = await open(slack, parent)

  await write(page, 'channel', '/test')
  await page.getByRole('alert').getByText('/test failed with the error "dispatch_failed"').waitFor()
  await write(page, 'thread', '/test')
  await page.getByTestId('thread').getByText('/test is not supported in threads. Sorry!').waitFor()
  await write(page, 'thread', 'a *plain* answer')
  await page.getByTestId('thread-messages').getByText('a plain answer').waitFor()
})

it('is filled in and found by keyboard alone: a shortcut, type-ahead, radio buttons, a file', async () => {
  await using slack = await startSlack({ manifest: withShortcuts() })
  const heard: unknown[] = []
  await using _app = await connect(slack, async (payload) => {
    const { type, trigger_id, value, view } = Typed.parse(payload)
    if (type === 'block_suggestion')
      return {
        options: MACHINES.filter((name) => name.includes(value ?? '')).map((name) => option(name, `id-${name}`)),
      }
    if (type === 'view_submission') heard.push(view?.state.values)
    else await call(slack, 'views.open', { trigger_id, view: SEARCH })
    return {}
  })
  await using page = await open(slack)

  await page.getByRole('button', { name: 'Shortcuts' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  const modal = page.getByRole('dialog', { name: 'Search' })
  await modal.getByRole('combobox', { name: 'Machine' }).focus()
  await page.keyboard.type('db')
  await modal.getByRole('option', { name: 'db-2' }).waitFor()
  expect(await modal.getByRole('option').allTextContents()).toEqual(['db-1', 'db-2'])
  await page.keyboard.press('Escape')
  expect(await modal.getByRole('option').count()).toBe(0)
  await page.keyboard.type('-')
  await modal.getByRole('option', { name: 'db-2' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await modal.getByRole('radio', { name: 'It does not boot' }).focus()
  await page.keyboard.press('Space')
  await modal.getByLabel('Log').setInputFiles({ name: 'a b.log', mimeType: 'text/plain', buffer: Buffer.from('boot') })
  await modal.getByText('a b.log').waitFor()
  await modal.getByRole('button', { name: 'Go' }).press('Enter')
  await modal.waitFor({ state: 'detached' })

  expect(heard).toMatchObject([
    {
      machine: { machine: { type: 'external_select', selected_option: option('db-2', 'id-db-2') } },
      what: { what: { selected_option: { value: 'boot' } } },
      log: { log: { type: 'file_input', files: [{ name: 'a b.log', size: 4 }] } },
    },
  ])
})

it('stays where somebody is in a form that the app changes, and shows all that it suggests', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const [machine, what] = SEARCH.blocks
  const asking = { ...SEARCH, blocks: [machine, { ...what, dispatch_action: true }] }
  const more = ['one', 'two', 'three', 'four'].map((id) => ({
    type: 'input',
    block_id: id,
    label: plainText(id),
    element: { type: 'plain_text_input', action_id: id, multiline: true, focus_on_load: id === 'four' },
  }))
  await using _app = await connect(slack, async (payload) => {
    const { type, trigger_id, view } = Typed.parse(payload)
    if (type === 'block_suggestion') return { options: Array.from({ length: 9 }, (_, n) => option(`db-${n}`, `${n}`)) }
    if (type === 'block_actions')
      await call(slack, 'views.update', { view_id: view?.id, view: { ...asking, blocks: [...asking.blocks, ...more] } })
    else await call(slack, 'views.open', { trigger_id, view: asking })
    return {}
  })
  await using page = await open(slack)
  await write(page, 'channel', '/test')
  const modal = page.getByRole('dialog', { name: 'Search' })

  await modal.locator('input[role=combobox]:focus').waitFor()
  await page.keyboard.type('db')
  await modal.getByRole('option', { name: 'db-3' }).waitFor()
  const below = await modal.evaluate((dialog) => {
    const bottom = (part: string) => dialog.querySelector(part)?.getBoundingClientRect().bottom ?? Number.NaN
    return bottom('.suggestions') - bottom('.dialog-body')
  })
  expect(below).toBeLessThanOrEqual(1)
  await page.keyboard.press('Escape')
  await modal.getByRole('radio', { name: 'It does not boot' }).focus()
  await page.keyboard.press('Space')
  await modal.getByLabel('four').waitFor()

  expect(await modal.locator('input[value=boot]:focus:checked').count()).toBe(1)
})

it('closes what lies on top with Escape, and takes a shortcut on a message', async () => {
  await using slack = await startSlack({ manifest: withShortcuts() })
  const heard: unknown[] = []
  await using _app = await connect(slack, (payload) => {
    heard.push(payload)
    return call(slack, 'views.open', { trigger_id: Typed.parse(payload).trigger_id, view: SEARCH })
  })
  await post(slack, { text: 'web-1 does not answer' })
  await using page = await open(slack)

  await page.getByRole('button', { name: 'More for this message' }).press('Enter')
  await page.keyboard.press('Escape')
  expect(await page.getByRole('menu').count()).toBe(0)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  const modal = page.getByRole('dialog', { name: 'Search' })
  await modal.waitFor()
  await page.keyboard.press('Escape')
  await modal.waitFor({ state: 'detached' })

  expect(heard).toMatchObject([
    {
      type: 'message_action',
      callback_id: 'this',
      channel: { id: CHANNEL },
      message: { text: 'web-1 does not answer' },
    },
  ])
})

it('plays a recording of a console', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  const events = [[0, 'o', 'login: \u001b[32mopc\u001b[0m\r\n']].map((event) => JSON.stringify(event))
  const id = await upload(
    slack,
    'console.cast',
    [JSON.stringify({ version: 2, width: 80, height: 24 }), ...events].join('\n'),
  )
  await call(slack, 'files.completeUploadExternal', { files: [{ id, title: 'Recording' }], channel_id: CHANNEL })
  await using page = await open(slack)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))

  await page.getByRole('button', { name: 'Play' }).click()
  await page.getByTestId('player').locator('.ap-line', { hasText: 'login: opc' }).waitFor()
  await page.getByRole('button', { name: 'Close player' }).click()

  expect(await page.getByTestId('player').isVisible()).toBe(false)
  expect(complaints).toEqual([])
})

it('breaks Slack and mends it, and says which it is', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using _app = await connect(slack, () => ({}))
  await using page = await open(slack)

  await letSlackBe(page, '500 to every call')
  for (const path of ['api/auth.test', 'upload/v1/x', 'actions/T/x'])
    expect((await fetch(slack.pageUrl + path, { method: 'POST' })).status).toBe(500)
  await letSlackBe(page, '429 to every call')
  const limited = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' })
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '5'])
  await letSlackBe(page, 'Disconnected')
  await expect.poll(() => slack.statistics().sockets).toBe(0)
  await expect(connect(slack, () => ({}))).rejects.toThrow()
  await letSlackBe(page, 'Works')

  await using _again = await connect(slack, () => ({}))
  expect((await call(slack, 'auth.test')).ok).toBe(true)
})

it('reads times as the reader does', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await post(slack, { text: 'at <!date^1700000000^{date_long} {time}|then>' })
  await using page = await open(slack)
  await page.getByText('at Tuesday, November 14, 2023 22:13').waitFor()

  await switchTo(page, /Haruka/)
  await page.getByText('at 2023年11月15日水曜日 07:13').waitFor()
})

it('lets time pass, and says what stands in its way', async () => {
  let hindrance: string | undefined
  await using clock = await startClock(async () => hindrance)
  await using slack = await startSlack({ manifest: testManifest(), movableClock: clock })
  await post(slack, { text: `here since <!date^${Math.floor(Date.now() / 1000)}^{ago}|?>` })
  await using page = await open(slack)
  await using other = await open(slack)

  await page.getByTestId('clock').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByTestId('clock').getByText('+1 h', { exact: true }).waitFor()
  await other.getByTestId('clock').getByText('+1 h', { exact: true }).waitFor()
  hindrance = 'R-AAAAAA is at work.'
  const panel = page.getByTestId('clock-panel')
  await panel.getByRole('button', { name: '+10 min' }).click()
  await panel.getByRole('status').getByText(hindrance).waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'hidden' })
  expect(await page.getByTestId('clock').evaluate((button) => button.matches(':focus'))).toBe(true)

  expect(clock.ahead).toBe(3_600_000)
  const { ts } = await call(slack, 'chat.postMessage', { channel: CHANNEL, text: 'an hour later' })
  expect(Number(ts) * 1000).toBeGreaterThan(Date.now() + 3_500_000)
  await switchTo(page, /Anand/)
  await page.getByText('here since 1 hour ago').waitFor()
})

it('moves no clock that is not its own', async () => {
  await using slack = await startSlack({ manifest: testManifest() })
  await using page = await open(slack)
  await page.getByTestId('switches').waitFor()

  expect(await page.getByTestId('clock').isVisible()).toBe(false)
  const move = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"minutes":1}' }
  expect((await fetch(`${slack.pageUrl}page-api/clock`, move)).status).toBe(404)
})

it.each([
  [1280, 'light'],
  [1280, 'dark'],
  [400, 'light'],
  [400, 'dark'],
] as const)('fits into %i pixels, %s, with every channel and person in reach', async (width, colorScheme) => {
  await using clock = await startClock()
  await using slack = await startSlack({ manifest: testManifest(), movableClock: clock })
  const parent = await post(slack, { text: lines(3) })
  await post(slack, { thread_ts: parent, text: 'tail', blocks: [consoleText('x'.repeat(200))] })
  await using page = await open(slack)
  await page.setViewportSize({ width, height: 800 })
  await page.emulateMedia({ colorScheme })
  const overflow = () => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

  expect(await overflow()).toBe(0)
  if (width === 400) await page.getByRole('button', { name: 'Channels' }).click()
  await page.getByTestId('apps').getByRole('button').click()
  await page.getByRole('heading', { name: 'test-bot' }).waitFor()
  await page.goto(`${slack.pageUrl}?thread=${parent}`)
  await page.getByTestId('thread').getByTestId('console').waitFor()
  for (const name of [/Anand/, /Haruka/]) await page.getByRole('radio', { name }).click()
  await page.getByTestId('clock').click()
  await page.getByTestId('clock-panel').getByRole('button', { name: '+10 min' }).click()
  await page.getByTestId('clock-panel').getByRole('button', { name: '+10 min', disabled: false }).waitFor()
  await photograph(page, `clock-${width}-${colorScheme}`)

  expect(await overflow()).toBe(0)
})

async function startClock(hindrance: Hindrance = async () => undefined) {
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-clock-'))
  const clock = await LocalClock.start(directory, hindrance)
  return Object.assign(clock, {
    [Symbol.asyncDispose]: async () => {
      await clock.close()
      await rm(directory, { recursive: true, force: true })
    },
  })
}

function open({ pageUrl }: SlackStandIn, thread = ''): Promise<OpenPage> {
  return openPage(browser, `${pageUrl}?thread=${thread}`, 15_000)
}

async function post(slack: SlackStandIn, message: object): Promise<string> {
  return String((await call(slack, 'chat.postMessage', { channel: CHANNEL, ...message })).ts)
}

async function upload(slack: SlackStandIn, filename: string, content: string | Buffer<ArrayBuffer>): Promise<string> {
  const length = Buffer.byteLength(content)
  const { upload_url, file_id } = await call(slack, 'files.getUploadURLExternal', { filename, length })
  await fetch(String(upload_url), { method: 'POST', body: content })
  return String(file_id)
}

/** An app with a modal, a card, and a gate in the card's thread. */
function rescueApp(slack: SlackStandIn): Promise<BareApp> {
  return connect(slack, async (payload) => {
    const { type, trigger_id, user, container, view } = Payload.parse(payload)
    if (type === undefined) await call(slack, 'views.open', { trigger_id, view: MODAL })
    if (type === 'view_submission') return submitted(slack, Entered.parse(view?.state.values))
    if (type === 'block_actions') {
      const text = `Approved by <@${user?.id}>`
      await call(slack, 'chat.update', { channel: CHANNEL, ts: container?.message_ts, text, blocks: [section(text)] })
    }
    return {}
  })
}

const Payload = z.object({
  type: z.string().optional(),
  trigger_id: z.string(),
  user: z.object({ id: z.string() }).optional(),
  container: z.object({ message_ts: z.string() }).optional(),
  view: z.object({ state: z.object({ values: z.unknown() }) }).optional(),
})

const Entered = z.object({
  key: z.object({ key: z.object({ value: z.string() }) }),
  machine: z.object({ machine: z.object({ selected_option: z.object({ value: z.string() }) }) }),
  keep: z.object({ keep: z.object({ selected_options: z.array(z.unknown()) }) }),
})

async function submitted(slack: SlackStandIn, { key, machine, keep }: z.infer<typeof Entered>): Promise<object> {
  if (key.key.value === 'PRIVATE')
    return { response_action: 'errors', errors: { key: 'That is a private key: make a new one.' } }
  const keeps = keep.keep.selected_options.length === 1 ? 'keeping old keys' : 'replacing all keys'
  const parent = await post(slack, { text: `Rescue of ${machine.machine.selected_option.value}, ${keeps}` })
  const confirm = { title: plainText('Go on?'), text: plainText('x'), confirm: plainText('Yes'), deny: plainText('No') }
  const approve = { type: 'button', action_id: 'approve', style: 'primary', text: plainText('Approve'), confirm }
  await post(slack, { thread_ts: parent, text: 'gate', blocks: [{ type: 'actions', elements: [approve] }] })
  return {}
}

const MACHINES = ['web-1', 'db-1', 'db-2']

const Typed = z.object({
  type: z.string().optional(),
  trigger_id: z.string().optional(),
  value: z.string().optional(),
  view: z.object({ id: z.string(), state: z.object({ values: z.unknown() }) }).optional(),
})

function withShortcuts() {
  const manifest = testManifest()
  const shortcuts = [
    { name: 'Search', type: 'global', callback_id: 'search', description: 'Searches' },
    { name: 'This one', type: 'message', callback_id: 'this', description: 'Takes what the message names' },
  ] as const
  return { ...manifest, features: { ...manifest.features, shortcuts: [...shortcuts] } }
}

const option = (text: string, value: string) => ({ text: plainText(text), value })
const MODAL = {
  type: 'modal',
  title: plainText('Replace a key'),
  submit: plainText('Start'),
  blocks: [
    {
      type: 'input',
      block_id: 'key',
      label: plainText('Public key'),
      element: { type: 'plain_text_input', action_id: 'key', multiline: true },
    },
    {
      type: 'input',
      block_id: 'machine',
      label: plainText('Machine'),
      element: {
        type: 'static_select',
        action_id: 'machine',
        options: [option('web-1', 'web-1'), option('db-1', 'db-1')],
      },
    },
    {
      type: 'input',
      block_id: 'keep',
      optional: true,
      label: plainText('Existing keys'),
      element: { type: 'checkboxes', action_id: 'keep', options: [option('Keep the existing keys', 'keep')] },
    },
  ],
}

const SEARCH = {
  type: 'modal',
  title: plainText('Search'),
  submit: plainText('Go'),
  blocks: [
    {
      type: 'input',
      block_id: 'machine',
      label: plainText('Machine'),
      element: { type: 'external_select', action_id: 'machine', min_query_length: 1 },
    },
    {
      type: 'input',
      block_id: 'what',
      label: plainText('What'),
      element: {
        type: 'radio_buttons',
        action_id: 'what',
        options: [option('The key is lost', 'key'), option('It does not boot', 'boot')],
      },
    },
    {
      type: 'input',
      block_id: 'log',
      optional: true,
      label: plainText('Log'),
      element: { type: 'file_input', action_id: 'log' },
    },
  ],
}

function section(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text } }
}

function consoleText(text: string) {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
  }
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index}`).join('\n')
}
