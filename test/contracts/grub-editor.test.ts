import { expect, it } from 'vitest'
import { GrubEditorScreen } from '../helpers/grub-editor.ts'
import { moment, recording } from '../helpers/recordings.ts'

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
