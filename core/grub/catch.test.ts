import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Grub, type GrubOptions } from '../../test/helpers/grub.ts'
import { Console } from '../console/console.ts'
import { catchBootLoader } from './catch.ts'

const entries = [
  { title: 'Debian GNU/Linux', lines: ['linux /vmlinuz'] },
  { title: 'Advanced options', lines: [] },
]

async function caught(options: Partial<GrubOptions>, before = '') {
  const signal = AbortSignal.timeout(20_000)
  const grub = new Grub({ entries, ...options })
  await using console = new Console(grub)
  if (before !== '') {
    grub.say(before)
    await console.until('shell-prompt', (view) => (view.text === '' ? undefined : true), 1000, signal)
  }
  const catching = catchBootLoader(console, { appearMs: 3000 }, signal)
  grub.powerOn()
  const sighting = await catching.catch((thrown: unknown) => thrown)
  return { grub, sighting }
}

it('stops the countdown of a visible menu with Space alone', async () => {
  const { grub, sighting } = await caught({ timeout: 5 })

  expect(sighting).toMatchObject({ state: { menu: { selected: 0, countdown: undefined, nested: false } } })
  expect(grub.keys).toBe(' ')
})

it('stops a countdown of seconds also when a firmware takes the first keys', async () => {
  const { sighting } = await caught({ timeout: 3, loses: (key) => key < 2 })

  expect(sighting).toMatchObject({ state: { kind: 'grub-menu', menu: { countdown: undefined } } })
})

it('says that the menu was missed when it boots in spite of all keys', async () => {
  const { sighting } = await caught({ timeout: 3, tickMs: 300, loses: () => true })

  expect(sighting).toMatchObject({ code: 'grub-not-seen', hadBegun: true, details: { saw: 'grub-booting' } })
})

it('sees a menu that waits for ever', async () => {
  const { sighting } = await caught({})

  expect(sighting).toMatchObject({ state: { menu: { entries: ['Debian GNU/Linux', 'Advanced options'] } } })
})

it('opens a hidden menu with one Escape', async () => {
  const { grub, sighting } = await caught({ style: 'hidden', timeout: 4 })

  expect(sighting).toMatchObject({ state: { kind: 'grub-menu' } })
  expect(grub.keys).toBe('\u001b')
})

it('opens a menu hidden behind a countdown with one Escape', async () => {
  const { grub, sighting } = await caught({ style: 'countdown', timeout: 4 })

  expect(sighting).toMatchObject({ state: { kind: 'grub-menu' } })
  expect(grub.keys).toBe('\u001b')
})

it('does not send Escape to a nested menu, which would leave it', async () => {
  const { grub, sighting } = await caught({ nested: true, timeout: 5 })

  expect(sighting).toMatchObject({ state: { menu: { nested: true } } })
  expect(grub.keys).toBe(' ')
})

it('says that the menu was missed when the entry boots before it could be stopped', async () => {
  const { sighting } = await caught({ style: 'hidden', timeout: 1, tickMs: 50 })

  expect(sighting).toMatchObject({ code: 'grub-not-seen', details: { saw: 'grub-booting' } })
})

it('says that GRUB ignores keys when nothing stops the countdown', async () => {
  const { sighting } = await caught({ timeout: 60, loses: () => true })

  expect(sighting).toMatchObject({ code: 'grub-ignores-keys' })
})

it('does not take the login prompt from before the reset for a missed menu', async () => {
  const { sighting } = await caught({ timeout: 5 }, 'Debian GNU/Linux 12 web-1 ttyS0\r\n\r\nweb-1 login: ')

  expect(sighting).toMatchObject({ state: { kind: 'grub-menu' } })
})

it('does not take the last prompt of the shell that is reset for a missed menu', async () => {
  const signal = AbortSignal.timeout(20_000)
  const grub = new Grub({ entries, timeout: 5 })
  await using console = new Console(grub)
  const catching = catchBootLoader(console, { appearMs: 10_000 }, signal)
  grub.say('@ABCDEF# ')
  while (!console.view().text.includes('@ABCDEF#')) await sleep(10)
  grub.powerOn()

  expect(await catching).toMatchObject({ state: { kind: 'grub-menu' } })
})

it('takes a login prompt that comes instead of GRUB for a missed menu', async () => {
  const signal = AbortSignal.timeout(20_000)
  const grub = new Grub({ entries })
  await using console = new Console(grub)
  const catching = catchBootLoader(console, { appearMs: 3000 }, signal)
  grub.say('[    0.000000] Linux version 6.1.0\r\n')

  await expect(catching).rejects.toMatchObject({ code: 'grub-not-seen', details: { saw: 'kernel' } })
})

it('says what it saw when nothing of GRUB comes', async () => {
  const grub = new Grub({ entries })
  await using console = new Console(grub)

  const catching = catchBootLoader(console, { appearMs: 50 }, AbortSignal.timeout(5000))
  await expect(catching).rejects.toMatchObject({ code: 'grub-not-seen', details: { saw: 'silent' } })
})

it('tells a GRUB that does not wait from one that is not there', async () => {
  const { sighting } = await caught({ style: 'hidden', timeout: 1, tickMs: 50 })

  expect(sighting).toMatchObject({ hadBegun: true })
})

it('presses Escape as soon as GRUB takes the port when a boot was missed before', async () => {
  const signal = AbortSignal.timeout(20_000)
  // A tenth of the time that it would wait to see whether the menu is hidden.
  const grub = new Grub({ entries, style: 'hidden', timeout: 1, tickMs: 200 })
  await using console = new Console(grub)
  const catching = catchBootLoader(console, { appearMs: 3000, missed: 1 }, signal)
  grub.powerOn()

  expect(await catching).toMatchObject({ state: { kind: 'grub-menu' } })
  expect(grub.keys).toBe('\u001b')
})

it('presses Escape ahead of GRUB when two were missed, but not before the firmware starts it', async () => {
  const signal = AbortSignal.timeout(20_000)
  const grub = new Grub({ entries, style: 'hidden' })
  const typed: string[] = []
  let started = false
  const { promise: pressed, resolve } = Promise.withResolvers<void>()
  const write = grub.write.bind(grub)
  grub.write = async (bytes) => {
    typed.push(started ? Buffer.from(bytes).toString('latin1') : 'too early')
    await write(bytes)
    resolve()
  }
  await using console = new Console(grub)
  const seen = Promise.withResolvers<void>()
  using _ = console.onOutput(() => seen.resolve())
  const catching = catchBootLoader(console, { appearMs: 5000, missed: 2 }, signal)
  grub.say('SeaBIOS (version 1.16.2)\r\n')
  await seen.promise
  started = true
  grub.say('Booting from Hard Disk...\r\n')
  await pressed
  grub.powerOn()

  expect(await catching).toMatchObject({ state: { kind: 'grub-menu' } })
  expect(new Set(typed)).toEqual(new Set(['\u001b']))
})
