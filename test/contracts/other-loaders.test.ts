/** The simulated GRUB legacy, systemd-boot and firmware draw what the real ones drew when they were recorded. */
import { expect, it } from 'vitest'
import { Console } from '../../core/console/console.ts'
import { firmwareKeys, type Typed } from '../../core/console/keys.ts'
import type { ScreenView } from '../../core/console/screen-view.ts'
import { Firmware } from '../helpers/firmware-menu.ts'
import { LegacyGrub } from '../helpers/grub-legacy.ts'
import { recording, shown } from '../helpers/recordings.ts'
import type { SimulatedLine } from '../helpers/simulated-line.ts'
import { SystemdBoot } from '../helpers/systemd-boot.ts'

/** As in the recordings. */
const LEGACY_LINE =
  'kernel /boot/vmlinuz root=UUID=1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516 ro rd_NO_LUKS rd_NO_LVM rd_NO_MD netroot=iscsi:169.254.0.2:::1:iqn.2015-02.oracle.boot:uefi iscsi_param=node.session.timeo.replacement_timeout=6000 KEYBOARDTYPE=pc KEYTABLE=us LANG=en_US.UTF-8 SYSFONT=latarcyrheb-sun16 crashkernel=auto rd_NO_DM console=tty0 console=ttyS0,9600 numa=off'
const OPTIONS =
  'root=UUID=1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516 ro rd.luks=0 rd.md=0 rd.dm=0 netroot=iscsi:169.254.0.2:::1:iqn.2015-02.oracle.boot:uefi rd.iscsi.param=node.session.timeo.replacement_timeout=6000'

/** Types what is given, one after the other, and returns the screen after each. */
async function screens(line: SimulatedLine, powerOn: () => void, typed: readonly Typed[]): Promise<ScreenView[]> {
  await using console = new Console(line)
  const signal = AbortSignal.timeout(30_000)
  const still = () =>
    console.until('shell-prompt', (view) => (view.text === '' ? undefined : view), 5000, signal, { quietMs: 50 })
  powerOn()
  const seen = [await still()]
  for (const keys of typed) {
    await console.type(keys, signal)
    seen.push(await still())
  }
  return seen
}

function drawn({ rows, cursor, light }: ScreenView) {
  return { rows, cursor, light }
}

it('GRUB legacy: menu, second entry, commands, line, its start, its end, typed', async () => {
  const commands = ['root (hd0,0)', LEGACY_LINE, 'initrd /boot/initramfs.img']
  const entries = [
    { title: 'Oracle Linux Server Unbreakable Enterprise Kernel (4.1.12-124.el6uek.x86_64)', commands },
    { title: 'Oracle Linux Server Red Hat Compatible Kernel (2.6.32-754.el6.x86_64)', commands },
  ]
  await using grub = new LegacyGrub({ entries })
  const typed = ['v', '^', 'e', 'v', 'e', '\u0001', '\u0005', ' init=/bin/bash']
  const [menu, second, , list, selected, line, start, end, added] = await screens(
    grub.line,
    () => grub.powerOn(),
    typed,
  )
  const simulated = [menu, second, list, selected, line, start, end, added]

  // The first is the menu with its countdown stopped.
  for (const [index, bytes] of [2038, 2226, 4317, 4505, 4863, 4950, 5037, 5157].entries()) {
    const real = drawn(await shown(recording('legacy').subarray(0, bytes)))
    expect([bytes, simulated[index] && drawn(simulated[index])]).toEqual([bytes, real])
  }
})

it('systemd-boot: titles in the middle, one of them lit; a line that is edited', async () => {
  const entries = ['Rescue', 'Oracle Linux Server 9.4', 'Reboot Into Firmware Interface']
  await using loader = new SystemdBoot({
    entries: entries.map((title) => ({ title, options: OPTIONS })),
    columns: 100,
    terminalColumns: 80,
  })
  const [, menu, editor, moved] = await screens(loader.line, () => loader.powerOn(), [
    firmwareKeys.down,
    'e',
    firmwareKeys.right,
  ])
  const texts = (view: ScreenView | undefined) => view?.rows.filter((row) => row !== '')
  const real = async (bytes: number) => await shown(recording('systemd-boot-cut').subarray(0, bytes))

  // It stands some rows higher: systemd-boot counts the rows of a screen that the firmware's terminal does not have.
  expect(texts(menu)).toEqual(texts(await real(931)))
  expect(texts(editor)).toEqual(texts(await real(1874)))
  expect(moved?.cursor.column).toBe((await real(2044)).cursor.column)
})

it('the firmware: its ground, its highlight, its boot manager', async () => {
  const bootOptions = ['UEFI QEMU DVD-ROM QM00005', 'EFI Internal Shell', 'UEFI Non-Block Boot Device']
  const firmware = new Firmware({ bootOptions })
  const typed = [firmwareKeys.down, '\r', firmwareKeys.down]
  const [, , , manager] = await screens(firmware.line, () => firmware.show('front'), typed)
  const real = await shown(recording('firmware-menus').subarray(0, 16668))

  // The same option highlighted, a row further up: the simulated page has no heading.
  expect(manager?.rows.slice(0, 3)).toEqual(real.rows.slice(0, 3))
  expect(manager?.rows[8]).toMatch(/^ {3}EFI Internal Shell/)
  expect(manager?.light[8]?.slice(0, 2)).toEqual(real.light[8]?.slice(0, 2))
})
