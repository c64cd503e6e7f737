/** What a rig's menu is like, and the menus and command lines that real images have. */
import type { RigClass, RigParts } from './classes.ts'

export interface RigOptions {
  readonly class: RigClass
  readonly menu?: Partial<RigMenu>
  /** `stub` reports its command line and rests; `linux` is Debian's, with a shell behind it. `stub` when not given. */
  readonly kernel?: RigKernel
  /** How long UEFI waits for the key that leads into its menus, in ms; not at all when not given. */
  readonly firmwareMs?: number
}

export type RigKernel = 'stub' | 'linux'

export interface RigMenu {
  /** In seconds; -1 waits for ever. */
  readonly timeout: number
  readonly style: 'menu' | 'countdown' | 'hidden'
  /** Whether GRUB's first configuration only loads the one with the menu, as Debian's and Ubuntu's on UEFI do. */
  readonly nested: boolean
  /** Who may edit entries; everybody when undefined. Booting the entries is free. */
  readonly password: { readonly username: string; readonly password: string } | undefined
  readonly entries: readonly RigEntry[]
  /** GRUB 2 only; `whole` when not given. */
  readonly config?: RigConfig
}

/**
 * How much of GRUB's configuration is left: all of it; all of it, but not where GRUB looks for it; only the entries of
 * the Boot Loader Specification; or nothing but the kernel, on the root file system. Without all of it GRUB ends at its
 * command line.
 */
export type RigConfig = 'whole' | 'elsewhere' | 'entries' | 'none'

export type RigEntry = LinuxEntry | Submenu

export interface LinuxEntry {
  readonly title: string
  /** What stands behind the kernel's path. */
  readonly arguments: string
  /** GRUB's command for it; `linux` when not given. */
  readonly keyword?: 'linux' | 'linux16'
}

/** Only GRUB 2 has them; elsewhere its entries stand in the menu itself. */
export interface Submenu {
  readonly title: string
  readonly entries: readonly LinuxEntry[]
}

/** The entries, those of submenus among them, in order. */
export function linuxEntries(entries: readonly RigEntry[]): readonly LinuxEntry[] {
  return entries.flatMap((entry) => ('arguments' in entry ? [entry] : entry.entries))
}

/** What a cloud's image has, in length and in kind. `device` is the serial line as Linux calls it. */
export function cloudArguments(device = 'ttyS0'): string {
  return [
    ...['root=UUID=4c0ffee0-1234-4c5b-9d0e-6f1e2d3c4b5a ro crashkernel=1G-64G:448M,64G-:512M LANG=en_US.UTF-8'],
    ...['rd.luks=0 rd.md=0 rd.dm=0 rd.lvm.vg=ocivolume rd.lvm.lv=ocivolume/root rd.net.timeout.dhcp=10'],
    ...['rd.net.timeout.carrier=5 netroot=iscsi:169.254.0.2:::1:iqn.2015-02.oracle.boot:uefi net.ifnames=1'],
    ...['nvme_core.shutdown_timeout=10 ipmi_si.tryacpi=0 libiscsi.debug_libiscsi_eh=1 loglevel=4'],
    ...[`crash_kexec_post_notifiers console=tty0 console=${device},115200`],
  ].join(' ')
}

/** What Oracle Linux 6 has. GRUB legacy passes on 255 characters and cuts the rest off without a word. */
const LEGACY_ARGUMENTS = [
  'ro root=UUID=4c0ffee0-1234-4c5b-9d0e-6f1e2d3c4b5a rd_NO_LUKS rd_NO_MD rd_NO_LVM rd_NO_DM',
  'LANG=en_US.UTF-8 KEYTABLE=us console=tty0 console=ttyS0,115200',
].join(' ')

/** Arguments of exactly so many characters, all different, that begin and end as the cloud's do. */
export function argumentsOfLength(length: number): string {
  const end = ' console=tty0 console=ttyS0,115200'
  let text = 'root=/dev/sda1 ro'
  for (let n = 0; text.length < length - end.length; n += 1) text += ` filler.option${n}=value-${n * 7919}`
  // The cut may leave a blank at the end; two in a row would be one more argument to nobody.
  return text.slice(0, length - end.length).replace(/ $/, 'x') + end
}

/** One entry and a submenu, visible for five seconds: what most images have. */
export function defaultMenu({ loader, device }: RigParts): RigMenu {
  const args = loader === 'grub-legacy' ? LEGACY_ARGUMENTS : cloudArguments(device)
  return {
    timeout: 5,
    style: 'menu',
    nested: false,
    password: undefined,
    entries: [
      { title: 'Debian GNU/Linux', arguments: args },
      {
        title: 'Advanced options for Debian GNU/Linux',
        entries: [
          { title: 'Debian GNU/Linux, with Linux 6.1.0-56', arguments: args },
          { title: 'Debian GNU/Linux, with Linux 6.1.0-55', arguments: `previous ${args}` },
        ],
      },
    ],
  }
}
