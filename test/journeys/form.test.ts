/**
 * `/oci-rescue` alone, in a browser: the form that asks what is wrong, on which instance, and then only what that needs. The
 * bot is production's; a scripted worker finds the instance.
 */
import { randomUUID } from 'node:crypto'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ListedInstance } from '../../core/record/inventory.ts'
import type { PlaybookRequest } from '../../core/record/playbooks.ts'
import { Inventories } from '../../core/store/inventories.ts'
import { INVENTORY } from '../../core/store/keys.ts'
import { newConsoleKey } from '../../deploy/local/oci/oci-fixture.ts'
import { askForKey, newRescue, takeUp } from '../helpers/asking.ts'
import { type Office, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import {
  approveButton,
  cardOf,
  formOf,
  type OpenPage,
  openBrowser,
  openPage,
  openThread,
  photograph,
  pressSurely,
  reads,
  switchTo,
  write,
} from '../helpers/chat-page.ts'
import { planOf } from '../helpers/gate-office.ts'
import { inventoryOf, listed } from '../helpers/inventory.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import { INSTANCE, ScriptedWorker } from '../helpers/scripted-rescue.ts'

/** For one thing that is awaited, on a busy host. */
const PATIENCE_MS = 60_000
const GATE_MS = 600_000
const DB = listed('db-1', { addresses: ['10.0.0.8'] })

let office: Office
let browser: Browser
/** What went wrong in the page's own program. */
const complaints: Error[] = []
const parts = new AsyncDisposableStack()
/** Each test has one of its own, for a rescue has it to itself. */
let web: ListedInstance

beforeAll(async () => {
  office = parts.use(await openOffice())
  const bot = await startBot(office.environment)
  parts.defer(() => bot.kill())
  browser = await openBrowser()
  parts.defer(() => browser.close())
})
afterAll(() => parts.disposeAsync())

beforeEach(async () => {
  web = listed(`web-${randomUUID().slice(0, 8)}`, { addresses: ['10.0.0.7'] })
  await office.redis.del(INVENTORY)
  const listing = { inventory: inventoryOf(web, DB), listedAt: new Date() }
  expect(await new Inventories(office.redis).replace(listing)).toBe(true)
})
afterEach(async () => {
  const riya = office.slack.person(REQUESTER)
  for (const { id } of riya.views()) await riya.closeView(id)
  expect(complaints.splice(0)).toEqual([])
})

async function open(): Promise<OpenPage> {
  const page = await openPage(browser, office.slack.pageUrl, PATIENCE_MS)
  page.on('pageerror', (error) => complaints.push(error))
  await switchTo(page, /Riya/)
  return page
}

/** Riya types the command alone, and says what is wrong. */
async function openForm(page: Page, wrong: string): Promise<Locator> {
  await write(page, 'channel', '/oci-rescue')
  const form = formOf(page)
  await form.getByRole('heading', { name: 'Rescue an instance' }).waitFor()
  expect(await fields(form)).toEqual(['What is wrong?', 'Instance', 'What for?'])
  await sayWhatIsWrong(page, wrong)
  return form
}

/** The form then has the fields for that, which comes a moment later. */
async function sayWhatIsWrong(page: Page, wrong: string): Promise<void> {
  await formOf(page).getByRole('radio', { name: wrong }).check()
  await page.locator('[data-testid="modal"]:not([data-callback-id="start"])').waitFor()
}

/** What it asks for now. */
async function fields(form: Locator): Promise<readonly string[]> {
  const labels = await form.locator('.label').allTextContents()
  return labels.map((label) => label.replace(' (optional)', ''))
}

function box(form: Locator, name: string): Locator {
  return form.getByRole('textbox', { name })
}

/** From the list, by its address. */
async function chooseWeb(form: Locator): Promise<void> {
  await form.getByRole('combobox', { name: 'Instance' }).fill('10.0.0.7')
  await form.getByRole('option', { name: web.name }).click()
}

/** The rescue that the form begins, once a worker has found its instance; the form is gone. */
async function sent(page: Page): Promise<{ readonly worker: ScriptedWorker; readonly card: Locator }> {
  const { rescue } = await newRescue(office, async () => {
    await formOf(page).getByTestId('modal-submit').click()
    await formOf(page).waitFor({ state: 'detached' })
  })
  const worker = await ScriptedWorker.claim(office.log, rescue, AbortSignal.timeout(PATIENCE_MS))
  expect(worker.state.request?.target).toBe(web.id)
  await worker.find({ ...INSTANCE, id: web.id, name: web.name })
  const card = cardOf(page, rescue)
  await card.getByText(web.name).first().waitFor()
  return { worker, card }
}

/** It is the field itself that says so, where it can be read, and that has the focus. */
async function isWrong(form: Locator, field: Locator, words: string): Promise<void> {
  const [id] = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
  const error = form.locator(`#${id}`)
  await error.filter({ hasText: words }).waitFor()
  expect(await end(error)).toBeLessThanOrEqual(await end(form.locator('.dialog-body')))
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  expect(await field.evaluate((element) => element.matches(':focus'))).toBe(true)
}

/** How far down it reaches. */
async function end(part: Locator): Promise<number> {
  const box = await part.boundingBox()
  if (box === null) throw new Error(`${part} is not to be seen`)
  return box.y + box.height
}

interface Asked {
  readonly wrong: string
  readonly task: string
  /** What the form asks for, besides what is wrong, on which instance, and what for. */
  readonly fields?: readonly string[]
  fill?(form: Locator): Promise<void>
  /** The card's title, before the instance's name. */
  readonly title: string
  /** What card and gate say of what was filled in. */
  readonly says?: readonly (string | RegExp)[]
  /** What the worker is asked for, where that says more. */
  readonly asks?: PlaybookRequest
  /** It needs no approval, or not at first. */
  readonly onlyLooks?: true
}

const LOST_KEY = 'Nobody can log in'
const NO_BOOT = 'It does not boot'
const CHANGE = 'Something on it has to be changed'
const CONSOLE = 'I just need the console'

const fillDeploy = (form: Locator) => box(form, 'User on the instance').fill('deploy')

const ASKED: readonly Asked[] = [
  {
    wrong: LOST_KEY,
    task: 'Replace the SSH key',
    fields: ['User on the instance', 'New public key', 'Keys that are there now'],
    fill: async (form) => {
      await box(form, 'User on the instance').fill('deploy')
      await box(form, 'New public key').fill(makePublicKey('riya@laptop').line)
      await form.getByRole('checkbox', { name: 'Keep the existing keys' }).check()
    },
    title: 'Replace the SSH key of deploy on',
    says: [/Existing keys\s*kept/, 'riya@laptop'],
  },
  {
    wrong: LOST_KEY,
    task: 'Set a one-time password',
    ...{ fields: ['User on the instance'], fill: fillDeploy },
    title: 'Reset the password of deploy on',
  },
  {
    wrong: LOST_KEY,
    task: 'Let a locked user in again',
    ...{ fields: ['User on the instance'], fill: fillDeploy },
    title: 'Unlock deploy on',
  },
  {
    wrong: LOST_KEY,
    task: 'Repair the SSH server',
    ...{ fields: ['User on the instance'], fill: fillDeploy },
    title: 'Repair the SSH server of',
    asks: { name: 'sshd', user: 'deploy' },
  },
  { wrong: LOST_KEY, task: 'Repair sudo', title: 'Repair sudo on' },
  { wrong: NO_BOOT, task: 'Find out what is wrong', title: 'Diagnose', onlyLooks: true },
  {
    wrong: NO_BOOT,
    task: 'Mend damaged file systems',
    fields: ['Only these'],
    fill: (form) => box(form, 'Only these').fill('/dev/sdb1 /var'),
    title: 'Check and mend file systems of',
    asks: { name: 'fsck', only: ['/dev/sdb1', '/var'] },
  },
  {
    wrong: NO_BOOT,
    task: 'Boot without file systems that are missing',
    fields: ['Only these'],
    title: 'Repair /etc/fstab of',
    asks: { name: 'fstab', only: [] },
  },
  { wrong: NO_BOOT, task: 'Boot the previous kernel', title: 'Boot the previous kernel of' },
  {
    wrong: CHANGE,
    task: 'Edit a file',
    fields: ['File'],
    fill: (form) => box(form, 'File').fill('/etc/ssh/sshd_config'),
    title: 'Edit a file on',
    says: ['/etc/ssh/sshd_config'],
  },
  { wrong: CHANGE, task: 'Type lines as root', title: 'A root shell on' },
  {
    wrong: CONSOLE,
    task: 'Hand out the console for my own key',
    fields: ['Your public key (RSA)', 'For how long'],
    fill: async (form) => {
      await box(form, 'Your public key (RSA)').fill(newConsoleKey().publicLine)
      await form.getByLabel('For how long').selectOption({ label: 'Four hours' })
    },
    title: 'The console of',
    says: ['240 minutes'],
  },
  { wrong: CONSOLE, task: 'Post what the console has said', title: 'Console history of', onlyLooks: true },
  { wrong: CONSOLE, task: 'Post what the screen shows', title: 'A screenshot of', onlyLooks: true },
  {
    wrong: CONSOLE,
    task: 'Reboot it gracefully',
    title: 'Reboot',
    says: ['the system is asked to stop first'],
  },
  { wrong: CONSOLE, task: 'Reset it at once', title: 'Reboot', says: ['at once, as by the reset button'] },
  { wrong: CONSOLE, task: 'Send a diagnostic interrupt', title: 'Send a diagnostic interrupt to' },
]

describe('the form', () => {
  it.each(ASKED.map((asked) => [asked.task, asked] as const))(
    'begins: %s',
    async (_, { wrong, task, fields: own = [], fill, title, says = [], asks, onlyLooks }) => {
      await using page = await open()
      const form = await openForm(page, wrong)
      await form.getByLabel('What shall be done?').selectOption({ label: task })
      const all = ['What is wrong?', 'What shall be done?', 'Instance', ...own, 'What for?']
      await expect.poll(() => fields(form), { timeout: PATIENCE_MS }).toEqual(all)

      await chooseWeb(form)
      await fill?.(form)
      await form.getByLabel('What for?').fill('Down since noon.')
      await photograph(page, `form-${title.toLowerCase().replaceAll(/\W+/g, '-')}`)
      const { worker, card } = await sent(page)

      if (asks !== undefined) expect(worker.state.request?.playbook).toEqual(asks)
      for (const words of [`${title} ${web.name}`, ...says]) await card.filter({ hasText: words }).waitFor()
      if (onlyLooks) return
      const passed = worker.gate(planOf(worker), GATE_MS)
      await openThread(page, card)
      for (const words of [...says, 'Down since noon.']) await reads(page, words)
      await switchTo(page, /Anand/)
      await pressSurely(page, approveButton(page))
      expect(await passed).toBe('approved')
    },
  )

  it('takes back what a rescue has changed', async () => {
    const { rescue } = await askForKey(office, web.name)
    const worker = await takeUp(office, rescue, web.name)
    await worker.apply(worker.changePlan(''))
    const ended = { type: 'ended', outcome: 'recovered', code: 'recovered', details: {}, machine: 'up' } as const
    await worker.append({ ...ended, changed: [] })
    await using page = await open()
    const form = await openForm(page, CHANGE)
    await form.getByLabel('What shall be done?').selectOption({ label: 'Take back what a rescue has changed' })
    await expect
      .poll(() => fields(form), { timeout: PATIENCE_MS })
      .toEqual(['What is wrong?', 'What shall be done?', 'Rescue', 'What for?'])

    await box(form, 'Rescue').fill('web-1')
    await form.getByTestId('modal-submit').click()
    await isWrong(form, box(form, 'Rescue'), 'This is no rescue')
    await box(form, 'Rescue').fill(rescue)
    await form.getByTestId('modal-submit').click()

    await form.getByText(`${rescue} is being undone by rescue`).waitFor()
    await cardOf(page, `Undo the changes of ${rescue}`).waitFor()
  })

  it.each([
    ['web fsck /dev/sdb1', NO_BOOT, 'Mend damaged file systems', { 'Only these': '/dev/sdb1' }],
    ['edit /etc/fstab web', CHANGE, 'Edit a file', { File: '/etc/fstab' }],
    ['deploy unlock 10.0.0.7', LOST_KEY, 'Let a locked user in again', { 'User on the instance': 'deploy' }],
  ])('has what was typed: %s', async (typed, wrong, task, values) => {
    await using page = await open()
    await write(
      page,
      'channel',
      `/oci-rescue ${typed.replace('web', web.name)} -- as @anand said: https://example.com/7`,
    )
    const form = formOf(page)
    await form.getByRole('radio', { name: wrong, checked: true }).waitFor()

    const shown = await form.getByLabel('What shall be done?').locator('option:checked').textContent()
    expect(shown).toBe(task)
    expect(await form.getByRole('combobox', { name: 'Instance' }).inputValue()).toBe(web.name)
    for (const [name, value] of Object.entries(values)) expect(await box(form, name).inputValue()).toBe(value)
    expect(await form.getByLabel('What for?').inputValue()).toBe('as @anand said: https://example.com/7')
    await photograph(page, `form-typed-${typed.split(' ')[0]}`)
    await sent(page)
  })

  it('says what of the words it leaves out, and a command that can not use them begins nothing', async () => {
    await using page = await open()
    const before = await office.log.live()
    await write(page, 'channel', `/oci-rescue sudoers ${web.name} at once`)
    const answer = page.getByTestId('channel-messages').getByTestId('ephemeral')
    await answer.filter({ hasText: 'I do not understand at once here' }).filter({ hasText: 'repairs sudo' }).waitFor()
    expect(await office.log.live()).toEqual(before)

    await write(page, 'channel', `/oci-rescue ${web.name} sudoers at once`)

    await formOf(page).getByText('Not understood, and left out: at once').waitFor()
    const { card } = await sent(page)
    await card.filter({ hasText: `Repair sudo on ${web.name}` }).waitFor()
  })

  it('offers each thing that can be done, and keeps what was filled in when another is chosen', async () => {
    await using page = await open()
    const form = await openForm(page, CHANGE)
    await chooseWeb(form)
    await form.getByLabel('What for?').fill('Down since noon.')
    await form.getByRole('radio', { name: CONSOLE }).check()
    await form.getByLabel('For how long').waitFor()
    await form.getByLabel('What shall be done?').selectOption({ label: 'Post what the screen shows' })
    await form.getByLabel('For how long').waitFor({ state: 'detached' })

    const offered = await form.getByLabel('What shall be done?').locator('option').allTextContents()
    const wanted = ASKED.flatMap(({ wrong, task }) => (wrong === CONSOLE ? [task] : []))
    expect(offered.filter((one) => one !== 'Choose an option')).toEqual(wanted)
    expect(await form.getByRole('combobox', { name: 'Instance' }).inputValue()).toBe(web.name)
    expect(await form.getByLabel('What for?').inputValue()).toBe('Down since noon.')
    const { card } = await sent(page)

    await card.filter({ hasText: `A screenshot of ${web.name}` }).waitFor()
  })

  it('says at its field what is wrong with it, and takes it when it is mended', async () => {
    await using page = await open()
    const form = await openForm(page, LOST_KEY)
    const send = () => form.getByTestId('modal-submit').click()
    const [instance, user, key] = [
      form.getByRole('combobox', { name: 'Instance' }),
      box(form, 'User on the instance'),
      box(form, 'New public key'),
    ]
    await key.waitFor()
    const before = await office.log.live()

    await send()
    await isWrong(form, instance, 'Please complete this required field.')
    await chooseWeb(form)
    await key.fill('-----BEGIN OPENSSH PRIVATE KEY-----')
    await send()
    await isWrong(form, key, 'consider it burned')
    await photograph(page, 'form-wrong')
    await key.fill(makePublicKey('riya@laptop').line)
    await user.fill('root; reboot')
    await send()
    await isWrong(form, user, 'Not a user name')
    expect(await form.getByRole('alert').filter({ hasText: /\w/ }).count()).toBe(1)
    await form.getByRole('radio', { name: CHANGE }).check()
    await box(form, 'File').fill('etc/fstab')
    await send()
    await isWrong(form, box(form, 'File'), 'A path from /')
    expect(await office.log.live()).toEqual(before)
    await box(form, 'File').fill('/etc/fstab')
    const { card } = await sent(page)

    await card.filter({ hasText: `Edit a file on ${web.name}` }).waitFor()
  })

  it('takes an instance that is in no list, when it is typed', async () => {
    await using page = await open()
    const form = await openForm(page, 'It does not boot')
    await form.getByRole('button', { name: 'Not in the list?' }).click()
    await form.getByRole('textbox', { name: 'Instance' }).fill(web.id)
    const { card } = await sent(page)

    await card.filter({ hasText: `Diagnose ${web.name}` }).waitFor()
  })

  it('has the instance that a message speaks of, when it is opened from there', async () => {
    await using page = await open()
    const alarm = `10.0.0.7 does not answer since ${randomUUID()}`
    await write(page, 'channel', alarm)
    const message = cardOf(page, alarm)
    await message.hover()
    await message.getByRole('button', { name: 'More for this message' }).click()
    await page.getByRole('menuitem', { name: 'Rescue this instance' }).click()
    const form = formOf(page)
    await form.getByText('Recognised in that message.').waitFor()
    expect(await form.getByRole('combobox', { name: 'Instance' }).inputValue()).toBe(web.name)
    await sayWhatIsWrong(page, 'It does not boot')
    const { card } = await sent(page)

    await card.filter({ hasText: `Diagnose ${web.name}` }).waitFor()
  })
})
