import { expect, it } from 'vitest'
import { SimulatedLine } from '../../test/helpers/simulated-line.ts'
import { Console } from '../console/console.ts'
import type { EventOf, RescueEvent } from '../record/events.ts'
import { MASK, mask } from '../record/masking.ts'
import { TypedFeed } from './typed-feed.ts'

const signal = new AbortController().signal

/** A console whose typing is recorded; `says` resolves when the machine's words stand on the screen. */
function recorded(append?: (event: RescueEvent) => Promise<void>) {
  const events: RescueEvent[] = []
  const keep = async (event: RescueEvent) => void events.push(event)
  const feed = new TypedFeed({ append: append ?? keep, mask, now: () => new Date('2026-11-01T03:00:00.000Z') })
  const line = new SimulatedLine(() => undefined)
  const console: Console = new Console(feed.tap(line, () => console.view()))
  return {
    console,
    line,
    async says(text: string): Promise<void> {
      line.say(Buffer.from(text))
      const last = text.trimEnd().split('\n').at(-1) ?? ''
      await console.until('shell-prompt', (view) => (view.text.includes(last) ? true : undefined), 10_000, signal)
    },
    async typed(): Promise<string> {
      await feed[Symbol.asyncDispose]()
      const isTyped = (event: RescueEvent): event is EventOf<'typed'> => event.type === 'typed'
      return events
        .filter(isTyped)
        .map(({ keys }) => keys)
        .join('')
    },
  }
}

it('keeps what was typed, control keys included', async () => {
  const own = recorded()
  await own.console.type('\u000e', signal)
  await own.console.type(' init=/bin/bash', signal)
  await own.console.type('\u0018', signal)

  expect(await own.typed()).toBe('\u000e init=/bin/bash\u0018')
})

it.each([
  ['GRUB', 'Enter password:\r\n'],
  ['GRUB’s question in front of the cursor', '\u001b[2J\u001b[HEnter username:\r\nroot\r\nEnter password:\r\n'],
  ['login', 'web-1 login: root\r\nPassword: '],
  ['sulogin', 'Give root password for maintenance\r\n(or press Control-D to continue): '],
  ['a disk that is encrypted', 'Please enter passphrase for disk vda3 (luks-1234): '],
  ['sudo', '[sudo] password for opc: '],
])('has nothing of what is typed when a password is asked for by %s', async (_, question) => {
  const own = recorded()
  await own.console.type('before\r', signal)
  await own.says(question)
  for (const key of 'hunter2') await own.console.type(key, signal)
  await own.console.type('\r', signal)
  await own.says('\r\nroot@(none):/# ')
  await own.console.type('after\r', signal)

  const typed = await own.typed()
  expect(typed).toBe(`before\r${MASK}after\r`)
})

it('hides the secrets of a command, and leaves out the contents of a file', async () => {
  const own = recorded()
  await own.console.type(`mysql --password=hunter2 -e quit\rx+='${'QUJD'.repeat(200)}'\r`, signal)

  expect(await own.typed()).toBe(`mysql --password=${MASK} -e quit\rx+='…(800 characters)…'\r`)
})

it('lets the rescue go on when the log refuses', async () => {
  const own = recorded(() => Promise.reject(new Error('fenced off')))
  await own.console.type('x', signal)

  expect(await own.typed()).toBe('')
})
