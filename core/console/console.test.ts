import { expect, it } from 'vitest'
import { Grub } from '../../test/helpers/grub.ts'
import { sleep } from '../base/deadline.ts'
import { Console } from './console.ts'

const signal = () => AbortSignal.timeout(10_000)
const line = () => new Grub({ entries: [] })
const says = (word: string) => (view: { text: string }) => (view.text.includes(word) ? word : undefined)

it('answers as soon as what it waits for appears', async () => {
  const channel = line()
  await using console = new Console(channel)
  const waiting = console.until('shell-prompt', says('ready'), 5000, signal())
  channel.say('not rea')
  channel.say('dy')

  expect(await waiting).toBe('ready')
})

it('says for what it waited, how long, and what stood on the screen', async () => {
  const channel = line()
  await using console = new Console(channel)
  channel.say('something else')

  await expect(console.until('grub-menu', says('GRUB'), 80, signal())).rejects.toMatchObject({
    code: 'nothing-appeared',
    message: 'waited 80 ms for grub-menu\n--- screen ---\nsomething else',
    screen: 'something else',
  })
})

it('ends a wait with the reason of the signal that ended it', async () => {
  await using console = new Console(line())
  const stopped = new Error('stopped by U1')
  const controller = new AbortController()
  const waiting = console.until('shell-prompt', says('x'), 5000, controller.signal)
  controller.abort(stopped)

  await expect(waiting).rejects.toBe(stopped)
})

it('says that the line dropped to whoever waits and to whoever types', async () => {
  const channel = line()
  await using console = new Console(channel)
  const waiting = console.until('shell-prompt', says('x'), 5000, signal())
  await channel.close()

  await expect(waiting).rejects.toMatchObject({ code: 'line-dropped' })
  await expect(console.type('x', signal())).rejects.toMatchObject({ code: 'line-dropped' })
})

it('still finds what was said before the line dropped', async () => {
  const channel = line()
  await using console = new Console(channel)
  channel.say('last words')
  await channel.close()

  expect(await console.until('shell-prompt', says('last words'), 5000, signal())).toBe('last words')
})

it('waits for silence where that is asked for', async () => {
  const channel = line()
  await using console = new Console(channel)
  const waiting = console.until('shell-prompt', (view) => (view.text === '' ? undefined : view.text), 5000, signal(), {
    quietMs: 60,
  })
  channel.say('one')
  await console.view()
  channel.say(' two')

  expect(await waiting).toBe('one two')
})

/** More than is looked at piece by piece, on one row. */
const talk = (channel: Grub) => channel.say('\r.'.repeat(1500))

it('finds what comes after a long talk, also when somebody else has looked meanwhile', async () => {
  const channel = line()
  await using console = new Console(channel)
  const waiting = console.until('shell-prompt', says('ready'), 5000, signal())
  talk(channel)
  await sleep(1, signal())
  channel.say('ready')
  await sleep(1, signal())

  expect(console.view().text).toBe('.ready')
  expect(await waiting).toBe('ready')
})

it('does not take a line for silent that said something which was not looked at yet', async () => {
  const channel = line()
  await using console = new Console(channel)
  talk(channel)
  await sleep(1, signal())
  const waiting = console.until('shell-prompt', ({ text }) => text, 5000, signal(), { quietMs: 10 })
  await sleep(5, signal())
  channel.say('ready')

  expect(await waiting).toBe('.ready')
})

it('lets one driver at a time wait or type', async () => {
  const channel = line()
  await using console = new Console(channel)
  const first = console.until('shell-prompt', says('ready'), 5000, signal())

  await expect(console.until('shell-prompt', says('x'), 10, signal())).rejects.toMatchObject({ code: 'console-in-use' })
  await expect(console.type('x', signal())).rejects.toMatchObject({ code: 'console-in-use' })
  channel.say('ready')
  expect(await first).toBe('ready')
})

it('is not hurt by an observer that throws', async () => {
  const channel = line()
  await using console = new Console(channel)
  const heard: string[] = []
  console.onOutput(() => {
    throw new Error('observer')
  })
  console.onOutput((bytes) => void heard.push(Buffer.from(bytes).toString()))
  channel.say('text')

  await console.until('shell-prompt', says('text'), 5000, signal())
  expect(heard.join('')).toBe('text')
})

it('refuses keys that may be split on the way', async () => {
  await using console = new Console(line())

  await expect(console.type('\u001b[A', signal())).rejects.toMatchObject({ code: 'splittable-keys' })
})

it('listens to plain text, across the screen’s edge and without control sequences', async () => {
  const channel = line()
  await using console = new Console(channel)
  channel.say('before\r\n')
  await console.until('shell-prompt', says('before'), 5000, signal())
  using heard = console.listen()
  for (const piece of [
    '\u001b[?20',
    '04h\u001b[1mbo',
    'ld\u001b[m\r',
    '\r\n',
    'x'.repeat(100),
    '\u001b]0;t',
    '\u0007!',
  ])
    channel.say(piece)

  await console.until('shell-prompt', says('!'), 5000, signal())
  expect(heard.text).toBe(`bold\n${'x'.repeat(100)}!`)
})

it('can be closed twice, and ends with its line', async () => {
  const console = new Console(line())
  await console.close()
  await console.close()

  await expect(console.type('x', signal())).rejects.toMatchObject({ code: 'console-closed' })
})
