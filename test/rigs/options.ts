/**
 * The boot loaders that can be put on a rig, and what their menus are like.
 */

/**
 * A boot loader and the way it reaches the serial line. The letters are those that people who write about
 * this give to the four ways in which GRUB does: A its own serial driver, A' the same on UEFI, B the console of
 * UEFI, C the BIOS's text that the firmware redirects, D both of A' and B at once.
 */
export type RigClass =
  /** A */
  | 'bios-serial'
  /** C */
  | 'bios-console'
  /** A' */
  | 'uefi-serial'
  /** B */
  | 'uefi-console'
  /** D */
  | 'uefi-both'

export interface RigOptions {
  readonly class: RigClass
  readonly menu?: Partial<RigMenu>
  /** `stub` reports its command line and rests; `linux` is Debian's, with a shell behind it. `stub` when not given. */
  readonly kernel?: RigKernel
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
}

export type RigEntry = LinuxEntry | Submenu

export interface LinuxEntry {
  readonly title: string
  /** What stands behind the kernel's path. */
  readonly arguments: string
  /** GRUB's command for it; `linux` when not given. */
  readonly keyword?: 'linux' | 'linux16'
}

export interface Submenu {
  readonly title: string
  readonly entries: readonly LinuxEntry[]
}

/** What a cloud's image has, in length and in kind. */
export const CLOUD_ARGUMENTS = [
  ...['root=UUID=4c0ffee0-1234-4c5b-9d0e-6f1e2d3c4b5a ro crashkernel=1G-64G:448M,64G-:512M LANG=en_US.UTF-8'],
  ...['rd.luks=0 rd.md=0 rd.dm=0 rd.lvm.vg=ocivolume rd.lvm.lv=ocivolume/root rd.net.timeout.dhcp=10'],
  ...['rd.net.timeout.carrier=5 netroot=iscsi:169.254.0.2:::1:iqn.2015-02.oracle.boot:uefi net.ifnames=1'],
  ...['nvme_core.shutdown_timeout=10 ipmi_si.tryacpi=0 libiscsi.debug_libiscsi_eh=1 loglevel=4'],
  ...['crash_kexec_post_notifiers console=tty0 console=ttyS0,115200'],
].join(' ')

/** Two entries, visible for five seconds: what most images have. */
export const DEFAULT_MENU: RigMenu = {
  timeout: 5,
  style: 'menu',
  nested: false,
  password: undefined,
  entries: [
    { title: 'Debian GNU/Linux', arguments: CLOUD_ARGUMENTS },
    {
      title: 'Advanced options for Debian GNU/Linux',
      entries: [
        { title: 'Debian GNU/Linux, with Linux 6.1.0-56', arguments: CLOUD_ARGUMENTS },
        { title: 'Debian GNU/Linux, with Linux 6.1.0-55', arguments: `previous ${CLOUD_ARGUMENTS}` },
      ],
    },
  ],
}

/** Arguments of exactly so many characters, all different, that begin and end like the cloud's. */
export function argumentsOfLength(length: number): string {
  const end = ' console=tty0 console=ttyS0,115200'
  let text = 'root=/dev/sda1 ro'
  for (let n = 0; text.length < length - end.length; n += 1) text += ` filler.option${n}=value-${n * 7919}`
  // The cut may leave a blank, which the kernel's command line would not keep.
  return text.slice(0, length - end.length).replace(/ $/, 'x') + end
}
