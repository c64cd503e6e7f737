/** The whole way as people go it, in a browser: asked for, approved twice by somebody else, followed, and logged in. */
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { logIn } from '../../deploy/local/login.ts'
import { openBrowser, openPage, photograph, pressSurely, switchTo, write } from '../helpers/chat-page.ts'
import { COMMAND, endOf, type Journey, KEYS_FILE, startJourney } from './journey.ts'

/** A boot of the machine on a busy host, and everything before it. */
const PATIENCE_MS = 600_000
const never = new AbortController().signal

let journey: Journey
let browser: Browser

beforeAll(async () => {
  journey = await startJourney()
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
  await journey[Symbol.asyncDispose]()
})

it('goes from a typed command to a login with the new key', async () => {
  const { running, publicKey, identity } = journey
  await using page = await openPage(browser, running.slack.pageUrl, 30_000)

  await switchTo(page, /Riya/)
  await write(page, 'channel', COMMAND)
  const form = page.getByTestId('modal')
  await form.waitFor()
  await photograph(page, 'form')
  await form.locator('textarea').fill(publicKey)
  await page.getByTestId('modal-submit').click()
  await form.waitFor({ state: 'detached' })
  await page.getByTestId('channel-messages').getByTestId('open-thread').first().click()
  const thread = page.getByTestId('thread')

  await switchTo(page, /Anand/)
  await approve(page, thread, 'gate-1')
  await thread
    .getByText(/GRUB|boot menu/i)
    .first()
    .waitFor({ timeout: PATIENCE_MS })
  await thread.getByText('Live. Line').first().waitFor()
  await photograph(page, 'console')
  await approve(page, thread, 'gate-2')
  await thread
    .getByText(/logged in|login/i)
    .first()
    .waitFor({ timeout: PATIENCE_MS })
  const rescue = await rescueOf(page)
  await expect
    .poll(async () => (await journey.events({ rescue, card: '' })).at(-1)?.event.type, {
      timeout: PATIENCE_MS,
      interval: 500,
    })
    .toBe('ended')

  const events = await journey.events({ rescue, card: '' })
  expect(endOf(events)).toMatchObject({ outcome: 'recovered', machine: 'up', changed: [{ path: KEYS_FILE }] })
  await thread.getByRole('button', { name: 'Play' }).waitFor()
  await page.getByTestId('channel-messages').locator('[data-action-id="stop"]').waitFor({ state: 'detached' })
  await photograph(page, 'thread')
  await page.emulateMedia({ colorScheme: 'dark' })
  await photograph(page, 'thread-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  const wide = page.viewportSize() ?? { width: 1280, height: 960 }
  await page.setViewportSize({ width: 400, height: 860 })
  await photograph(page, 'thread-narrow')
  await page.setViewportSize(wide)
  await thread.getByRole('button', { name: 'Play' }).click()
  await thread.getByTestId('player').getByText('GNU GRUB').waitFor()
  await photograph(page, 'player')
  const machine = running.machines.get('web-1')
  const login = await logIn({ ...address(machine?.sshd), user: 'opc' }, identity, never)
  expect(login.fingerprint).toMatch(/^SHA256:/)
  expect(events.some(({ event }) => event.type === 'proved' && JSON.stringify(event).includes(login.fingerprint))).toBe(
    true,
  )
  expect(running.oci.consoleConnections()).toEqual([])
  expect(running.slack.statistics()).toMatchObject({ rateLimited: 0, unacknowledged: 0 })
})

function address(sshd: { readonly host: string; readonly port: number } | undefined) {
  if (sshd === undefined) throw new Error('web-1 is not there')
  return sshd
}

async function approve(page: Page, thread: Locator, name: string): Promise<void> {
  const button = thread.locator('[data-action-id="approve"]')
  await button.waitFor({ timeout: PATIENCE_MS })
  await button.scrollIntoViewIfNeeded()
  await photograph(page, name)
  await pressSurely(page, button)
  await button.waitFor({ state: 'detached' })
}

async function rescueOf(page: Page): Promise<string> {
  const text = await page.getByTestId('thread-messages').textContent()
  return /\bR-[0-9A-Z]{6}\b/.exec(text ?? '')?.[0] ?? ''
}
