import { expect, it } from 'vitest'
import { shown } from '../../test/helpers/recordings.ts'
import { recognise } from './recognise.ts'

async function seen(text: string) {
  return recognise(await shown(Buffer.from(text)))
}

it.each([
  ['\r\n/ # ', 'maintenance-shell', { prompt: '/ # ' }],
  ['\r\n~ # ', 'maintenance-shell', { prompt: '~ # ' }],
  ['linux:~ # ', 'maintenance-shell', { prompt: 'linux:~ # ' }],
  ["/bin/sh: 0: can't access tty; job control turned off\r\n# ", 'maintenance-shell', { prompt: '# ' }],
  [
    "ALERT!  /dev/sdb1 does not exist.  Dropping to a shell!\r\n/bin/sh: 0: can't access tty; job control turned off\r\n# ",
    'initramfs-shell',
    { of: 'klibc', prompt: '# ' },
  ],
  ['(initramfs) ', 'initramfs-shell', { of: 'initramfs-tools', prompt: '(initramfs) ' }],
  ['Entering emergency mode. Exit the shell to continue.\r\ndracut:/# ', 'initramfs-shell', { of: 'dracut' }],
  ['switch_root:/root# ', 'initramfs-shell', { of: 'dracut', prompt: 'switch_root:/root# ' }],
  [':/# ', 'initramfs-shell', { of: 'dracut', prompt: ':/# ' }],
  ['opc@web-1:~$ ', 'user-shell', { prompt: 'opc@web-1:~$ ' }],
  ['[opc@web-1 ~]$ ', 'user-shell', { prompt: '[opc@web-1 ~]$ ' }],
  ['FS0:\\> ', 'uefi-shell', {}],
  ['Shell> ', 'uefi-shell', {}],
  ['>>Start PXE over IPv4.\r\n', 'firmware', { firmware: 'pxe' }],
  ['iPXE initialising devices...ok\r\n', 'firmware', { firmware: 'ipxe' }],
  ['Welcome to GRUB!\r\n', 'grub-starting', {}],
  ['[   12.345678] reboot: Power down\r\n', 'powered-off', {}],
  ['[   12.345678] reboot: System halted\r\n', 'powered-off', {}],
  ['[   12.345678] reboot: Restarting system\r\n', 'kernel', { uptime: 12.345678 }],
  ['Password: ', 'password-prompt', {}],
])('takes %j for %s', async (text, kind, more) => {
  expect((await seen(text)).state).toMatchObject({ kind, ...more })
})

const SULOGIN = '\r\nGive root password for maintenance\r\n(or press Control-D to continue): '

it.each([
  [SULOGIN, { mode: undefined, asks: 'password', rootLocked: false }],
  [
    `You are in emergency mode. After logging in, type "journalctl -xb" to view system logs,${SULOGIN}`,
    { mode: 'emergency', asks: 'password', rootLocked: false },
  ],
  [
    'You are in rescue mode. After logging in, …\r\nPress Enter for maintenance\r\n(or press Control-D to continue): ',
    { mode: 'rescue', asks: 'enter', rootLocked: false },
  ],
  [
    'You are in emergency mode.\r\n\r\nCannot open access to console, the root account is locked.\r\nSee sulogin(8) man page for more details.\r\n\r\nPress Enter to continue.\r\n',
    { mode: 'emergency', asks: 'enter', rootLocked: true },
  ],
])('knows how far %j lets anybody in', async (text, more) => {
  expect((await seen(text)).state).toEqual({ kind: 'emergency', ...more })
})

it('does not take a bare `# ` or `$ ` for anybody’s shell', async () => {
  expect((await seen('some words\r\n# ')).state.kind).toBe('unknown')
  expect((await seen('some words\r\n$ ')).state.kind).toBe('unknown')
})

it('does not take a prompt above the cursor for one that waits', async () => {
  for (const prompt of ['root@web-1:~# ', 'dracut:/# ', '(initramfs) ', 'web-1 login: ', 'grub> '])
    expect((await seen(`${prompt}\r\nsome words\r\n`)).state.kind).toBe('unknown')
})

it('believes the kernel that begins below a panic, and the panic above its own trace', async () => {
  const panic = '[   36.247628] Kernel panic - not syncing: Attempted to kill init!\r\n'

  expect((await seen(`${panic}[   36.3] CPU: 0 PID: 1 Comm: bash\r\n`)).state.kind).toBe('kernel-panic')
  expect((await seen(`${panic}[    0.000000] Linux version 6.1.0\r\n`)).state.kind).toBe('kernel')
})
