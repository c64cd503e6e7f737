/** GRUB's questions on a line that loses keys of what nobody can see. */
import { expect, it } from 'vitest'
import { Grub } from '../../test/helpers/grub.ts'
import { GrubLock } from '../../test/helpers/grub-lock.ts'
import { typingThrough } from '../../test/helpers/typing-through.ts'
import { Console } from '../console/console.ts'
import { catchBootLoader } from './catch.ts'
import { driverFor } from './driver-for.ts'

const USER = { username: 'root', password: 'a secret of more keys than a BIOS buffers' }
const LINES = ['\tlinux\t/boot/vmlinuz root=/dev/sda1 ro', '\tinitrd\t/boot/initrd.img']

/** Boots behind a lock, over a line that loses the keys with these numbers, counted from the first of the password. */
async function locked(loses: readonly number[]) {
  const signal = AbortSignal.timeout(50_000)
  const grub = new Grub({ entries: [{ title: 'Debian GNU/Linux', lines: LINES }], timeout: 9 })
  const lock = new GrubLock(grub, USER)
  let typed = 0
  const line = typingThrough(grub, async (bytes) => {
    if (!lock.asksPassword) return await lock.write(bytes)
    typed += 1
    if (!loses.includes(typed - 1)) await lock.write(bytes)
  })
  await using console = new Console(line)
  const catching = catchBootLoader(console, {}, signal)
  grub.powerOn()
  const asked: number[] = []
  const askPassword = async (attempt: number) => {
    asked.push(attempt)
    return USER
  }
  const request = { tokens: ['init=/bin/bash'], entry: { kind: 'default' } } as const
  await driverFor(await catching).bootWithArguments(console, request, signal, { askPassword })
  return { asked, line: grub.booted?.find((text) => text.includes('vmlinuz')) }
}

it.each([
  ['nothing', []],
  ['a key of the password', [3]],
  ['the Enter behind it', [USER.password.length]],
])('types a password once more, and asks nobody, when the line has lost %s', async (_, loses) => {
  expect(await locked(loses)).toEqual({ asked: [1], line: `${LINES[0]} init=/bin/bash` })
})
