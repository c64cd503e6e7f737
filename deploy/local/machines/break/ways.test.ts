/** What each way does to a guest's files, and that it does nothing else. */
import { lstat, mkdtemp, open, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCommand } from '../../commands.ts'
import { grubConfig } from '../debian/grub-config.ts'
import { Ext4 } from '../ext4.ts'
import { openGuestDisks } from './guest-disks.ts'
import { isWay, WAYS, type WayName } from './ways.ts'

const BYTES = 4 << 20
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
/** Of a line, as much as tells it from others. */
const LONGEST_LINE = 90
const HASH = /\$6\$[./0-9A-Za-z]+\$[./0-9A-Za-z]{86}/g

/** Of a guest's files, those that some way changes; a kernel of two lines, so that its half can be told. */
const FILES: Readonly<Record<string, string>> = {
  '/etc/fstab': 'UUID=root / ext4 errors=remount-ro 0 1\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nopc:x:1000:1000:Public Cloud:/home/opc:/bin/bash\n',
  '/etc/shadow': 'root:!*:20784:0:99999:7:::\nopc:!:20784:0:99999:7:::\n',
  '/etc/sudoers': 'root ALL=(ALL:ALL) ALL\n',
  '/etc/sudoers.d/90-cloud-init-users': 'opc ALL=(ALL) NOPASSWD:ALL\n',
  '/etc/pam.d/common-auth': 'auth\t[success=1 default=ignore]\tpam_unix.so nullok\nauth\trequisite\t\t\tpam_deny.so\n',
  '/etc/pam.d/common-account': 'account\trequired\t\t\tpam_permit.so\n',
  '/etc/security/faillock.conf': '# deny = 3\n',
  '/etc/ssh/sshd_config': 'UsePAM yes\n',
  '/etc/ssh/ssh_host_rsa_key': 'private\n',
  '/etc/ssh/ssh_host_rsa_key.pub': 'public\n',
  '/etc/ssh/ssh_host_ecdsa_key': 'private\n',
  '/etc/ssh/ssh_host_ecdsa_key.pub': 'public\n',
  '/etc/ssh/ssh_host_ed25519_key': 'private\n',
  '/etc/ssh/ssh_host_ed25519_key.pub': 'public\n',
  '/etc/ssh/sshd_config.d/keys-only.conf': 'PasswordAuthentication no\n',
  '/home/opc/.ssh/authorized_keys': 'ssh-rsa AAAA lost\n',
  '/boot/grub/grub.cfg': grubConfig('root').replaceAll('@KERNEL@', '6.1.0-50-cloud-amd64'),
  '/boot/vmlinuz-6.1.0-50-cloud-amd64': 'kernel\nkernel\n',
  '/boot/initrd.img-6.1.0-50-cloud-amd64': 'initrd\ninitrd\n',
}
const FOLDERS = ['/lib/modules', '/srv', '/var/lib', '/var/log', '/etc/systemd/system/multi-user.target.wants']
const LINKS: Readonly<Record<string, string>> = {
  '/etc/systemd/system/multi-user.target.wants/ssh.service': '/lib/systemd/system/ssh.service',
  '/etc/systemd/system/sshd.service': '/lib/systemd/system/ssh.service',
}

/** On top of GRUB's menu, and whole as yet. */
const NEWER_KERNEL = [
  "/boot/grub/grub.cfg + echo\t'Loading Linux 6.1.0-51-cloud-amd64 ...'",
  '/boot/grub/grub.cfg + linux\t/boot/vmlinuz-6.1.0-51-cloud-amd64 root=UUID=root ro crashkernel=1G-64G:448M,64G-:51',
  '/boot/grub/grub.cfg + initrd\t/boot/initrd.img-6.1.0-51-cloud-amd64',
  "/boot/grub/grub.cfg + menuentry 'Debian GNU/Linux, with Linux 6.1.0-51-cloud-amd64' --class debian --class gnu-l",
  "/boot/grub/grub.cfg + echo\t'Loading Linux 6.1.0-51-cloud-amd64 ...'",
  '/boot/grub/grub.cfg + linux\t/boot/vmlinuz-6.1.0-51-cloud-amd64 root=UUID=root ro crashkernel=1G-64G:448M,64G-:51',
  '/boot/grub/grub.cfg + initrd\t/boot/initrd.img-6.1.0-51-cloud-amd64',
  "/boot/grub/grub.cfg + menuentry 'Debian GNU/Linux, with Linux 6.1.0-51-cloud-amd64 (recovery mode)' --class debi",
  "/boot/grub/grub.cfg + echo\t'Loading Linux 6.1.0-51-cloud-amd64 ...'",
  '/boot/grub/grub.cfg + linux\t/boot/vmlinuz-6.1.0-51-cloud-amd64 root=UUID=root ro single console=tty0 console=tty',
  '/boot/grub/grub.cfg + initrd\t/boot/initrd.img-6.1.0-51-cloud-amd64',
  '/lib/modules/6.1.0-51-cloud-amd64 mode 755',
]

/** By path, what became of it: `+` a line, `-` a line, `mode`, `owner`, `gone`, `ends after` a line, or `->` for a link. */
const CHANGES: Readonly<Record<WayName, readonly string[]>> = {
  'lost-key': [],
  'lost-key-home-elsewhere': [
    '/etc/passwd - opc:x:1000:1000:Public Cloud:/home/opc:/bin/bash',
    '/etc/passwd + opc:x:1000:1000:Public Cloud:/srv/people/opc:/bin/bash',
    '/home/opc/.ssh/authorized_keys gone',
    '/srv/people mode 755',
    '/srv/people/opc mode 755',
    '/srv/people/opc owner 1000:1000',
    '/srv/people/opc/.ssh mode 700',
    '/srv/people/opc/.ssh owner 1000:1000',
    '/srv/people/opc/.ssh/authorized_keys + ssh-rsa AAAA lost',
    '/srv/people/opc/.ssh/authorized_keys mode 600',
    '/srv/people/opc/.ssh/authorized_keys owner 1000:1000',
  ],
  'lost-key-file-elsewhere': [
    '/etc/ssh/keys mode 755',
    '/etc/ssh/keys/opc + ssh-rsa AAAA lost',
    '/etc/ssh/keys/opc mode 600',
    '/etc/ssh/keys/opc owner 1000:1000',
    '/etc/ssh/sshd_config.d/20-keys.conf + AuthorizedKeysFile /etc/ssh/keys/%u',
    '/home/opc/.ssh/authorized_keys gone',
  ],
  'fstab-missing-device': ['/etc/fstab + UUID=UUID /data ext4 defaults 0 2'],
  'fstab-bad-option': ['/etc/fstab + UUID=UUID /data ext4 defaults,noatimes 0 2'],
  'fstab-misspelt-option': ['/etc/fstab + UUID=UUID /data ext4 defualts 0 2'],
  'fstab-bind-without-disk': [
    '/etc/fstab + UUID=UUID /data ext4 defaults 0 2',
    '/etc/fstab + /data/app /srv/app none bind 0 0',
  ],
  'fstab-bind-without-source': ['/etc/fstab + /opt/issue /etc/issue none bind 0 0'],
  'fstab-wrong-type': ['/etc/fstab + UUID=UUID /data xfs defaults 0 0'],
  'fstab-malformed': ['/etc/fstab + UUID=UUID /data disk ext4 defaults 0 2'],
  'emergency-shell': [
    '/etc/fstab + UUID=UUID /data ext4 defaults 0 2',
    '/etc/systemd/system/emergency.service.d mode 755',
    '/etc/systemd/system/emergency.service.d/shell.conf + [Service]',
    '/etc/systemd/system/emergency.service.d/shell.conf + Environment=SYSTEMD_SULOGIN_FORCE=1',
  ],
  'sshd-config-error': ['/etc/ssh/sshd_config + PermitRootLogn no'],
  'sshd-no-host-keys': [
    '/etc/ssh/ssh_host_ecdsa_key gone',
    '/etc/ssh/ssh_host_ecdsa_key.pub gone',
    '/etc/ssh/ssh_host_ed25519_key gone',
    '/etc/ssh/ssh_host_ed25519_key.pub gone',
    '/etc/ssh/ssh_host_rsa_key gone',
    '/etc/ssh/ssh_host_rsa_key.pub gone',
  ],
  'sshd-host-key-modes': [
    '/etc/ssh/ssh_host_ecdsa_key mode 644',
    '/etc/ssh/ssh_host_ed25519_key mode 644',
    '/etc/ssh/ssh_host_rsa_key mode 644',
  ],
  'sshd-home-modes': ['/home/opc mode 775', '/home/opc/.ssh mode 777', '/home/opc/.ssh/authorized_keys mode 666'],
  'sshd-no-privsep-dir': [
    '/etc/systemd/system/ssh.service.d mode 755',
    '/etc/systemd/system/ssh.service.d/override.conf + [Service]',
    '/etc/systemd/system/ssh.service.d/override.conf + RuntimeDirectory=',
  ],
  'sshd-not-enabled': [
    '/etc/systemd/system/multi-user.target.wants/ssh.service gone',
    '/etc/systemd/system/sshd.service gone',
  ],
  'sshd-deny-users': ['/etc/ssh/sshd_config.d/20-access.conf + DenyUsers guest opc'],
  'sshd-allow-users': ['/etc/ssh/sshd_config.d/20-access.conf + AllowUsers deploy'],
  'sshd-allow-users-in-a-long-file': [
    '/etc/ssh/sshd_config.d/20-access.conf + # 5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e96b86b273ff34fce19d6b804e',
    '/etc/ssh/sshd_config.d/20-access.conf + AllowUsers deploy',
  ],
  'account-locked': [
    '/etc/shadow - opc:!:20784:0:99999:7:::',
    '/etc/shadow + opc:!HASH:20784:0:99999:7:::',
    '/etc/ssh/sshd_config - UsePAM yes',
    '/etc/ssh/sshd_config + UsePAM no',
  ],
  'account-expired': ['/etc/shadow - opc:!:20784:0:99999:7:::', '/etc/shadow + opc:!:20784:0:99999:7::20000:'],
  'no-shell': [
    '/etc/passwd - opc:x:1000:1000:Public Cloud:/home/opc:/bin/bash',
    '/etc/passwd + opc:x:1000:1000:Public Cloud:/home/opc:/usr/sbin/nologin',
  ],
  'shell-missing': [
    '/etc/passwd - opc:x:1000:1000:Public Cloud:/home/opc:/bin/bash',
    '/etc/passwd + opc:x:1000:1000:Public Cloud:/home/opc:/usr/bin/zsh',
  ],
  faillock: [
    '/etc/pam.d/common-account + account\trequired\t\t\tpam_faillock.so',
    '/etc/pam.d/common-auth - auth\t[success=1 default=ignore]\tpam_unix.so nullok',
    '/etc/pam.d/common-auth + auth\trequisite\t\t\tpam_faillock.so preauth',
    '/etc/pam.d/common-auth + auth\t[success=2 default=ignore]\tpam_unix.so nullok',
    '/etc/pam.d/common-auth + auth\t[default=die]\t\t\tpam_faillock.so authfail',
    '/etc/security/faillock.conf - # deny = 3',
    '/etc/security/faillock.conf + deny = 3',
    '/etc/security/faillock.conf + unlock_time = 0',
    '/etc/security/faillock.conf + dir = /var/lib/faillock',
    '/etc/shadow - opc:!:20784:0:99999:7:::',
    '/etc/shadow + opc:HASH:20784:0:99999:7:::',
    '/var/lib/faillock mode 755',
    '/var/lib/faillock/opc + 192 bytes',
    '/var/lib/faillock/opc mode 600',
  ],
  'sudoers-syntax': [
    '/etc/sudoers.d/90-cloud-init-users - opc ALL=(ALL) NOPASSWD:ALL',
    '/etc/sudoers.d/90-cloud-init-users + opc ALL=(ALL NOPASSWD:ALL',
  ],
  'sudoers-modes': ['/etc/sudoers mode 666'],
  'sudoers-owner': ['/etc/sudoers owner 1000:1000', '/etc/sudoers.d/90-cloud-init-users owner 1000:1000'],
  'grub-no-entries': ['/boot/grub/grub.cfg ends after ### END /etc/grub.d/00_header ###'],
  'kernel-bad': [
    ...NEWER_KERNEL,
    '/boot/initrd.img-6.1.0-51-cloud-amd64 + initrd',
    '/boot/initrd.img-6.1.0-51-cloud-amd64 + initrd',
    '/boot/vmlinuz-6.1.0-51-cloud-amd64 + empty',
  ],
  'kernel-bad-initrd': [
    ...NEWER_KERNEL,
    '/boot/initrd.img-6.1.0-51-cloud-amd64 + initrd',
    '/boot/vmlinuz-6.1.0-51-cloud-amd64 + kernel',
    '/boot/vmlinuz-6.1.0-51-cloud-amd64 + kernel',
  ],
  'kernel-missing-initrd': [
    ...NEWER_KERNEL,
    '/boot/vmlinuz-6.1.0-51-cloud-amd64 + kernel',
    '/boot/vmlinuz-6.1.0-51-cloud-amd64 + kernel',
  ],
  'root-locked': ['/etc/systemd/system/default.target -> /lib/systemd/system/server.target'],
  'fsck-needed': [
    '/var/lib/customers.csv + invoice,amount',
    '/var/lib/customers.csv + 1001,250',
    '/var/lib/invoices.csv + invoice,amount',
    '/var/lib/invoices.csv + 1001,250',
  ],
  'fsck-needed-data': ['/etc/fstab + UUID=UUID /data ext4 defaults 0 2'],
  'disk-full': [
    '/etc/systemd/system/multi-user.target.wants/orders.service -> /etc/systemd/system/orders.service',
    '/etc/systemd/system/orders.service + [Unit]',
    '/etc/systemd/system/orders.service + Description=Orders',
    '/etc/systemd/system/orders.service + [Service]',
    '/etc/systemd/system/orders.service + Type=oneshot',
    "/etc/systemd/system/orders.service + ExecStart=/bin/sh -c 'mkdir -p /var/lib/orders && date > /var/lib/orders/started'",
    '/etc/systemd/system/orders.service + StandardError=journal+console',
    '/etc/systemd/system/orders.service + [Install]',
    '/etc/systemd/system/orders.service + WantedBy=multi-user.target',
    '/var/log/orders.log + all the room',
  ],
}

let directory: string
let original: string
let before: ReadonlyMap<string, Seen>

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oci-rescue-ways-test-'))
  original = join(directory, 'original')
  await makeGuest(original)
  before = await filesOn(original)
})
afterAll(() => rm(directory, { recursive: true }))

it.each(Object.keys(WAYS).filter(isWay))('%s', async (way) => {
  const disk = join(directory, way)
  const dataDisk = join(directory, `${way}-data`)
  await runCommand('cp', ['--sparse=always', original, disk])
  const { guest } = openGuestDisks(disk, 0, dataDisk, new AbortController().signal)

  await WAYS[way].damage(guest)

  expect([...differences(before, await filesOn(disk))].sort()).toEqual([...CHANGES[way]].sort())
})

async function makeGuest(disk: string): Promise<void> {
  await using file = await open(disk, 'w')
  await file.truncate(BYTES)
  await runCommand('mke2fs', ['-q', '-F', '-t', 'ext4', '-E', 'root_owner=0:0', disk])
  const root = new Ext4(disk, 0)
  const made = new Set(['', '/lost+found'])
  const makeFolder = async (path: string): Promise<void> => {
    if (made.has(path)) return
    await makeFolder(path.slice(0, path.lastIndexOf('/')))
    await root.makeFolder(path)
    made.add(path)
  }
  for (const folder of FOLDERS) await makeFolder(folder)
  for (const [path, content] of Object.entries(FILES)) {
    await makeFolder(path.slice(0, path.lastIndexOf('/')))
    await root.write(path, content)
  }
  for (const kind of ['rsa', 'ecdsa', 'ed25519']) await root.chmod(`/etc/ssh/ssh_host_${kind}_key`, 0o600)
  for (const [path, target] of Object.entries(LINKS)) await root.link(path, target)
  for (const path of ['/home/opc', '/home/opc/.ssh', '/home/opc/.ssh/authorized_keys'])
    await root.chown(path, 1000, 1000)
}

interface Seen {
  readonly mode: string
  readonly owner: string
  readonly lines: readonly string[]
}

async function filesOn(disk: string): Promise<ReadonlyMap<string, Seen>> {
  const folder = await mkdtemp(join(directory, 'files-'))
  await runCommand('debugfs', ['-R', `rdump / ${folder}`, disk])
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.map((entry) => join(entry.parentPath, entry.name))
  const paths = files.map((file) => `/${relative(folder, file)}`)
  const script = join(folder, 'script')
  await writeFile(script, paths.map((path) => `stat ${path}`).join('\n'))
  const said = await runCommand('debugfs', ['-f', script, disk])
  const status = [...said.matchAll(/Mode: +(?<mode>\d+)[\s\S]*?User: +(?<uid>\d+) +Group: +(?<gid>\d+)/g)]
  const seen = files.map(async (file, index): Promise<[string, Seen]> => {
    const { mode = '', uid, gid } = status[index]?.groups ?? {}
    return [paths[index] ?? '', { mode: mode.replace(/^0+/, ''), owner: `${uid}:${gid}`, lines: await linesOf(file) }]
  })
  return new Map(await Promise.all(seen))
}

async function linesOf(file: string): Promise<readonly string[]> {
  const status = await lstat(file)
  if (status.isSymbolicLink()) return [`-> ${await readlink(file)}`]
  return status.isFile() ? plain(await readFile(file)) : []
}

/** What is made anew each time is replaced by its name, and what is no text by its size. */
function plain(content: Buffer): readonly string[] {
  if (content.length === 0) return ['empty']
  const text = content.toString('utf8')
  if (text.includes('\0')) return [`${content.length > 1 << 20 ? 'all the room' : `${content.length} bytes`}`]
  return text
    .replaceAll(UUID, 'UUID')
    .replaceAll(HASH, 'HASH')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().slice(0, LONGEST_LINE))
}

function differences(before: ReadonlyMap<string, Seen>, after: ReadonlyMap<string, Seen>): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  return paths.flatMap((path) => differencesOf(before.get(path), after.get(path)).map((what) => `${path} ${what}`))
}

function differencesOf(before: Seen | undefined, after: Seen | undefined): readonly string[] {
  if (after === undefined) return ['gone']
  const usual = { mode: '644', owner: '0:0', lines: [] }
  const { mode, owner, lines } = before ?? usual
  const isCut = after.lines.length < lines.length && after.lines.every((line, index) => line === lines[index])
  if (isCut) return [`ends after ${after.lines.at(-1)}`]
  const isLink = after.lines[0]?.startsWith('-> ') === true
  return [
    ...lines.filter((line) => !after.lines.includes(line)).map((line) => `- ${line}`),
    ...after.lines.filter((line) => !lines.includes(line)).map((line) => (isLink ? line : `+ ${line}`)),
    ...(after.mode === mode || isLink ? [] : [`mode ${after.mode}`]),
    ...(after.owner === owner ? [] : [`owner ${after.owner}`]),
  ]
}
