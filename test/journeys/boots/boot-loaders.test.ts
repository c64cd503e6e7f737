/** Boot loaders on firmware: without a menu, behind a password, with their previous kernel. */
import { expect, it } from 'vitest'
import type { RigClass } from '../../rigs/classes.ts'
import type { RigConfig } from '../../rigs/options.ts'
import { startRig } from '../../rigs/rig.ts'
import { drive, driveRig, onRig, TOKENS, within } from '../loader-journey.ts'

it.each<RigClass>(['uefi-console-cut', 'uefi-both'])(
  'edits with the password that the operator gives, after a wrong one: %s',
  async (rigClass) => {
    const password = { username: 'root', password: 'a Secret' }
    const asked: number[] = []
    const { booted, unedited } = await drive({ class: rigClass, menu: { password } }, 'default', {
      askPassword: async (attempt) => {
        asked.push(attempt)
        return attempt === 1 ? { ...password, password: 'wrong' } : password
      },
    })

    expect(asked).toEqual([1, 2])
    expect(booted).toBe(`${unedited} ${TOKENS.join(' ')}`)
  },
)

it('boots nothing when nobody knows the password', async () => {
  const password = { username: 'root', password: 'a Secret' }
  await using rig = await startRig({ class: 'uefi-both', menu: { password } }, within())

  const driven = driveRig(rig, { kind: 'default' }, {})

  await expect(driven).rejects.toMatchObject({ code: 'grub-password' })
  await expect(rig.bootedWith(AbortSignal.timeout(500))).rejects.toThrow('timeout')
})

it.each<[RigClass, RigConfig]>([
  ['bios-console', 'none'],
  ['uefi-serial', 'entries'],
  ['uefi-console', 'elsewhere'],
  ['uefi-console', 'entries'],
  ['uefi-console-cut', 'none'],
  ['uefi-both', 'entries'],
  ['arm64-console', 'none'],
])('boots a GRUB that has no menu: %s, %s', async (rigClass, config) => {
  const { entry, booted, unedited } = await drive({ class: rigClass, menu: { config } })

  const args = unedited.replace(/^\S+ /, '')
  // The root file system's UUID is a new one for each rig.
  const root = `root=${/\broot=(?<root>\S+)/.exec(booted)?.groups?.root} ro console=${rigClass === 'arm64-console' ? 'ttyAMA0' : 'ttyS0'},115200`
  const kernel = config === 'elsewhere' ? '/vmlinuz' : '(hd0,msdos1)/vmlinuz'
  expect(entry.kernel).toBe(kernel)
  expect(booted).toBe(`BOOT_IMAGE=${kernel} ${config === 'none' ? root : args} ${TOKENS.join(' ')}`)
  expect(booted).toMatch(/ root=UUID=[-\w]+ /)
})

it.each<[RigClass, string]>([
  ['uefi-console', '/vmlinuz'],
  ['uefi-both', '/vmlinuz'],
  ['systemd-boot', '\\vmlinuz'],
])('boots the previous kernel once, as its entry has it: %s', async (rigClass, kernel) => {
  await using rig = await startRig({ class: rigClass }, within())
  const entry = await onRig(rig, (loader, console) =>
    loader.bootEntry(console, { entry: { kind: 'previous-kernel' } }, within()),
  )

  const title = 'Debian GNU/Linux, with Linux 6.1.0-55'
  expect(entry).toEqual({ title, kernel, version: '6.1.0-55', edits: [] })
  expect(await rig.bootedWith(within())).toBe(rig.unedited.replace(/(?=(?:ro )?root=)/, 'previous '))
})
