/** Boot loaders on firmware: without a menu, behind a password, with their previous kernel. */
import { it } from 'vitest'
import type { RigClass } from '../../rigs/classes.ts'
import type { RigConfig } from '../../rigs/options.ts'
import {
  expectBootWithoutMenu,
  expectEditWithPassword,
  expectNoBootWithoutPassword,
  expectPreviousKernel,
} from '../loader-journey.ts'

it.each<RigClass>(['uefi-console-cut', 'uefi-both'])(
  'edits with the password that the operator gives, after a wrong one: %s',
  expectEditWithPassword,
)

it('boots nothing when nobody knows the password', () => expectNoBootWithoutPassword('uefi-both'))

it.each<[RigClass, RigConfig]>([
  ['bios-console', 'none'],
  ['uefi-serial', 'entries'],
  ['uefi-console', 'elsewhere'],
  ['uefi-console', 'entries'],
  ['uefi-console-cut', 'none'],
  ['uefi-both', 'entries'],
  ['arm64-console', 'none'],
])('boots a GRUB that has no menu: %s, %s', expectBootWithoutMenu)

it.each<[RigClass, string]>([
  ['uefi-console', '/vmlinuz'],
  ['uefi-both', '/vmlinuz'],
  ['systemd-boot', '\\vmlinuz'],
])('boots the previous kernel once, as its entry has it: %s', expectPreviousKernel)
