/** GRUB without a menu: booted by a configuration from elsewhere, or by hand. */
import { describe, expect, it } from 'vitest'
import { Grub, type GrubOptions } from '../../test/helpers/grub.ts'
import type { GrubDisk } from '../../test/helpers/grub-commands.ts'
import { Console } from '../console/console.ts'
import { catchBootLoader } from './catch.ts'
import { driverFor } from './driver-for.ts'
import type { BootHooks, WantedEntry } from './grub.ts'

const UUID = '1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516'
const KERNELS = ['5.15.0-204.147.6.2.el9uek.x86_64', '5.15.0-209.161.7.el9uek.x86_64', '5.14.0-427.18.1.el9_4.x86_64']
const ARGUMENTS = [
  'root=/dev/mapper/ocivolume-root ro crashkernel=1G-64G:448M,64G-:512M rd.lvm.lv=ocivolume/root',
  'netroot=iscsi:169.254.0.2:::1:iqn.2015-02.oracle.boot:uefi rd.iscsi.param=node.session.timeo.replacement_timeout=6000',
  'net.ifnames=1 nvme_core.shutdown_timeout=10 console=tty0 console=ttyS0,115200',
].join(' ')

function bls(version: string) {
  const name = `/loader/entries/4c0ffee012344c5b9d0e6f1e2d3c4b5a-${version}.conf`
  const fields = [`linux /vmlinuz-${version}`, `initrd /initramfs-${version}.img $tuned_initrd`]
  const text = [`title Oracle Linux Server (${version}) 9.4`, ...fields, 'options $kernelopts $tuned_params', '']
  return [name, text.join('\n')] as const
}

/** As Oracle Linux 9 has its disk: what UEFI starts, `/boot` and a root in a volume group. */
function oracleLinux(boot: Readonly<Record<string, string>> = {}): readonly GrubDisk[] {
  const kernels = [...KERNELS, '0-rescue-4c0ffee0'].flatMap((version) => [
    [`/vmlinuz-${version}`, ''] as const,
    [`/initramfs-${version}.img`, ''] as const,
  ])
  return [
    { device: 'hd0,gpt1', type: 'fat', uuid: '1E2D-3C4B', files: { '/EFI/redhat/grubx64.efi': '' } },
    { device: 'hd0,gpt2', type: 'xfs', uuid: UUID, files: { ...Object.fromEntries(kernels), ...boot } },
    { device: 'hd0,gpt3' },
    {
      device: 'lvm/ocivolume-root',
      type: 'xfs',
      uuid: '2e3f4a5b-0000-4c5b-9d0e-6f1e2d3c4b5a',
      files: { '/etc/fstab': '/dev/mapper/ocivolume-root / xfs defaults 0 0\n', '/usr/bin/bash': '', '/root/x': '' },
    },
  ]
}

const ENTRIES = Object.fromEntries(KERNELS.map(bls))
const GRUBENV = { '/grub2/grubenv': `# GRUB Environment Block\nkernelopts=${ARGUMENTS}\n##########` }

async function boot(options: Partial<GrubOptions>, entry: WantedEntry = { kind: 'default' }, hooks: BootHooks = {}) {
  const signal = AbortSignal.timeout(100_000)
  const grub = new Grub({ entries: [], style: 'prompt', terminal: 'uefi-console', ...options })
  await using console = new Console(grub)
  const catching = catchBootLoader(console, { appearMs: 5000 }, signal)
  grub.powerOn()
  const caught = await catching
  const request = { tokens: ['rw', 'init=/bin/bash'], entry }
  const booted = await driverFor(caught)
    .bootWithArguments(console, request, signal, hooks)
    .catch((thrown: unknown) => thrown)
  return { caught, grub, booted, console, signal }
}

function linux(version: string, args = ARGUMENTS): string {
  return `linux (hd0,gpt2)/vmlinuz-${version} ${args} rw init=/bin/bash`
}

describe.concurrent('by hand', () => {
  it('boots the newest of the entries that are left, exactly as they have it', async () => {
    const { caught, grub, booted } = await boot({ disks: oracleLinux({ ...ENTRIES, ...GRUBENV }) })

    const version = KERNELS[1] ?? ''
    expect(caught.state.kind).toBe('grub-command-line')
    expect(grub.booted).toEqual([linux(version), `initrd (hd0,gpt2)/initramfs-${version}.img`])
    expect(booted).toEqual({
      title: `Oracle Linux Server (${version}) 9.4`,
      kernel: `(hd0,gpt2)/vmlinuz-${version}`,
      version,
      edits: [{ before: `linux (hd0,gpt2)/vmlinuz-${version} ${ARGUMENTS}`, after: linux(version) }],
    })
  })

  it.each<[WantedEntry, number]>([
    [{ kind: 'previous-kernel' }, 0],
    [{ kind: 'title', title: `Oracle Linux Server (${KERNELS[2]}) 9.4` }, 2],
  ])('boots another of them: %o', async (wanted, kernel) => {
    const { grub } = await boot({ disks: oracleLinux({ ...ENTRIES, ...GRUBENV }) }, wanted)

    expect(grub.booted?.[0]).toBe(linux(KERNELS[kernel] ?? ''))
  })

  it('boots the one that GRUB would boot by itself', async () => {
    const saved = `saved_entry=4c0ffee012344c5b9d0e6f1e2d3c4b5a-${KERNELS[2]}`
    const grubenv = { '/grub2/grubenv': `# GRUB Environment Block\n${saved}\nkernelopts=${ARGUMENTS}\n##########` }
    const { grub } = await boot({ disks: oracleLinux({ ...ENTRIES, ...grubenv }) })

    expect(grub.booted?.[0]).toBe(linux(KERNELS[2] ?? ''))
  })

  it('boots the previous kernel as it is, with nothing added', async () => {
    const grub = new Grub({ entries: [], style: 'prompt', disks: oracleLinux({ ...ENTRIES, ...GRUBENV }) })
    await using console = new Console(grub)
    const signal = AbortSignal.timeout(50_000)
    const catching = catchBootLoader(console, { appearMs: 5000 }, signal)
    grub.powerOn()
    const booted = await driverFor(await catching).bootEntry(console, { entry: { kind: 'previous-kernel' } }, signal)

    expect(grub.booted?.[0]).toBe(`linux (hd0,gpt2)/vmlinuz-${KERNELS[0]} ${ARGUMENTS}`)
    expect(booted).toMatchObject({ kernel: `(hd0,gpt2)/vmlinuz-${KERNELS[0]}`, version: KERNELS[0], edits: [] })
  })

  it('takes the one root file system there is when only kernels are left', async () => {
    const { grub } = await boot({ disks: oracleLinux() })

    const root = 'root=UUID=2e3f4a5b-0000-4c5b-9d0e-6f1e2d3c4b5a ro console=ttyS0,115200'
    expect(grub.booted).toEqual([linux(KERNELS[1] ?? '', root), `initrd (hd0,gpt2)/initramfs-${KERNELS[1]}.img`])
  })

  it('takes what the root’s own fstab says where GRUB tells no UUIDs', async () => {
    const { grub } = await boot({ disks: oracleLinux(), smallLs: true })

    expect(grub.booted?.[0]).toBe(linux(KERNELS[1] ?? '', 'root=/dev/mapper/ocivolume-root ro console=ttyS0,115200'))
  })

  it('reads no line in which a blank may be missing, and then goes by the kernels', async () => {
    // A firmware’s console breaks rows so that nobody can tell, and without its serial driver GRUB has no other.
    const disks = oracleLinux({ ...ENTRIES, ...GRUBENV })
    const { grub } = await boot({ disks, noSerial: true, cpu: 'arm64' })

    const root = 'root=UUID=2e3f4a5b-0000-4c5b-9d0e-6f1e2d3c4b5a ro console=ttyAMA0,115200'
    expect(grub.booted?.[0]).toBe(linux(KERNELS[1] ?? '', root))
  })

  it.each(['grub-serial', 'bios-console'] as const)('does it on another terminal: %s', async (terminal) => {
    const { grub } = await boot({ terminal, disks: oracleLinux({ ...ENTRIES, ...GRUBENV }) })

    expect(grub.booted?.[0]).toBe(linux(KERNELS[1] ?? ''))
  })

  it('gets through when one key of forty is lost', async () => {
    const disks = oracleLinux({ ...ENTRIES, ...GRUBENV })
    const { grub } = await boot({ terminal: 'grub-serial', disks, loses: (key) => key % 40 === 7 })

    expect(grub.booted?.[0]).toBe(linux(KERNELS[1] ?? ''))
  })

  it('shows what it boots before it does', async () => {
    const seen: unknown[] = []
    const grub = new Grub({ entries: [], style: 'prompt', disks: oracleLinux({ ...ENTRIES, ...GRUBENV }) })
    await using console = new Console(grub)
    const signal = AbortSignal.timeout(50_000)
    const catching = catchBootLoader(console, { appearMs: 5000 }, signal)
    grub.powerOn()
    const request = { tokens: ['init=/bin/bash'], entry: { kind: 'default' } } as const
    const onEdited = () => void seen.push(grub.booted, console.view().text)

    await driverFor(await catching).bootWithArguments(console, request, signal, { onEdited })
    expect(seen).toEqual([undefined, expect.stringMatching(/init=\/bin\/bash\ngrub> initrd [^\n]*\ngrub> boot$/)])
  })

  it('boots nothing when there is no kernel, and says what there is', async () => {
    const disks = [{ device: 'hd0,gpt1', type: 'fat', uuid: '1', files: { '/EFI/redhat/grubx64.efi': '' } }]
    const { grub, booted } = await boot({ disks })

    expect(booted).toMatchObject({ code: 'no-kernel-found', details: { seen: '(hd0,gpt1): EFI' } })
    expect(grub.booted).toBeUndefined()
  })

  it('boots nothing when it is not known which root a kernel belongs to', async () => {
    const { grub, booted } = await boot({ disks: oracleLinux().slice(0, 2) })

    expect(booted).toMatchObject({ code: 'root-unknown', details: { kernel: expect.stringMatching(/vmlinuz/) } })
    expect(grub.booted).toBeUndefined()
  })

  it('boots nothing when two file systems can be the root', async () => {
    const other = { device: 'hd1,gpt3', type: 'xfs', uuid: '3', files: { '/etc/fstab': '', '/usr/bin/bash': '' } }

    expect((await boot({ disks: [...oracleLinux(), other] })).booted).toMatchObject({ code: 'root-unknown' })
  })

  it('says what GRUB has against a kernel, and boots nothing', async () => {
    const { grub, booted } = await boot({ disks: oracleLinux(), refuses: 'bad shim signature.' })

    expect(booted).toMatchObject({ code: 'grub-error', details: { message: 'bad shim signature.' } })
    expect(grub.booted).toBeUndefined()
  })
})

describe.concurrent('a configuration that lies elsewhere', () => {
  const lines = [`\tlinux\t/vmlinuz-${KERNELS[0]} ${ARGUMENTS}`, `\tinitrd\t/initramfs-${KERNELS[0]}.img`]
  const entry = { title: 'Oracle Linux', lines }
  const source = ['set timeout=5', `menuentry 'Oracle Linux' {`, ...lines, '}'].join('\n')
  const configs = { '(hd0,gpt2)/grub2/grub.cfg': [entry] }

  it('is loaded, with its own folder for GRUB’s, and its entry edited', async () => {
    const { grub } = await boot({ disks: oracleLinux({ '/grub2/grub.cfg': source }), configs })

    expect(grub.commands.filter((command) => /^(?:set|configfile \(hd0,gpt2)/.test(command))).toEqual([
      'set prefix=(hd0,gpt2)/grub2',
      'set root=hd0,gpt2',
      'configfile (hd0,gpt2)/grub2/grub.cfg',
    ])
    expect(grub.booted).toContain(`${lines[0]} rw init=/bin/bash`)
  })

  it('is not loaded when its menu would not wait: its entry is booted by hand', async () => {
    const disks = oracleLinux({ '/grub2/grub.cfg': source.replace('timeout=5', 'timeout=0') })
    const { grub } = await boot({ disks, configs })

    expect(grub.commands.filter((command) => command.includes('gpt2)/grub2/grub.cfg'))).not.toContainEqual(
      expect.stringMatching(/^configfile/),
    )
    expect(grub.booted?.[0]).toBe(linux(KERNELS[0] ?? ''))
  })

  it('that has no entries leaves GRUB at its prompt, where what it was told before holds again', async () => {
    const disks = oracleLinux({ ...ENTRIES, ...GRUBENV, '/grub2/grub.cfg': 'set timeout=5\nblscfg\n' })
    const { grub } = await boot({ disks })

    expect(grub.commands).toContain('configfile (hd0,gpt2)/grub2/grub.cfg')
    expect(grub.commands).toContain('set prefix=(hd0,gpt1)/EFI/redhat')
    expect(grub.booted?.[0]).toBe(linux(KERNELS[1] ?? ''))
  })
})
