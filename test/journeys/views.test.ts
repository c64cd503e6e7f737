/**
 * What people see at the moments that matter, each in a workspace of its own: all of it fits, nothing is cut off, and
 * `npm run pictures` keeps how it looks. The bot is production's; the worker is scripted.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RescueEvent } from '../../core/record/events.ts'
import { Inventories } from '../../core/store/inventories.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { type Asked, askFor, askForKey } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, REQUESTER } from '../helpers/bot.ts'
import {
  cardOf,
  formOf,
  type OpenPage,
  openBrowser,
  openPage,
  photograph,
  reads,
  switchTo,
  threadOf,
  write,
} from '../helpers/chat-page.ts'
import { GateOffice, planOf } from '../helpers/gate-office.ts'
import { inventoryOf, listed } from '../helpers/inventory.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import { ScriptedWorker } from '../helpers/scripted-rescue.ts'

/** For one thing that is awaited, on a busy host. */
const PATIENCE_MS = 60_000
const GATE_MS = 900_000
const HARUKA_ID = 'U0HARUKA'
const AUDIT = { id: 'C0AUDIT', name: 'audit', members: [APPROVER, HARUKA_ID], botIsMember: true }

const [RIYA, ANAND, HARUKA] = [/Riya/, /Anand/, /Haruka/]

const POLICY = `
audit: { channel: ${AUDIT.id}, mention: ${HARUKA_ID} }
rules:
  - name: two
    playbooks: [fsck, unlock]
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve:
      by: { groups: [S0APPROVERS] }
      count: 2
      break-glass: { requester: true, reason: 30 }
  - name: one
    playbooks: all
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve: { by: { groups: [S0APPROVERS] } }
`

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

it('a quorum: one has approved, and another one has to', async () => {
  await using own = await GateOffice.open(POLICY)
  const { card, gate } = await atGate(own, await askFor(own.office, 'fsck web-1 — it hangs since the power cut'))
  await own.person(APPROVER).click(CHANNEL, gate.ts, 'approve')
  await using page = await open(own, card, ANAND)
  await reads(page, '@Anand Okafor approved it: 1 of 2.')
  await cardOf(page, 'waiting, 1 of 2 approvals').waitFor()

  await look(page, 'quorum')
})

it('a denial, with its reason', async () => {
  await using own = await GateOffice.open(POLICY)
  const { card, gate, worker, passed } = await atGate(own, await askFor(own.office, 'fstab web-1 -- disk was replaced'))
  const form = await own.form(APPROVER, gate.ts, 'deny')
  await own.person(APPROVER).submit(form.id, { reason: 'The sale runs until six. Ask again in the evening.' })
  expect(await passed).toBe('denied')
  await worker.append(ended('denied'))
  await using page = await open(own, card, RIYA)
  await reads(page, /Denied by @Anand Okafor .*The sale runs until six/)
  await reads(page, /It took \d/)
  await cardOf(page, 'Denied.').waitFor()

  await look(page, 'denial')
})

it('a glass that was broken: in its thread, and the alarm in the channel for that', async () => {
  await using own = await GateOffice.open(POLICY, [AUDIT])
  const { card, gate, passed } = await atGate(own, await askFor(own.office, 'unlock web-1'))
  const form = await own.form(REQUESTER, gate.ts, 'break-glass')
  const reason = 'Payments are down, and nobody else answers the phone.'
  await own.person(REQUESTER).submit(form.id, { reason })
  expect(await passed).toBe('approved')
  await using page = await open(own, card, ANAND)
  await reads(page, 'You should have been asked:')
  await look(page, 'break-glass')

  await switchTo(page, HARUKA)
  await page.getByTestId('channels').getByRole('button', { name: AUDIT.name }).click()
  await cardOf(page, 'The glass was broken for web-1').waitFor()
  await page.setViewportSize({ width: 1280, height: 420 })
  await look(page, 'alarm')
})

it('a thread in Japanese, in a channel that speaks it', async () => {
  await using own = await GateOffice.open(POLICY, [], { RESCUE_CHANNEL_LANGUAGES: `${CHANNEL}=ja` })
  const { card, gate, worker, passed } = await atGate(own, await askForKey(own.office, 'web-1'))
  await own.person(APPROVER).click(CHANNEL, gate.ts, 'approve')
  expect(await passed).toBe('approved')
  await worker.reachShell()
  const changes = worker.changePlan(`${makePublicKey('ssh-key-lost').line}\n`)
  void leftOpen(worker.gate(changes, GATE_MS))
  await using page = await open(own, card, HARUKA)
  await threadOf(page).getByTestId('file').getByRole('img').waitFor()
  await threadOf(page).locator('[data-action-id="approve"]').scrollIntoViewIfNeeded()

  await look(page, 'japanese')
})

it('a root shell, typed into from the thread', async () => {
  await using own = await GateOffice.open(POLICY)
  const { card, gate, worker, passed } = await atGate(own, await askFor(own.office, 'shell web-1 -- /var is full'))
  await own.person(APPROVER).click(CHANNEL, gate.ts, 'approve')
  expect(await passed).toBe('approved')
  await worker.append({ type: 'phase-began', phase: 'shell' })
  await worker.append({ type: 'shell-opened', idleSeconds: 900, lineSeconds: 60 })
  await using page = await open(own, card, RIYA)
  await reads(page, 'A line is interrupted after')
  for (const [index, { line, output, exitCode }] of LINES.entries()) {
    await write(page, 'thread', `!say ${line}`)
    const { id } = await worker.until(({ shell }) => shell?.lines[index])
    await worker.append({ type: 'line-answered', how: 'ended', exitCode, isCut: false, line: id, output })
    await reads(page, output.split('\n')[0] ?? '')
  }
  await threadOf(page).locator('[data-action-id="type-line"]').waitFor()

  await look(page, 'shell')
})

const LINES = [
  {
    line: 'df -h /var',
    output:
      'Filesystem                 Size  Used Avail Use% Mounted on\n/dev/mapper/ocivolume-var   10G   10G   20K 100% /var\n',
    exitCode: 0,
  },
  {
    line: 'du -sh /var/log/messages*',
    output: '8.1G\t/var/log/messages\n12M\t/var/log/messages-20260101\n',
    exitCode: 0,
  },
  {
    line: 'rm /var/log/mesages',
    output: "rm: cannot remove '/var/log/mesages': No such file or directory\n",
    exitCode: 1,
  },
] as const

it('the form: instances are found while somebody types, and what is wrong is said at its field', async () => {
  await using own = await GateOffice.open(POLICY)
  const listing = { inventory: inventoryOf(...INSTANCES), listedAt: new Date() }
  expect(await new Inventories(own.office.redis).replace(listing)).toBe(true)
  await using page = await open(own, undefined, RIYA)
  await write(page, 'channel', '/oci-rescue')
  const form = formOf(page)
  await form.getByRole('radio', { name: 'Nobody can log in' }).check()
  await form.getByRole('textbox', { name: 'New public key' }).waitFor()
  await form.getByRole('combobox', { name: 'Instance' }).fill('web')
  await form.getByRole('option', { name: 'web-3' }).waitFor()
  await look(page, 'form-type-ahead')

  await form.getByRole('option', { name: 'web-1' }).click()
  await form
    .getByRole('textbox', { name: 'New public key' })
    .fill('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE')
  await form.getByTestId('modal-submit').click()
  await form.getByText('consider it burned').waitFor()
  await look(page, 'form-error')
})

const INSTANCES = [
  listed('web-1', { addresses: ['10.0.1.11', '203.0.113.11'] }),
  listed('web-2', { addresses: ['10.0.1.12', '203.0.113.12'] }),
  listed('web-3', { addresses: ['10.0.1.13'], state: 'STOPPED' }),
  listed('db-1', { addresses: ['10.0.2.21'], shape: 'VM.Standard3.Flex', compartment: 'data/prod' }),
]

/** A worker has found its instance, and waits at the first gate. */
async function atGate(own: GateOffice, { rescue, card }: Asked) {
  const worker = await ScriptedWorker.claim(own.office.log, rescue, AbortSignal.timeout(PATIENCE_MS))
  await worker.find()
  const passed = leftOpen(worker.gate(planOf(worker), GATE_MS))
  return { card, worker, passed, gate: await own.reply(card, '"action_id":"approve"') }
}

/** One that nobody may have decided when its workspace is closed. */
function leftOpen<T>(gate: Promise<T>): Promise<T> {
  gate.catch(() => undefined)
  return gate
}

/** With the thread of that card, as that person sees it. */
async function open({ office }: GateOffice, card: Message | undefined, name: RegExp): Promise<OpenPage> {
  const thread = card === undefined ? '' : `?thread=${card.ts}`
  const page = await openPage(browser, `${office.slack.pageUrl}${thread}`, PATIENCE_MS)
  await switchTo(page, name)
  return page
}

/** Also as it is on a phone, in the dark, where nothing has more room than it needs. */
async function look(page: Page, name: string): Promise<void> {
  await photograph(page, name)
  expect(await page.evaluate(TOO_WIDE)).toEqual([])
  const wide = page.viewportSize() ?? expect.fail()
  await page.setViewportSize(PHONE)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await page.evaluate(TOO_WIDE), 'at 400 pixels').toEqual([])
  await page.setViewportSize(wide)
  await page.emulateMedia({ colorScheme: null })
}

const PHONE = { width: 400, height: 800 }

/** What has more in it than it shows; a console is scrolled. */
const TOO_WIDE = `[...document.querySelectorAll('html, .pane-scroll, .dialog-body, button')]
  .filter((part) => part.scrollWidth > part.clientWidth)
  .map((part) => part.className + ' ' + part.textContent)`

function ended(outcome: 'denied'): RescueEvent {
  return { type: 'ended', outcome, code: outcome, details: {}, machine: 'untouched', changed: [] }
}
