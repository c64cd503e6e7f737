import { expect, it } from 'vitest'
import { moment, moments, recording, shown } from '../../test/helpers/recordings.ts'
import { Screen } from '../console/screen.ts'
import { recognise } from './recognise.ts'
import type { MachineState } from './state.ts'

/** What each labelled moment of the recordings shows. */
const SEEN: Readonly<Record<string, MachineState['kind']>> = {
  'boot-bash.01-edited': 'grub-editor',
  'boot-bash.02-booting': 'grub-booting',
  'boot-bash.03-shell': 'maintenance-shell',
  'boot-bash.05-noediting': 'kernel-panic',
  'boot-bash.06-exit-pid1-panic': 'kernel-panic',
  'cmdline.01-grub-prompt': 'grub-command-line',
  'cmdline.04-long-cmd-error': 'grub-command-line',
  'cmdline.06-esc': 'grub-menu',
  'countdown.01-countdown': 'grub-hidden',
  'countdown.02-countdown-after-esc': 'grub-menu',
  'dashdash.01': 'maintenance-shell',
  'edges.01-menu': 'grub-menu',
  'edges.03-edges-len75-ctrl-e': 'grub-editor',
  'edges.04-huge-edit': 'grub-editor',
  'bios-sercon.01-menu': 'grub-menu',
  'bios-sercon.03-edit': 'grub-editor',
  'bios-sercon.04-end': 'grub-editor',
  'efi-console-100.01-menu': 'grub-menu',
  'efi-console-100.03-edit': 'grub-editor',
  'efi-console-100.05-typed': 'grub-editor',
  'efi-console-100.06-esc': 'grub-menu',
  'edges.09-menu-scrolled': 'grub-menu',
  'edges.10-menu-end': 'grub-menu',
  'edit.02-linux-ctrl-e': 'grub-editor',
  'edit.03-linux-appended': 'grub-editor',
  'edit.07-after-CR': 'grub-editor',
  'edit.08-after-ESC-O-D': 'grub-menu',
  'efi-serial-80.01-menu': 'grub-menu',
  'efi-serial-80.05-typed': 'grub-editor',
  'hidden-expired.01-hidden-expired': 'grub-booting',
  'hidden.01-hidden-waiting': 'grub-hidden',
  'hidden.02-hidden-after-esc': 'grub-menu',
  'initramfs.01-initramfs': 'initramfs-shell',
  'initramfs.02-initramfs-cmd': 'initramfs-shell',
  'login.01-login-prompt': 'login-prompt',
  'login.02-password-prompt': 'password-prompt',
  'login.03-login-incorrect': 'login-prompt',
  'menu.01-menu-countdown': 'grub-menu',
  'menu.02-menu-stopped': 'grub-menu',
  'menu.04-edit-initial': 'grub-editor',
  // Half of the editor is drawn: nobody may type into that.
  'menu.05-edit-after-10-ctrl-n': 'unknown',
  'menu.06-edit-last-lines': 'grub-editor',
  'password.01-menu': 'grub-menu',
  'password.02-username': 'grub-password',
  'password.03-password': 'grub-password',
  'password.05-right-password-editor': 'grub-editor',
}

it.each([1, 7, 4096])('knows every labelled moment of the recordings, in pieces of %i bytes', async (size) => {
  const wrong: string[] = []
  for (const [label, kind] of Object.entries(SEEN)) {
    const sighting = recognise(await shown(moment(label).bytes, size))
    if (sighting.state.kind !== kind) wrong.push(`${label}: ${sighting.state.kind}, because ${sighting.because}`)
  }
  expect(wrong).toEqual([])
})

it('shows the same rows and cursor as the reference terminal', async () => {
  for (const { label, bytes, rows, cursor } of moments().filter(({ label }) => !/^(?:efi-console|bios)/.test(label))) {
    const view = await shown(bytes)
    expect([label, view.rows, view.cursor]).toEqual([label, rows, cursor])
  }
})

it('has an answer for every prefix of a whole rescue, and sees its states in their order', async () => {
  const bytes = recording('debian-12')
  const seen: string[] = []
  using screen = new Screen()
  for (let at = 0; at < bytes.length; at += 16) {
    await screen.feed(bytes.subarray(at, at + 16))
    const { kind } = recognise(screen.view()).state
    if (kind !== seen.at(-1)) seen.push(kind)
  }
  const milestones = ['grub-menu', 'grub-editor', 'grub-booting', 'maintenance-shell', 'login-prompt']
  let from = 0
  for (const kind of milestones) {
    expect(seen.indexOf(kind, from), `${kind} in ${seen.join(' ')}`).toBeGreaterThanOrEqual(0)
    from = seen.indexOf(kind, from)
  }
  expect(seen).not.toContain('kernel-panic')
  expect(seen).not.toContain('initramfs-shell')
})

it('reads the menu: entries, the selected one, the countdown', async () => {
  expect(recognise(await shown(moment('menu.01-menu-countdown').bytes)).state).toEqual({
    kind: 'grub-menu',
    menu: {
      entries: ['Debian GNU/Linux', 'Advanced options for Debian GNU/Linux', 'UEFI Firmware Settings'],
      selected: 0,
      nested: false,
      countdown: 12,
    },
  })
})

async function seen(text: string) {
  return recognise(await shown(Buffer.from(text)))
}

it('knows a panic by its own line, even where that wrapped, and with a prompt above it', async () => {
  const panic = 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) and some more'
  const sighting = await seen(`web-1 login: \r\n[    1.234567] ${panic}\r\n[    1.234999] CPU: 0 PID: 1\r\n`)

  expect(sighting.state).toEqual({ kind: 'kernel-panic', reason: panic.slice(panic.indexOf('VFS')) })
})

it('believes the firmware below a panic, not the panic', async () => {
  expect((await seen('[ 1.234567] Kernel panic - not syncing: x\r\nSeaBIOS (version 1.16)\r\n')).state.kind).toBe(
    'firmware',
  )
})

it('does not take a login prompt that scrolled up for one that waits', async () => {
  expect((await seen('web-1 login: opc\r\nPassword: \r\nLast login: today\r\n$ ')).state.kind).toBe('unknown')
})

it('does not take `Last login:` or `Last failed login:` for a login prompt', async () => {
  expect((await seen('Last login: ')).state.kind).toBe('unknown')
  expect((await seen('Last failed login: ')).state.kind).toBe('unknown')
})

it.each(['bash-5.2# ', 'sh-5.1# ', 'root@(none):/# ', '[root@web-1 ~]# '])(
  'knows the root prompt %j',
  async (prompt) => {
    expect((await seen(`noise\r\n${prompt}`)).state).toEqual({ kind: 'maintenance-shell', prompt })
  },
)

it('does not take a root prompt with something typed behind it for one that waits', async () => {
  expect((await seen('bash-5.2# rm -rf /tmp/x')).state.kind).toBe('unknown')
})

it('knows a prompt that the kernel wrote over', async () => {
  const noise = '[   12.345678] usb 1-1: new device\r\n[   13.000000] random: crng init done\r\n'

  expect((await seen(`bash-5.2# ${noise}`)).state.kind).toBe('maintenance-shell')
  expect((await seen(`web-1 login: ${noise}`)).state).toEqual({ kind: 'login-prompt', host: 'web-1' })
  expect((await seen(`bash-5.2# ${noise}web-1 login: `)).state.kind).toBe('login-prompt')
})

it.each([
  ['(or press Control-D to continue): ', 'emergency'],
  ['Press Enter for maintenance\r\n(or press Control-D to continue): ', 'emergency'],
  ['dracut:/# ', 'initramfs-shell'],
  ['switch_root:/# ', 'initramfs-shell'],
  ['grub rescue> ', 'grub-rescue'],
  ['error: no such partition.\r\n', 'grub-error'],
  ['BdsDxe: starting Boot0001 "UEFI Oracle"\r\n', 'firmware'],
  ['EFI stub: Booting Linux Kernel...\r\n', 'kernel'],
  ['', 'silent'],
])('takes %j for %s', async (text, kind) => {
  expect((await seen(text)).state.kind).toBe(kind)
})
