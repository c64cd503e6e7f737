import { expect, it } from 'vitest'
import { type FirmwarePage, firmwarePage } from '../../test/helpers/firmware-menu-page.ts'
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

it('does not say that GRUB boots once something of Linux has been said', async () => {
  const booting = '\u001b[H\u001b[J\u001b[1;1H  Booting a command list\n\r\n\rLoading Linux 6.1 ...\n\r'

  expect((await seen(booting)).state.kind).toBe('grub-booting')
  expect((await seen(`${booting}bash: no job control in this shell\r\nuname\r\n`)).state.kind).toBe('unknown')
})

it('reads an error of GRUB, and whether it waits for a key', async () => {
  const error = 'error: ../../grub-core/fs/fshelp.c:grub_fshelp_find_file:257:file `/vmlinuz’ not found.\r\n'

  expect((await seen(error)).state).toEqual({
    kind: 'grub-error',
    message: 'file `/vmlinuz’ not found.',
    waits: false,
  })
  expect((await seen(`${error}\r\nPress any key to continue...`)).state).toMatchObject({ waits: true })
  expect((await seen('error: Failed dependencies: libfoo\r\n')).state.kind).toBe('unknown')
})

it('reads what GRUB asks, and the name as far as it is typed', async () => {
  const asks = '\u001b[H\u001b[J\u001b[1;1HEnter username: \n\r'

  expect((await seen(`${asks}adm`)).state).toEqual({ kind: 'grub-password', asks: 'username', typed: 'adm' })
  expect((await seen(`${asks}admin\n\rEnter password: \n\r`)).state).toMatchObject({ asks: 'password' })
})

it('shows two terminals over each other as what they are, and the way out', async () => {
  const both = recording('efi-both')
  const at = async (length: number) => recognise(await shown(both.subarray(0, length))).state.kind

  expect(await at(8276)).toBe('grub-overlaid')
  expect(await at(15619)).toBe('grub-overlaid')
  expect(await at(24458)).toBe('grub-command-line')
  expect(await at(28250)).toBe('grub-editor')
})

const MENU = ['*Oracle Linux Server 8.9', ' Oracle Linux Server 8.9 (old)', ' System setup']
const EDITOR = ["setparams 'Oracle'", '', '  linux /vmlinuz root=/dev/sda3 ro quiet']
const HELP = {
  english: ['Use the ^ and v keys to select which entry is highlighted.', 'Press enter to boot the selected OS.'],
  french: ['Utilisez les touches ^ et v pour sélectionner une entrée.', 'Démarrage automatique dans 5s.'],
  cyrillic: ['????????? ??????? ^ ? v ??? ?????????', '??????? enter ????? ????????? ????????? ??'],
}
const EDITOR_HELP = ['Ctrl-x ou F10 démarre, Ctrl-c ou F2 ouvre une invite, ESC abandonne.']

it.each<Pick<FirmwarePage, 'firmware' | 'columns' | 'rows'>>([
  { firmware: 'uefi', columns: 80, rows: 25 },
  { firmware: 'uefi', columns: 100, rows: 31 },
  { firmware: 'uefi', columns: 128, rows: 40 },
  { firmware: 'bios', columns: 80, rows: 25 },
])('reads menu and editor of $firmware at $columns by $rows, in any language', async (size) => {
  for (const help of Object.values(HELP)) {
    const menu = recognise(await shown(firmwarePage({ ...size, help, content: MENU, selected: 0 }), 7)).state
    expect(menu).toMatchObject({ kind: 'grub-menu', menu: { entries: MENU.map((row) => row.slice(1)), selected: 0 } })
  }
  const editor = recognise(await shown(firmwarePage({ ...size, help: EDITOR_HELP, content: EDITOR }), 7)).state
  expect(editor).toMatchObject({ kind: 'grub-editor', editor: { current: 0 } })
})

it('takes a menu whose highlight is not drawn yet for no editor', async () => {
  const page = { firmware: 'uefi', columns: 100, rows: 31, help: HELP.english, content: MENU } as const

  expect(recognise(await shown(firmwarePage(page))).state.kind).toBe('unknown')
})

it('reads the menu of GRUB’s serial terminal in French', async () => {
  const { bytes } = moment('menu.01-menu-countdown')
  const french = Buffer.from(bytes)
    .toString('latin1')
    .replace(
      'Use the ^ and v keys to select which entry is highlighted.',
      'Utilisez les touches ^ et v pour choisir une entree.      ',
    )
    .replace('GNU GRUB  version', 'GNU GRUB  versjon')
    .replaceAll(
      'The highlighted entry will be executed automatically in',
      'Demarrage automatique de l’entree en surbrillance dans ',
    )
  const { state } = recognise(await shown(Buffer.from(french)))

  expect(state).toMatchObject({ kind: 'grub-menu', menu: { selected: 0, countdown: 12, nested: false } })
})
