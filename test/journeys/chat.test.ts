/**
 * What people do in Slack about a rescue, in a browser: asked for, decided, refused, typed into, while Slack breaks and heals.
 * The bot is production's and the log real; the worker is scripted, so no machine is there.
 */
import { randomUUID } from 'node:crypto'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SCREEN_INTERVAL_MS } from '../../core/approvals/verdicts.ts'
import { auditTrail } from '../../core/record/audit.ts'
import type { RescueEvent } from '../../core/record/events.ts'
import { defaultWorkspace } from '../../deploy/local/slack/server/options.ts'
import { askForKey, takeUp } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, REQUESTER } from '../helpers/bot.ts'
import {
  approveButton,
  cardOf,
  formOf,
  letSlackBe,
  type OpenPage,
  openBrowser,
  openPage,
  openThread,
  photograph,
  pressSurely,
  reads,
  switchTo,
  threadOf,
  write,
} from '../helpers/chat-page.ts'
import { GateOffice, planOf } from '../helpers/gate-office.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import { INSTANCE, KEYS_FILE, ScriptedWorker } from '../helpers/scripted-rescue.ts'

/** For one thing that is awaited, on a busy host. */
const PATIENCE_MS = 60_000
const GATE_MS = 600_000
/** The cards of all rescues of this file have buttons. */
const MOST_TABS = 300
const HARUKA_ID = 'U0HARUKA'
const AUDIT = { id: 'C0AUDIT', name: 'audit', members: [HARUKA_ID], botIsMember: true }

const [RIYA, ANAND, OLGA, HARUKA] = [/Riya/, /Anand/, /Olga/, /Haruka/]

const POLICY = `
audit: { channel: ${AUDIT.id}, mention: ${HARUKA_ID} }
rules:
  - name: two leads
    playbooks: [fsck]
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve: { by: { groups: [S0APPROVERS] }, count: 2 }
  - name: in an emergency
    playbooks: [unlock]
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve:
      by: { users: [${APPROVER}, ${HARUKA_ID}] }
      count: 2
      break-glass: { requester: true, reason: 30 }
  - name: somebody else
    playbooks: all
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve: { by: { users: [${REQUESTER}, ${APPROVER}, ${HARUKA_ID}] } }
`

let own: GateOffice
let browser: Browser
/** What went wrong in the page's own program. */
const complaints: Error[] = []
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  own = parts.use(await GateOffice.open(POLICY, [AUDIT]))
  browser = await openBrowser()
  parts.defer(() => browser.close())
})
afterAll(() => parts.disposeAsync())
afterEach(async () => {
  for (const { id } of defaultWorkspace.users) {
    const person = own.person(id)
    for (const view of person.views()) await person.closeView(view.id)
  }
  own.office.slack.chooseSwitch('slack', 'fair')
  expect(complaints.splice(0)).toEqual([])
  expect(own.office.slack.statistics().rateLimited).toBe(0)
})

async function open(): Promise<OpenPage> {
  const page = await openPage(browser, own.office.slack.pageUrl, PATIENCE_MS)
  page.on('pageerror', (error) => complaints.push(error))
  return page
}

const denyButton = (page: Page) => threadOf(page).getByText('Deny', { exact: true })
const newName = () => `web-${randomUUID().slice(0, 8)}`

/** Riya gives this command, in which `web` stands for an instance of its own. */
async function ask(page: Page, command: string): Promise<string> {
  const instance = newName()
  await switchTo(page, RIYA)
  await write(page, 'channel', `/oci-rescue ${command.replace('web', instance)}`)
  return instance
}

/** A worker takes up the rescue of this instance, whose card is there, and finds the instance. */
async function takenUp(page: Page, instance: string) {
  const card = cardOf(page, instance)
  await card.waitFor()
  const rescue = rescueIn(await card.textContent())
  const worker = await ScriptedWorker.claim(own.office.log, rescue, AbortSignal.timeout(PATIENCE_MS))
  await worker.find({ ...INSTANCE, id: `${INSTANCE.id}-${instance}`, name: instance })
  return { instance, card, rescue, worker }
}

/** Its first gate is open, and so is its thread. */
async function atGate(page: Page, command: string) {
  const rescue = await takenUp(page, await ask(page, command))
  const passed = rescue.worker.gate(planOf(rescue.worker), GATE_MS)
  await openThread(page, rescue.card)
  await approveButton(page).waitFor()
  return { ...rescue, passed }
}

function rescueIn(text: string | null): string {
  const found = /R-[0-9A-Z]{6}/.exec(text ?? '')?.[0]
  if (found === undefined) throw new Error(`no rescue is named here: ${text}`)
  return found
}

/** Only whoever sits there now. */
async function isTold(place: Locator, words: string | RegExp): Promise<void> {
  await place.getByTestId('ephemeral').filter({ hasText: words }).first().waitFor()
}

/** What people have done and tried in a rescue, as its audit trail says. */
async function deeds(rescue: string): Promise<readonly string[]> {
  const { entries, head } = await own.office.log.read(rescue, 0)
  return auditTrail(entries, head).flatMap(({ who, what, details }) => {
    if (who.kind !== 'person') return []
    const name = defaultWorkspace.users.find(({ id }) => id === who.user)?.realName.split(' ')[0]
    return [[name, what, details.wish, details.decision ?? details.why ?? details.text].filter(Boolean).join(' ')]
  })
}

type Ended = Extract<RescueEvent, { type: 'ended' }>

function ended(outcome: Ended['outcome'], machine: Ended['machine'], changed: Ended['changed'] = []): Ended {
  return { type: 'ended', outcome, code: outcome, details: {}, machine, changed }
}

describe('a rescue', () => {
  it('is asked for with a form, approved by somebody else, and undone from its result', async () => {
    await using page = await open()
    const instance = await ask(page, 'replace-key web')
    const form = formOf(page)
    await form.getByLabel('New public key').fill('-----BEGIN OPENSSH PRIVATE KEY-----')
    await form.getByRole('button', { name: 'Start the rescue' }).click()
    await form.getByText('consider it burned').waitFor()
    await form.getByLabel('New public key').fill(makePublicKey('riya@laptop').line)
    await form.getByLabel('What for?').fill('Her laptop is lost.')
    await form.getByRole('button', { name: 'Start the rescue' }).click()
    await form.waitFor({ state: 'detached' })
    const { worker, rescue, card } = await takenUp(page, instance)
    const passed = worker.gate(worker.requestPlan(), GATE_MS)
    await openThread(page, card)

    await switchTo(page, ANAND)
    await reads(page, '“Her laptop is lost.”')
    await approveButton(page).click()
    const sure = page.getByRole('dialog', { name: 'Take the machine down?' })
    await sure.getByRole('button', { name: 'Go back' }).click()
    await sure.waitFor({ state: 'detached' })
    await pressSurely(page, approveButton(page))

    expect(await passed).toBe('approved')
    await reads(page, /Approved by @Anand Okafor (today|yesterday) /)
    await card.getByText('Take it down: Approved by @Anand Okafor').waitFor()
    expect(await approveButton(page).count()).toBe(0)
    const changes = worker.changePlan('')
    const second = worker.gate(changes, GATE_MS)
    await reads(page, 'May this be changed on')
    await pressSurely(page, approveButton(page))
    expect(await second).toBe('approved')
    await worker.apply(changes)
    const changed = [{ path: KEYS_FILE, backup: `${KEYS_FILE}.old-${rescue}` }]
    await worker.append(ended('recovered', 'up', changed))
    await card.getByText('Recovered.').waitFor()
    const undo = threadOf(page).getByRole('button', { name: /^Undo/ })
    await pressSurely(page, undo)
    await isTold(threadOf(page), 'You are not on the list of people who may start a rescue')
    await switchTo(page, RIYA)
    await pressSurely(page, undo)
    await isTold(threadOf(page), `${rescue} is being undone by rescue`)
    await cardOf(page, `Undo the changes of ${rescue}`).waitFor()

    expect(await deeds(rescue)).toEqual(['Riya requested', 'Anand decided approved', 'Anand decided approved'])
  })

  it('is denied with a reason that everybody reads', async () => {
    await using page = await open()
    const { rescue, passed, card, instance, worker } = await atGate(page, 'fstab web')
    await switchTo(page, ANAND)
    await denyButton(page).click()
    const form = page.getByRole('dialog', { name: 'Deny' })
    await form.getByText(`${instance} stays as it is, untouched.`).waitFor()
    await form.getByRole('button', { name: 'Deny' }).click()
    await form.getByRole('alert').filter({ hasText: /\w/ }).waitFor()
    await form.getByLabel('Why?').fill('Not during the <sale>.')
    await form.getByRole('button', { name: 'Deny' }).click()
    await form.waitFor({ state: 'detached' })

    expect(await passed).toBe('denied')
    await switchTo(page, RIYA)
    await reads(page, /Denied by @Anand Okafor .*\d\. Why: “Not during the <sale>\.”/)
    await reads(page, `@Anand Okafor denied it. ${instance} stays as it is, untouched.`)
    await card.getByText('Take it down: Denied by @Anand Okafor').waitFor()
    await worker.append(ended('denied', 'untouched'))
    await card.getByText('Denied.', { exact: true }).waitFor()
    expect(await deeds(rescue)).toEqual(['Riya requested', 'Anand decided denied'])
  })

  it('waits for two where the policy wants two, and shows both', async () => {
    await using page = await open()
    const { rescue, passed, card, worker } = await atGate(page, 'fsck web -- it hangs')
    await reads(page, '2 people must approve.')
    await switchTo(page, ANAND)
    await pressSurely(page, approveButton(page))
    await reads(page, '@Anand Okafor approved it: 1 of 2.')
    await reads(page, /Approved so far: @Anand Okafor .* 1 more to go/)
    await card.getByText('waiting, 1 of 2 approvals').waitFor()
    expect(worker.state.gates[1]?.decision).toBeUndefined()
    await pressSurely(page, approveButton(page))
    await isTold(threadOf(page), 'You have approved this already')
    await photograph(page, 'chat-quorum')
    await switchTo(page, HARUKA)
    await pressSurely(page, approveButton(page))

    expect(await passed).toBe('approved')
    await reads(page, /Approved by @Anand Okafor .*, @Haruka Sato /)
    await card.getByText(/Approved by @Anand Okafor .*, @Haruka Sato /).waitFor()
    expect(await deeds(rescue)).toEqual([
      'Riya requested',
      'Anand approved',
      'Anand refused-click approved already-approved',
      'Haruka decided approved',
    ])
  })

  it('tells those who may not decide privately why, and changes nothing', async () => {
    await using page = await open()
    const { rescue, passed, worker } = await atGate(page, 'fstab web')
    await pressSurely(page, approveButton(page))
    await isTold(threadOf(page), 'You asked for this rescue, so somebody else has to approve it.')
    await switchTo(page, OLGA)
    await threadOf(page).getByTestId('ephemeral').waitFor({ state: 'detached' })
    await pressSurely(page, approveButton(page))
    await isTold(threadOf(page), 'You are not on the list of people who may approve, so nothing was changed.')
    await denyButton(page).click()
    await threadOf(page).getByTestId('ephemeral').nth(1).waitFor()
    expect(await formOf(page).count()).toBe(0)
    await write(page, 'channel', '/oci-rescue stop '.concat(rescue))
    await isTold(
      page.getByTestId('channel-messages'),
      `Only the one who asked for ${rescue}, or an approver, can stop it.`,
    )

    await switchTo(page, ANAND)
    expect(
      await threadOf(page)
        .getByText(/Olga|Only visible to you/)
        .count(),
    ).toBe(0)
    expect(worker.state.gates[1]).toMatchObject({ approvals: [], decision: undefined })
    await pressSurely(page, approveButton(page))
    expect(await passed).toBe('approved')
    expect(await deeds(rescue)).toEqual([
      'Riya requested',
      'Riya refused-click approved own-request',
      'Olga refused-click approved not-an-approver',
      'Olga refused-click denied not-an-approver',
      'Anand decided approved',
    ])
  })

  it('takes a double click for one', async () => {
    await using page = await open()
    const { rescue, passed } = await atGate(page, 'fsck web')
    const sent = () => own.office.slack.statistics().ackMilliseconds.length
    const before = sent()
    await switchTo(page, ANAND)
    await approveButton(page).dblclick()
    expect(await page.getByTestId('confirm').count()).toBe(1)
    await page.getByTestId('confirm-yes').dblclick()
    await reads(page, '@Anand Okafor approved it: 1 of 2.')
    await switchTo(page, HARUKA)
    await denyButton(page).dblclick()
    await formOf(page).getByRole('textbox').fill('No.')
    expect(await formOf(page).count()).toBe(1)
    await formOf(page).getByTestId('modal-submit').dblclick()

    expect(await passed).toBe('denied')
    await reads(page, /Denied by @Haruka Sato/)
    expect(await formOf(page).count()).toBe(0)
    expect(await threadOf(page).getByTestId('ephemeral').count()).toBe(0)
    // Approve, Deny, and the form.
    expect(sent() - before).toBe(3)
    expect(await deeds(rescue)).toEqual(['Riya requested', 'Anand approved', 'Haruka decided denied'])
  })

  it('begins anew when the plan changes, also for whoever was just writing why not', async () => {
    await using page = await open()
    const { rescue, passed, worker } = await atGate(page, 'fsck web')
    await switchTo(page, ANAND)
    await pressSurely(page, approveButton(page))
    await reads(page, '1 more to go')
    await switchTo(page, HARUKA)
    await denyButton(page).click()
    await formOf(page).getByRole('textbox').fill('/dev/sda is fine.')

    const again = worker.gate({ ...planOf(worker), request: { name: 'fsck', only: ['/dev/sdb'] } }, GATE_MS)
    const old = expect(passed).rejects.toMatchObject({ code: 'plan-changed' })
    await reads(page, /The plan has changed since, so the approval by @Anand Okafor .* is void\./)
    await formOf(page).getByTestId('modal-submit').click()
    await formOf(page).getByText('表示後に計画が変わった').waitFor()
    await formOf(page).getByTestId('modal-close').click()
    await reads(page, '/dev/sdb')
    expect(await approveButton(page).count()).toBe(1)
    await pressSurely(page, approveButton(page))
    await reads(page, '@Haruka Sato approved it: 1 of 2.')
    await switchTo(page, ANAND)
    await pressSurely(page, approveButton(page))

    expect(await again).toBe('approved')
    await old
    expect(await deeds(rescue)).toEqual([
      'Riya requested',
      'Anand approved',
      'Haruka refused-click denied plan-changed',
      'Haruka approved',
      'Anand decided approved',
    ])
  })

  it('is opened by whoever asked, alone and loudly, by breaking the glass', async () => {
    await using page = await open()
    const { rescue, passed, instance } = await atGate(page, 'unlock web')
    const reason = 'Payments are down, and nobody else answers the phone.'
    await threadOf(page)
      .getByRole('button', { name: `Approve for ${instance} alone, in an emergency` })
      .click()
    const form = page.getByRole('dialog', { name: 'Break the glass' })
    await form.getByLabel('Why can it not wait for them?').fill('I want to.')
    await form.getByRole('button', { name: 'Open it alone' }).click()
    await form.getByRole('alert').filter({ hasText: /\w/ }).waitFor()
    await form.getByLabel('Why can it not wait for them?').fill(reason)
    await form.getByRole('button', { name: 'Open it alone' }).click()

    expect(await passed).toBe('approved')
    await reads(page, 'The glass was broken. @Riya Raman approved this alone')
    await reads(page, /You should have been asked: @Anand Okafor.*@Haruka Sato/)
    await reads(page, reason)
    await photograph(page, 'chat-broken-glass')
    await switchTo(page, HARUKA)
    await page.getByTestId('channels').getByRole('button', { name: AUDIT.name }).click()
    const alarm = cardOf(page, rescue)
    await alarm.getByText(`The glass was broken for ${instance}`).waitFor()
    await alarm.getByText(reason).waitFor()
    await alarm.getByText('@Haruka Sato').waitFor()
    expect(await deeds(rescue)).toEqual(['Riya requested', 'Riya decided approved'])
  })

  it('answers a Japanese user in Japanese, and the thread in its own language', async () => {
    await using page = await open()
    const { rescue, passed, instance } = await atGate(page, 'fstab web')
    await switchTo(page, HARUKA)
    const channel = page.getByTestId('channel-messages')
    await write(page, 'channel', '/oci-rescue help')
    await isTold(channel, '誰もログインできない')
    await write(page, 'channel', `/oci-rescue fstab ${instance}`)
    await isTold(channel, '開始できる人の一覧にあなたが含まれていません')
    await write(page, 'thread', '!ヘルプ')
    await isTold(threadOf(page), '!ヘルプ というコマンドはありません')
    await denyButton(page).click()
    const form = page.getByRole('dialog', { name: '却下' })
    await form.getByText('レスキューは終了します。').waitFor()
    await form.getByLabel('理由').fill(' ')
    await form.getByRole('button', { name: '却下する' }).click()
    await form.getByText('理由を一言書いてください。').waitFor()
    await photograph(page, 'chat-japanese')
    await form.getByLabel('理由').fill('今はセール中です。')
    await form.getByRole('button', { name: '却下する' }).click()

    expect(await passed).toBe('denied')
    await reads(page, /Denied by @Haruka Sato .*\d\. Why: “今はセール中です。”/)
    expect(await deeds(rescue)).toEqual(['Riya requested', 'Haruka decided denied'])
  })
})

describe('a root shell', () => {
  it('is typed into from the thread, by form and by reply, looked at, interrupted, and stopped', async () => {
    await using page = await open()
    const { rescue, passed, worker, card } = await atGate(page, 'shell web')
    await switchTo(page, ANAND)
    await pressSurely(page, approveButton(page))
    expect(await passed).toBe('approved')
    await worker.append({ type: 'noticed', code: 'connection-active', details: {} })
    await worker.append({ type: 'phase-began', phase: 'shell' })
    await worker.append({ type: 'shell-opened', idleSeconds: 900, lineSeconds: 60 })
    const answer = { type: 'line-answered', how: 'ended', exitCode: 0, isCut: false } as const
    const interrupted = { ...answer, how: 'interrupted', exitCode: null, output: '' } as const

    await switchTo(page, RIYA)
    await card.getByRole('button', { name: /^Post a picture of the screen/ }).click()
    await worker.until(({ screenAsk }) => screenAsk)
    const lookedAt = performance.now()
    await worker.picture('boot-bash.03-shell', 'maintenance-shell', 'asked')
    await reads(page, /The screen at .*, for @Riya Raman: a maintenance shell\./)
    await threadOf(page)
      .getByRole('button', { name: /^Type a line/ })
      .click()
    const form = page.getByRole('dialog', { name: 'Type a line' })
    await form.getByLabel('Line').fill('uptime')
    await form.getByRole('button', { name: 'Run it' }).click()
    const first = await worker.until(({ shell }) => shell?.lines[0])
    await reads(page, 'Running. It is interrupted after')
    await worker.append({ ...answer, line: first.id, output: 'up 3 minutes\n' })
    await reads(page, 'up 3 minutes')
    await write(page, 'thread', '!say grep “opc” /etc/passwd')
    const second = await worker.until(({ shell }) => shell?.lines[1])
    await worker.append({ ...answer, line: second.id, output: 'opc:x:1000\n' })
    await reads(page, 'opc:x:1000')
    await write(page, 'thread', '!keys ctrl-c')
    await isTold(threadOf(page), 'Nothing was interrupted')

    await write(page, 'thread', '!say tail -f /var/log/messages')
    const third = await worker.until(({ shell }) => shell?.lines[2])
    await write(page, 'thread', '!keys ctrl-d')
    await isTold(threadOf(page), 'and no other keys for people')
    expect(third.interrupt).toBeUndefined()
    await write(page, 'thread', '!keys ctrl-c')
    await worker.until(({ shell }) => shell?.lines[2]?.interrupt)
    await reads(page, 'Ctrl-C is pressed, as @Riya Raman asked.')
    await worker.append({ ...interrupted, line: third.id })
    await reads(page, 'Interrupted by Ctrl-C, as @Riya Raman asked.')
    await write(page, 'thread', '!say sleep 600')
    const fourth = await worker.until(({ shell }) => shell?.lines[3])
    const interrupt = threadOf(page).getByRole('button', { name: /^Press Ctrl-C for the line/ })
    await switchTo(page, ANAND)
    await interrupt.click()
    await worker.until(({ shell }) => shell?.lines[3]?.interrupt)
    await reads(page, 'Ctrl-C is pressed, as @Anand Okafor asked.')
    await interrupt.waitFor({ state: 'detached' })
    await worker.append({ ...interrupted, line: fourth.id })
    await reads(page, 'Interrupted by Ctrl-C, as @Anand Okafor asked.')
    await switchTo(page, OLGA)
    await write(page, 'thread', '!say reboot')
    await isTold(threadOf(page), 'can type into its shell')

    await switchTo(page, ANAND)
    await expect.poll(() => performance.now() - lookedAt, { timeout: PATIENCE_MS }).toBeGreaterThan(SCREEN_INTERVAL_MS)
    await write(page, 'thread', '!screen')
    await worker.until(({ screenAsk }) => (screenAsk?.isAnswered === false ? true : undefined))
    await worker.picture('boot-bash.03-shell', 'maintenance-shell', 'asked')
    await reads(page, /The screen at .*, for @Anand Okafor: a maintenance shell\./)
    await threadOf(page).getByTestId('file').getByRole('img').nth(1).waitFor()
    await photograph(page, 'chat-shell')
    await write(page, 'thread', '!stop now')
    await isTold(threadOf(page), '!stop is written alone')
    await write(page, 'thread', '!stop')
    await reads(page, '@Anand Okafor asked to stop.')
    await worker.append(ended('stopped', 'up'))
    await card.getByRole('button', { name: /^Stop/ }).waitFor({ state: 'detached' })

    expect(await deeds(rescue)).toEqual([
      'Riya requested',
      'Anand decided approved',
      'Riya screen-asked',
      'Riya line-sent uptime',
      'Riya line-sent grep "opc" /etc/passwd',
      'Riya line-sent tail -f /var/log/messages',
      'Riya interrupt-asked',
      'Riya line-sent sleep 600',
      'Anand interrupt-asked',
      'Anand screen-asked',
      'Anand stop-requested',
    ])
  })
})

describe('a Slack that breaks', () => {
  it('is no reason to wait for a rescue that was approved, and its thread is whole and in order once it is healed', async () => {
    await using page = await open()
    const instance = await ask(page, 'replace-key web')
    await formOf(page).getByLabel('New public key').fill(makePublicKey('riya@laptop').line)
    await formOf(page).getByTestId('modal-submit').click()
    const { worker, rescue, card } = await takenUp(page, instance)
    const passed = worker.gate(worker.requestPlan(), GATE_MS)
    await openThread(page, card)
    await switchTo(page, ANAND)
    await approveButton(page).waitFor()

    await letSlackBe(page, '500 to every call')
    const before = own.botLog().length
    await pressSurely(page, approveButton(page))
    expect(await passed).toBe('approved')
    await worker.reachShell()
    await expect
      .poll(() => own.botLog().slice(before), { timeout: PATIENCE_MS })
      .toContain('Slack did not take a message yet')
    expect(await threadOf(page).getByText('Approved by').count()).toBe(0)
    const changes = worker.changePlan('')
    const second = worker.gate(changes, GATE_MS)
    await letSlackBe(page, 'Works')

    await threadOf(page)
      .getByRole('button', { name: /^Approve the changes/ })
      .waitFor()
    await pressSurely(page, approveButton(page))
    expect(await second).toBe('approved')
    await worker.apply(changes)
    await worker.bootNormally()
    await worker.prove()
    await worker.cleanUp()
    await worker.append(ended('recovered', 'up', [{ path: KEYS_FILE, backup: null }]))
    await threadOf(page).getByTestId('file').nth(2).waitFor()
    await reads(page, /It took \d/)

    const [, ...replies] = await threadOf(page).getByTestId('message').allTextContents()
    const told = replies.join('\n')
    const story = [
      'go down?',
      'approved it.',
      'The console connection is active.',
      'Console of web-',
      'The kernel line of “Debian GNU/Linux” is edited',
      'A root shell has been reached',
      'May this be changed on',
      'approved the changes.',
      'Changed /home/opc/.ssh/authorized_keys.',
      'Its console shows the login prompt',
      'The console connection is deleted.',
      'It took',
      'The boot loader (GRUB) has been caught',
      'Console recording of',
    ]
    const places = story.map((words) => told.indexOf(words))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    // Nothing twice; the live console has a message for each part of the way.
    const others = story.filter((words) => words !== 'Console of web-')
    expect(others.map((words) => told.split(words).length - 1)).toEqual(others.map(() => 1))
    expect(await deeds(rescue)).toEqual(['Riya requested', 'Anand decided approved', 'Anand decided approved'])
  })

  it('says so to whoever presses a button meanwhile, and takes the next press', async () => {
    await using page = await open()
    const { rescue, passed, worker } = await atGate(page, 'fstab web')
    const { sockets } = own.office.slack.statistics()
    await switchTo(page, ANAND)
    await letSlackBe(page, 'Disconnected')
    await pressSurely(page, approveButton(page))
    await threadOf(page).getByTestId('notice').getByText('failed with the error').waitFor()
    expect(worker.state.gates[1]?.decision).toBeUndefined()
    await letSlackBe(page, 'Works')
    await expect.poll(() => own.office.slack.statistics().sockets, { timeout: PATIENCE_MS }).toBe(sockets)
    await pressSurely(page, approveButton(page))

    expect(await passed).toBe('approved')
    await reads(page, /Approved by @Anand Okafor/)
    expect(await deeds(rescue)).toEqual(['Riya requested', 'Anand decided approved'])
  })
})

describe('a command', () => {
  it('is typed for each kind of rescue, and gives its card; status lists it, and stop ends it', async () => {
    await using page = await open()
    const typed = [
      ['reset-password web opc', 'Reset the password of opc on'],
      ['sudoers web', 'Repair sudo on'],
      ['sshd web', 'Repair the SSH server of'],
      ['diagnose web', 'Diagnose'],
      ['kernel web', 'Boot the previous kernel of'],
      ['edit web /etc/fstab', 'Edit a file on'],
      ['history web', 'Console history of'],
      ['screenshot web', 'A screenshot of'],
      ['reboot web', 'Reboot', 'the system is asked to stop first'],
      ['reboot web hard', 'Reboot', 'at once, as by the reset button'],
      ['interrupt web', 'Send a diagnostic interrupt to'],
    ] as const
    for (const [command, title, says = ''] of typed) {
      const card = cardOf(page, `${title} ${await ask(page, command)}`)
      await card.filter({ hasText: says }).waitFor()
    }

    const instance = await ask(page, 'connect web')
    const form = page.getByRole('dialog', { name: 'The console for you' })
    await form.getByLabel('Your public key (RSA)').fill(makePublicKey('riya@laptop').line)
    await form.getByRole('button', { name: 'Ask for it' }).click()
    await form.getByText('OCI takes only RSA keys').first().waitFor()
    await form.getByRole('button', { name: 'Cancel' }).click()
    await form.waitFor({ state: 'detached' })
    expect(await cardOf(page, instance).count()).toBe(0)
    const stopped = await ask(page, 'sudoers web')
    const card = cardOf(page, stopped)
    await card.waitFor()
    const rescue = rescueIn(await card.textContent())
    const channel = page.getByTestId('channel-messages')
    await write(page, 'channel', '/oci-rescue status')
    await isTold(channel, 'Rescues under way')
    await write(page, 'channel', '/oci-rescue help fsck')
    await isTold(channel, 'mends damaged file systems')
    await write(page, 'channel', `/oci-rescue stop ${rescue}`)
    await card.getByText('Stopping.').waitFor()

    expect(await deeds(rescue)).toEqual(['Riya requested', 'Riya stop-requested'])
  })

  it('takes back what a rescue has changed, and once', async () => {
    const instance = newName()
    const { rescue } = await askForKey(own.office, instance)
    const worker = await takeUp(own.office, rescue, instance)
    await worker.apply(worker.changePlan(''))
    await worker.append(ended('recovered', 'up', [{ path: KEYS_FILE, backup: null }]))
    await using page = await open()
    const channel = page.getByTestId('channel-messages')
    await switchTo(page, RIYA)
    await write(page, 'channel', `/oci-rescue undo ${rescue}`)
    await isTold(channel, `${rescue} is being undone by rescue`)
    const card = cardOf(page, `Undo the changes of ${rescue}`)
    await card.waitFor()
    await write(page, 'channel', `/oci-rescue undo ${rescue}`)
    await isTold(channel, `@Riya Raman has begun to undo ${rescue}`)

    expect(await card.count()).toBe(1)
    const undo = rescueIn((await card.textContent())?.replaceAll(rescue, '') ?? null)
    expect(await deeds(undo)).toEqual(['Riya requested'])
  })
})

describe('without a mouse', () => {
  it('is approved with Tab and Enter, on a narrow screen', async () => {
    await using page = await open()
    const { card, worker, rescue, instance } = await takenUp(page, await ask(page, 'fstab web'))
    const passed = worker.gate(planOf(worker), GATE_MS)
    await page.setViewportSize({ width: 400, height: 860 })
    await card.getByTestId('open-thread').waitFor()

    await tabTo(page, page.getByRole('radio', { name: RIYA }))
    await page.keyboard.press('ArrowRight')
    await page.getByRole('radio', { name: ANAND, checked: true }).waitFor()
    await tabTo(page, card.getByTestId('open-thread'))
    await page.keyboard.press('Enter')
    await approveButton(page).waitFor()
    await tabTo(page, approveButton(page))
    await photograph(page, 'chat-narrow')
    await page.keyboard.press('Enter')
    await tabTo(page, page.getByRole('button', { name: 'Take it down' }))
    await photograph(page, 'chat-narrow-sure')
    await page.keyboard.press('Enter')

    expect(await passed).toBe('approved')
    await reads(page, /Approved by @Anand Okafor/)
    await page.keyboard.press('Escape')
    await threadOf(page).waitFor({ state: 'hidden' })
    await cardOf(page, instance).getByText('Take it down: Approved by @Anand Okafor').waitFor()
    expect(await card.getByTestId('open-thread').evaluate((button) => button.matches(':focus'))).toBe(true)
    expect(await deeds(rescue)).toEqual(['Riya requested', 'Anand decided approved'])
  })

  /** Presses Tab until this has the focus. */
  async function tabTo(page: Page, wanted: Locator): Promise<void> {
    for (let pressed = 0; pressed < MOST_TABS; pressed += 1) {
      if (await wanted.evaluate((element) => element.matches(':focus'))) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`${wanted} is not reached with Tab`)
  }
})
