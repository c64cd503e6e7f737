import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type BootEnd, hasEndedSo } from './boot-end.ts'

const LOGS = new URL('../../../../test/logs/', import.meta.url)
const log = (name: string) => readFileSync(new URL(`${name}-debian-12-guest.log`, LOGS))

const ENDS: readonly (readonly [name: string, end: BootEnd])[] = [
  ['healthy', 'login-prompt'],
  ['fstab-missing-device', 'emergency-locked'],
  ['default-target-missing', 'emergency-locked'],
  ['fsck-needed', 'initramfs-shell'],
  ['root-device-missing', 'initramfs-shell'],
  ['initramfs-missing', 'kernel-panic'],
]

it.each(ENDS)('sees how the boot of a real guest came to rest: %s, %s', (name, end) => {
  expect(hasEndedSo(end, log(name))).toBe(true)
  const others = ENDS.filter(([, other]) => other !== end)
  for (const [, other] of others) expect(hasEndedSo(other, log(name)), other).toBe(false)
})

it('does not take a boot that is under way for one that has come to rest', () => {
  const healthy = log('healthy')

  for (let to = 0; to < healthy.length - 1; to += 97)
    expect(hasEndedSo('login-prompt', healthy.subarray(0, to))).toBe(false)
})

it.each(ENDS)('sees it below what kernel and systemd wrote over it: %s, %s', (name, end) => {
  const late =
    '[\x1b[0;32m  OK  \x1b[0m] Started \x1b[0;1;39mssh.service\x1b[0m - OpenBSD Secure Shell server.\r\n' +
    '         Starting \x1b[0;1;39mapt-daily.service\x1b[0m - Daily apt download activities...\r\n' +
    "[   52.104811] clocksource: timekeeping watchdog on CPU1: Marking clocksource 'tsc' as unstable\r\n"

  expect(hasEndedSo(end, Buffer.concat([log(name), Buffer.from(late)]))).toBe(true)
  expect(hasEndedSo(end, Buffer.concat([log(name), Buffer.from(late.slice(0, -30))]))).toBe(true)
})

it('knows the last words of GRUB', () => {
  const said = (text: string) => Buffer.from(`\x1b[H\x1b[J\x1b[1;1H${text}\x1b[m`)

  expect(hasEndedSo('grub-prompt', said('\r\n\r\ngrub> '))).toBe(true)
  expect(hasEndedSo('grub-error', said('error: invalid magic number.\r\n\r\nPress any key to continue...\r\n'))).toBe(
    true,
  )
  expect(hasEndedSo('grub-error', said('Booting a command list'))).toBe(false)
})
