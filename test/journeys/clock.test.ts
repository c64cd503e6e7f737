/**
 * Time is moved on the chat page of `npm run local`, and what waits for people ends as it would. All of it is started as
 * there, bot and worker as processes of their own; one machine is a bash, which nothing is done to, the other a simulated one.
 */
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MachineSpec } from '../../deploy/local/machines/machine.ts'
import { BashMachine } from '../../deploy/local/oci/bash-machine.ts'
import { newConsoleKey } from '../../deploy/local/oci/oci-fixture.ts'
import { type Running, start } from '../../deploy/local/start.ts'
import {
  approveButton,
  cardOf,
  formOf,
  letOciBe,
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
import { makePublicKey } from '../helpers/public-keys.ts'
import { canHaveSandbox } from '../helpers/sandbox.ts'
import { simulatedVm } from '../helpers/simulated-vm.ts'

/** For one thing that is awaited, on a busy host. */
const PATIENCE_MS = 60_000
const [RIYA, ANAND] = [/Riya/, /Anand/]
const disk = { disk: '/nowhere', format: 'raw', firmware: 'uefi', memoryMiB: 512, keep: false } as const
const WEB_1 = { name: 'web-1', ...disk, user: 'opc', os: { name: 'Oracle Linux', version: '9' } }
const DB_1 = { ...WEB_1, name: 'db-1' }

let running: Running
let browser: Browser
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  const makeMachine = async ({ name }: MachineSpec) => {
    if (name === DB_1.name) return simulatedVm(name)
    const machine = new BashMachine(name)
    await machine.start()
    return machine
  }
  const options = { machines: [WEB_1, DB_1], acceleration: 'tcg', movesClock: true, makeMachine } as const
  running = parts.use(await start(options, new AbortController().signal))
  parts.defer(() => running.slack.throwViolations())
  browser = await openBrowser()
  parts.defer(() => browser.close())
})
afterAll(() => parts.disposeAsync())

const open = () => openPage(browser, running.slack.pageUrl, PATIENCE_MS)

it('calls an open gate to mind when half of its time is over, and then lets it expire', async () => {
  await using page = await open()
  await switchTo(page, RIYA)
  await write(page, 'channel', '/oci-rescue sudoers web-1')
  const card = cardOf(page, 'Repair sudo on web-1')
  await openThread(page, card)
  await approveButton(page).waitFor()
  const sockets = connectionsMade()

  for (const words of ['+10 min', '+10 min', '+10 min']) await letPass(page, words)
  await isAhead(page, '+30 min')
  await reads(page, 'web-1 still waits for approval.')
  await photograph(page, 'clock')
  await letPass(page, '+1 h')

  await isAhead(page, '+1 h 30 min')
  await reads(page, /Expired (today|yesterday) .*; it was not approved in time/)
  await reads(page, 'It was not approved in time. web-1 stays as it is, untouched.')
  await card.getByText(/Take it down: Expired/).waitFor()
  expect(await approveButton(page).count()).toBe(0)
  // Slack's client measures how long its server is silent, and has noticed nothing.
  expect(connectionsMade()).toBe(sockets)
})

it('ends a console that was handed out when its hour is over, and does not run while a rescue is at work', async () => {
  await using page = await open()
  await switchTo(page, RIYA)
  await write(page, 'channel', '/oci-rescue connect web-1')
  const form = page.getByRole('dialog', { name: 'The console for you' })
  await form.getByLabel('Your public key (RSA)').fill(newConsoleKey().publicLine)
  await form.getByRole('button', { name: 'Ask for it' }).click()
  await openThread(page, cardOf(page, 'The console of web-1'))
  await switchTo(page, ANAND)
  // The worker waits for each answer, and asks again: it is at work for longer than the page needs, however busy the host.
  await letOciBe(page, 'No answers')
  await pressSurely(page, approveButton(page))
  await reads(page, /Approved by @Anand/)

  const before = await page.getByTestId('clock-ahead').textContent()
  await letPass(page, '+10 min', /R-\w{6} is at work on a machine/)
  expect(await page.getByTestId('clock-ahead').textContent()).toBe(before)
  await letOciBe(page, 'Works')
  await reads(page, /It ends by itself (today|tomorrow)/)
  expect(running.oci.consoleConnections()).toHaveLength(1)
  await letPass(page, '+1 h')

  await reads(page, 'It is over, and the console connection is deleted.')
  expect(running.oci.consoleConnections()).toEqual([])
})

it.runIf(canHaveSandbox)('lets a second gate expire, and the machine then boots as it was', async () => {
  await using page = await open()
  await switchTo(page, RIYA)
  await write(page, 'channel', '/oci-rescue replace-key db-1 opc')
  await formOf(page).getByLabel('New public key').fill(makePublicKey('riya@laptop').line)
  await formOf(page).getByTestId('modal-submit').click()
  const card = cardOf(page, 'Replace the SSH key of opc on db-1')
  await openThread(page, card)
  await switchTo(page, ANAND)
  await pressSurely(page, approveButton(page))
  await threadOf(page)
    .getByRole('button', { name: /^Approve the changes/ })
    .waitFor()

  await letPass(page, '+10 min')
  await reads(page, 'The changes on db-1 still wait for approval.')
  // It stops in the middle of it, if the worker has begun to boot the machine by then.
  await leap(page, '+10 min')

  await reads(page, /Expired (today|yesterday) .*; it was not approved in time/)
  await reads(page, 'It was not approved in time. The machine boots normally, unchanged.')
  await reads(page, 'The machine is up: its login prompt was seen.')
  await card.getByText(/Change it: Expired/).waitFor()
  expect(await approveButton(page).count()).toBe(0)
  expect(running.oci.consoleConnections()).toEqual([])
})

/** Presses it and waits until time has passed, or `hindrance` says why not. */
async function letPass(page: Page, words: string, hindrance?: RegExp): Promise<void> {
  const said = await leap(page, words)
  if (hindrance === undefined) expect(await said.textContent()).toBe('')
  else await said.filter({ hasText: hindrance }).waitFor()
}

/** Presses it and waits until it can be pressed again; gives what is said of that. */
async function leap(page: Page, words: string): Promise<Locator> {
  const panel = page.getByTestId('clock-panel')
  const button = panel.getByRole('button', { name: words, exact: true })
  if (!(await panel.isVisible())) await page.getByTestId('clock').click()
  await button.click()
  await panel.locator('button[aria-disabled="true"]').first().waitFor({ state: 'detached' })
  return panel.getByTestId('clock-said')
}

async function isAhead(page: Page, words: string): Promise<void> {
  await page.getByTestId('clock-ahead').getByText(words, { exact: true }).waitFor()
}

function connectionsMade(): number | undefined {
  return running.slack.statistics().calls['apps.connections.open']
}
