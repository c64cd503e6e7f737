import { expect, it } from 'vitest'
import { GrubEditorScreen } from '../helpers/grub-editor.ts'
import { GrubMenuScreen } from '../helpers/grub-menu.ts'
import { type GrubTerminalKind, grubTerminal } from '../helpers/grub-terminal.ts'
import { moment, recording, shown } from '../helpers/recordings.ts'

/** The entry in the recordings `menu` and `edit`. */
const LINES = [
  "setparams 'Debian GNU/Linux' 'gnulinux-simple-1f2e'",
  '',
  '\tload_video',
  '\tinsmod gzio',
  '\tif [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi',
  '\tinsmod part_gpt',
  '\tinsmod ext2',
  '\tsearch --no-floppy --fs-uuid --set=root 1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516',
  "\techo\t'Loading Linux 6.1.0-56-cloud-amd64 ...'",
  '\tlinux\t/boot/vmlinuz-6.1.0-56-cloud-amd64 root=UUID=1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516 ro console=tty0 console=ttyS0,115200n8 net.ifnames=0 biosdevname=0 nvme_core.io_timeout=4294967295 rd.emergency=poweroff rd.shell=0 crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M resume=/dev/mapper/rhel-swap rd.lvm.lv=rhel/root rd.lvm.lv=rhel/swap audit=1 audit_backlog_limit=8192 systemd.unified_cgroup_hierarchy=1 selinux=1 enforcing=1 quiet splash vt.handoff=7',
  "\techo\t'Loading initial ramdisk ...'",
  '\tinitrd\t/boot/initrd.img-6.1.0-56-cloud-amd64',
]

it('says byte for byte what the real one said: opened, walked down, typed into', () => {
  let said = ''
  const editor = new GrubEditorScreen(LINES, (text) => {
    said += text
  })
  editor.open()
  for (let line = 0; line < 9; line += 1) editor.press('\u000e')
  editor.press('\u0005')
  for (const key of ' init=/bin/bash rw console=ttyS0,115200n8') editor.press(key)
  editor.press('\u0001')

  const whole = Buffer.from(recording('edit').subarray(0, moment('edit.04-linux-ctrl-a').bytes.length)).toString(
    'latin1',
  )
  expect(said).toBe(whole.slice(whole.indexOf('\u001b[?25l\u001b[5;3Hsetparams')))
})

it('says byte for byte what the real one said on the console of UEFI', () => {
  const terminal = grubTerminal('uefi-console')
  const said: Buffer[] = []
  const editor = new GrubEditorScreen(LINES, (text) => said.push(terminal.encode(text)), terminal)
  editor.open()
  for (let line = 0; line < 9; line += 1) editor.press('\u000e')
  editor.press('\u0005')
  for (const key of ' init=/bin/bash rw console=ttyS0,115200n8') editor.press(key)

  const whole = Buffer.from(moment('efi-console-100.05-typed').bytes).toString('latin1')
  expect(Buffer.concat(said).toString('latin1')).toBe(whole.slice(whole.indexOf('\u001b[05;03Hsetparams')))
})

it.each<[GrubTerminalKind, string, number]>([
  ['grub-serial', 'menu.02-menu-stopped', 12],
  ['grub-serial', 'edges.09-menu-scrolled', 12],
  ['uefi-console', 'efi-console-100.02-second', 19],
  ['bios-console', 'bios-sercon.02', 13],
])('shows the menu of %s as %s does', async (kind, label, rows) => {
  const terminal = grubTerminal(kind)
  const real = await shown(moment(label).bytes)
  const box = real.rows.slice(4, 4 + rows)
  const titles = box.map((row) =>
    row
      .slice(3)
      .replace(/[|│].*$/, '')
      .trimEnd(),
  )
  const selected = box.findIndex((row) => row[2] === '*')
  let said = terminal.firmware + terminal.clear
  const above = real.rows[4]?.endsWith('^') ? ['above'] : []
  const below = real.rows[3 + rows]?.endsWith('v') ? ['below'] : []
  const menu = new GrubMenuScreen([...above, ...titles, ...below], false, terminal, (text) => {
    said += text
  })
  menu.show()
  // The last row first, so that the box has scrolled as far as it had.
  for (let row = 0; row < above.length + rows - 1; row += 1) menu.move(1)
  for (let row = above.length + rows - 1; row > above.length + selected; row -= 1) menu.move(-1)

  const ours = await shown(terminal.encode(said))
  expect(ours.rows.slice(3, 5 + rows)).toEqual(real.rows.slice(3, 5 + rows))
  expect([ours.cursor.row, ours.highlighted]).toEqual([real.cursor.row, real.highlighted])
})
