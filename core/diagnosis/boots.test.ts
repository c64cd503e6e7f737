import { describe, expect, it } from 'vitest'
import { bootsOf } from './boots.ts'
import { rowsOf } from './rows.ts'

/** The first lines of each boot, the last boot first. */
const beginnings = (text: string) => bootsOf(rowsOf(text)).map((rows) => rows[0]?.text)

const KERNEL = `[    0.000000] Linux version 6.1.0 (build@host)
[    0.000000] Command line: BOOT_IMAGE=/vmlinuz root=/dev/vda1
[    1.000000] Run /init as init process
[   20.000000] systemd[1]: Reached target Multi-User System.`

describe('the boots of a log', () => {
  it.each([
    ['the firmware', `SeaBIOS (version 1.16.2)\nWelcome to GRUB!\n${KERNEL}`],
    ['UEFI', `BdsDxe: loading Boot0001 "Linux" from HD(1)\nWelcome to GRUB!\n${KERNEL}`],
    ['the boot loader', `Welcome to GRUB!\n${KERNEL}`],
    ['the kernel’s loader', `EFI stub: Booting Linux Kernel...\n${KERNEL}`],
    ['the kernel', KERNEL],
  ])('begin with %s', (_, boot) => {
    const first = boot.split('\n')[0]

    expect(beginnings(`${boot}\n${boot}\n${boot}`)).toEqual([first, first, first])
  })

  it('begin where the kernel’s clock starts over, when the line lost its first words', () => {
    expect(beginnings(`${KERNEL}\n[    0.100000] smp: Bringing up secondary CPUs`)[0]).toContain('smp')
  })

  it('do not begin where two processors wrote in a wrong order', () => {
    expect(beginnings(`${KERNEL}\n[   19.999000] late\n[   20.100000] later`)).toHaveLength(1)
  })

  it('end where the machine says that it restarts, but not with its last words', () => {
    const ended = `${KERNEL}\n[   99.000000] reboot: Restarting system\nmachine restart`

    expect(beginnings(ended)).toEqual(['[    0.000000] Linux version 6.1.0 (build@host)'])
    expect(beginnings(`${ended}\n\nBooting from Hard Disk...\n${KERNEL}`)[0]).toBe('machine restart')
  })

  it('are one where GRUB draws its menu again and again', () => {
    const menu = '                GNU GRUB  version 2.06\n'

    expect(beginnings(`Welcome to GRUB!\n${menu}${menu}${menu}${KERNEL}`)).toEqual(['Welcome to GRUB!'])
  })

  it('are two where the machine is reset in its boot loader', () => {
    expect(beginnings('SeaBIOS (version 1)\nWelcome to GRUB!\nSeaBIOS (version 1)\nWelcome to GRUB!')).toHaveLength(2)
  })

  it('are one where a crash starts a kernel that saves its memory', () => {
    const crash = `${KERNEL}\n[   50.000000] Kernel panic - not syncing: Fatal exception`
    const saving = '[    0.000000] Linux version 6.1.0\n[    0.000000] Command line: elfcorehdr=0x2b000000'

    expect(beginnings(`${crash}\n${saving}`)).toHaveLength(1)
  })

  it('are one in a log without any beginning', () => {
    expect(beginnings('some text\nmore of it')).toEqual(['some text'])
  })
})
