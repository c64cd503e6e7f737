/** The chat page in a browser without a window: opened, looked at, and used as people use it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'

/** Without the last three, Chromium looks for its maker's servers. */
const ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]
/** Pictures of the page are kept there when somebody wants to look at them: `npm run pictures` renews those of the documentation. */
const PICTURES = process.env.PICTURES

export type OpenPage = Page & AsyncDisposable

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS })
}

/** Resolves once it shows the workspace. `patienceMs`: for each thing that is awaited on it. */
export async function openPage(browser: Browser, address: string, patienceMs: number): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 960 } })
  page.setDefaultTimeout(patienceMs)
  await page.goto(address)
  await page.getByTestId('connection').getByText('Live').waitFor()
  return Object.assign(page, { [Symbol.asyncDispose]: () => page.close() })
}

/** Whoever sits there plays somebody else from now on. */
export async function switchTo(page: Page, name: RegExp): Promise<void> {
  const people = page.getByTestId('user-switch')
  await people.getByRole('radio', { name }).click()
  await people.getByRole('radio', { name, checked: true }).waitFor()
}

/** Into the composer of the channel or of the thread, sent with Enter. */
export async function write(page: Page, pane: 'channel' | 'thread', text: string): Promise<void> {
  const field = page.getByTestId(`${pane}-composer`).getByTestId('composer')
  await field.fill(text)
  await field.press('Enter')
}

/** The thread that is open. */
export function threadOf(page: Page): Locator {
  return page.getByTestId('thread')
}

/** The form on top. */
export function formOf(page: Page): Locator {
  return page.getByTestId('modal')
}

export function approveButton(page: Page): Locator {
  return threadOf(page).getByText('Approve', { exact: true })
}

/** The message in the channel that says this. */
export function cardOf(page: Page, words: string): Locator {
  return page.getByTestId('channel-messages').getByTestId('message').filter({ hasText: words })
}

export async function openThread(page: Page, card: Locator): Promise<void> {
  await card.getByTestId('open-thread').click()
  await threadOf(page).waitFor()
}

/** In the thread, for everybody. */
export async function reads(page: Page, words: string | RegExp): Promise<void> {
  await threadOf(page).getByTestId('message').filter({ hasText: words }).first().waitFor()
}

/** Presses a button that asks whether one is sure, and says yes. */
export async function pressSurely(page: Page, button: Locator): Promise<void> {
  await button.click()
  await page.getByTestId('confirm-yes').click()
}

/** How well Slack does from now on, in the words of the switch: `Works`, `Disconnected`, `500 to every call` … */
export function letSlackBe(page: Page, words: string): Promise<void> {
  return letBe(page, 'Slack', words)
}

/** The same of OCI, where it is there. */
export function letOciBe(page: Page, words: string): Promise<void> {
  return letBe(page, 'OCI', words)
}

async function letBe(page: Page, what: string, words: string): Promise<void> {
  const button = page.getByTestId('switches')
  await button.click()
  await page.getByRole('group', { name: what }).getByRole('radio', { name: words }).check()
  await button.filter({ hasText: words === 'Works' ? 'Break things' : `${what}: ${words}` }).waitFor()
  await page.keyboard.press('Escape')
}

export async function photograph(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  await mkdir(PICTURES, { recursive: true })
  // Where nothing is shown only because the mouse rests on it.
  await page.mouse.move(0, 0)
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' })
}
