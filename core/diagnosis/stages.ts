/** How far a boot has come, by lines that healthy boots say. */
import type { Stage } from './finding.ts'
import { WordFinder } from './word-finder.ts'

/** `up`: services run that are started last. */
export type Mark = Stage | 'up'

interface Sign {
  readonly word: string
  readonly line: RegExp
  readonly mark: Mark
}

/** The first that fits decides, so that what is more special stands before. */
const SIGNS: readonly Sign[] = [
  { word: 'seabios (version', line: /SeaBIOS \(version/, mark: 'firmware' },
  { word: 'bdsdxe: starting', line: /^BdsDxe: starting Boot\w{4} (?!.*Shell)/, mark: 'boot-loader' },
  { word: 'bdsdxe: ', line: /^BdsDxe: /, mark: 'firmware' },
  { word: 'booting from ', line: /^Booting from (?:Hard Disk|DVD\/CD|Floppy|ROM)/, mark: 'firmware' },
  { word: 'ipxe ', line: /^iPXE (?:initialising|\d)/, mark: 'firmware' },
  { word: 'grub', line: /^GRUB loading|^Welcome to GRUB!|GNU GRUB {2}version \d/, mark: 'boot-loader' },
  { word: 'booting ', line: /^\s*Booting (?:`.*'|a command list)/, mark: 'boot-loader' },
  { word: 'loading ', line: /^Loading (?:Linux\b|initial ramdisk)/, mark: 'boot-loader' },
  { word: 'efi stub: ', line: /^EFI stub: /, mark: 'kernel' },
  { word: 'decompressing linux', line: /^Decompressing Linux/, mark: 'kernel' },
  { word: 'linux version ', line: /^Linux version \d/, mark: 'kernel' },

  { word: '(initramfs)', line: /^Welcome to .*\(Initramfs\)!$|^\(initramfs\) /, mark: 'initramfs' },
  { word: 'dracut', line: /^dracut(?:-[\w-]+)?(?:\[\d+\])?: |\bdracut[:[-]/, mark: 'initramfs' },
  { word: 'loading, please wait', line: /^Loading, please wait/, mark: 'initramfs' },
  { word: 'begin: ', line: /^Begin: /, mark: 'initramfs' },
  { word: '/init as init', line: /^Run \/init as init process/, mark: 'initramfs' },
  { word: 'initrd', line: /Running in initrd|Reached target (?:initrd[\w-]*\.target - )?Initrd/, mark: 'initramfs' },
  { word: 'initial ram disk', line: /Running in initial RAM disk/, mark: 'initramfs' },

  { word: 'switching root', line: /Switching root\.?$/, mark: 'userland' },
  { word: 'welcome to ', line: /^\s*Welcome to (?!GRUB|emergency|rescue).+!$/, mark: 'userland' },
  { word: 'successfully loaded selinux', line: /Successfully loaded SELinux policy/, mark: 'userland' },
  { word: 'init: version', line: /^INIT: version/, mark: 'userland' },
  { word: 'entering runlevel', line: /^INIT: Entering runlevel/, mark: 'userland' },
  { word: 'setting hostname', line: /^Setting hostname /, mark: 'userland' },
  { word: 'emergency mode', line: /You are in emergency mode|Welcome to emergency mode/, mark: 'userland' },
  { word: 'rescue mode', line: /You are in rescue mode|Welcome to rescue mode/, mark: 'userland' },
  { word: 'cloud-init', line: /^(?:\[.{6}\] )?(?:cloud-init\[\d+\]: |Cloud-init v\. ).*running '/i, mark: 'userland' },
  { word: 'remount root', line: /Remount Root and Kernel File Systems/, mark: 'userland' },
  {
    word: 'started ',
    line: /Started .*(?:Login Service|NetworkManager|Network Manager|System Logging Service)/,
    mark: 'userland',
  },

  { word: ' login:', line: /^(?!Last)[\w.-]+ login:(?: |$)/, mark: 'up' },
  {
    word: 'reached target ',
    line: /Reached target .*(?:Multi-User System|Graphical Interface|Cloud-init target)/,
    mark: 'up',
  },
  { word: 'getty', line: /Started .*(?:Serial Getty on|Getty on tty)/, mark: 'up' },
  { word: 'finished at ', line: /Cloud-init v\. \S+ finished at /, mark: 'up' },
  { word: 'starting sshd:', line: /^Starting sshd: *\[ *OK/, mark: 'up' },
  { word: 'starting crond:', line: /^Starting crond: *\[ *OK/, mark: 'up' },
]

let finder: WordFinder | undefined

/** What a message shows of where its boot is. */
export function readMark(said: string): Mark | undefined {
  finder ??= new WordFinder(SIGNS.map(({ word }) => word))
  return finder
    .find(said)
    .map((word) => SIGNS[word])
    .find((sign) => sign?.line.test(said))?.mark
}
