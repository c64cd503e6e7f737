/** GRUB of both generations and systemd-boot, by the errors they stop with. (grub-core; grub-legacy stage2/common.c) */
import type { Pattern, Rule } from '../rule.ts'

/** What a boot loader stands in when it could not go on. */
const STOPPED = ['grub-rescue', 'grub-minimal-shell', 'kernel-image-missing']
/** And what comes of a kernel that was started without its initramfs. */
const WITHOUT_INITRAMFS = ['kernel-panic-vfs', 'kernel-panic', 'init-missing', 'root-device-missing']

/** What somebody tries at GRUB's command line is not what the machine does by itself. */
const TYPED = /^grub>|ESC at any time exits/
/** The menu comes in spite of it. */
const MENU_DRAWN: readonly Pattern[] = [{ has: 'gnu grub  version', line: /GNU GRUB {2}version \d/ }]

/** From GRUB 2.12 on a place in its source stands before the message. */
function grubError(message: string): RegExp {
  return new RegExp(String.raw`^error: (?:\S+\.[chS]:(?:\w+:)?\d+: ?)?${message}`, 'i')
}

const QUOTED = '[`\'‘"]'
const KERNEL_NAME = String.raw`\S*(?:vmlinu[xz]|bzImage|zImage|/kernel|/linux|/Image)[^\s'’"]*`
const INITRAMFS_NAME = String.raw`\S*(?:initr|ramdisk|/initrd)[^\s'’"]*`

export const bootLoaderRules: readonly Rule[] = [
  {
    class: 'kernel-image-missing',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      { has: 'not found', line: grubError(`file ${QUOTED}(?<file>${KERNEL_NAME})['’"] not found`), notAfter: TYPED },
      { has: 'error 15: file not found', line: /Error 15: File not found/, after: /^\s*kernel \// },
      {
        has: 'not found',
        line: /^Error (?:loading|opening|preparing|executing) (?<file>\S*(?:vmlinuz|linux|\.efi)\S*).*: Not [Ff]ound/i,
      },
      { has: 'no loader found', line: /No loader found\. Configuration files in/ },
      {
        has: 'load the kernel first',
        line: grubError('you need to load the kernel first'),
        notAfter: TYPED,
        sure: 'likely',
        weak: true,
      },
    ],
    adds: [{ has: 'load the kernel first', line: grubError('you need to load the kernel first') }],
    explains: ['grub-rescue', 'grub-minimal-shell'],
    playbook: 'kernel',
  },
  {
    class: 'kernel-image-bad',
    severity: 'critical',
    stops: 'kernel',
    signs: [
      {
        has: 'error: ',
        line: grubError(
          '(?:invalid magic number|invalid (?:EFI|PE|ELF) (?:file|header|image)|not an? (?:ELF|Xen|EFI)|the (?:kernel|file) is too (?:old|short)|unknown kernel format|plain image kernel not supported|cannot load image|relocation failed|incorrect kernel)',
        ),
        notAfter: TYPED,
      },
      {
        has: 'premature end of file',
        line: grubError(`premature end of file (?:${QUOTED})?(?<file>${KERNEL_NAME})`),
        notAfter: TYPED,
      },
      { has: 'error 13: ', line: /Error 13: Invalid or unsupported executable format/ },
      { has: 'error 28: ', line: /Error 28: Selected item cannot fit into memory/ },
      { has: 'system halted', line: /^\s*-- System halted/ },
      {
        has: 'invalid compressed format',
        line: /^(?:invalid compressed format|Decoding failed|(?:XZ|ZSTD|LZMA|LZ4)-compressed data is corrupt) ?(?:\(err=\d+\))?$/i,
        during: ['firmware', 'boot-loader'],
      },
      {
        has: 'efi stub: error',
        line: /^EFI stub: ERROR: (?:Failed to (?:decompress|relocate|load|allocate).*kernel|exit_boot\(\) failed)/i,
      },
    ],
    explains: STOPPED,
    playbook: 'kernel',
  },
  {
    class: 'initramfs-missing',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      { has: 'not found', line: grubError(`file ${QUOTED}(?<file>${INITRAMFS_NAME})['’"] not found`), notAfter: TYPED },
      { has: 'error 15: file not found', line: /Error 15: File not found/, after: /^\s*initrd \// },
      { has: 'initrd not found', line: /initrd not found or empty - disabling initrd/, sure: 'likely' },
      { has: 'efi stub: error', line: /^EFI stub: ERROR: Failed to (?:open|load|handle).*initrd/i },
      {
        has: 'not found',
        line: /^Error (?:opening|loading|preparing) (?:initrd|(?<file>\S*(?:initr)\S*)).*: Not [Ff]ound/i,
      },
    ],
    explains: WITHOUT_INITRAMFS,
    playbook: 'kernel',
  },
  {
    class: 'grub-out-of-memory',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      { has: 'out of memory', line: grubError('out of memory'), notAfter: TYPED },
      { has: 'magic ', line: /^(?:alloc|free) magic (?:is )?broken/ },
    ],
    explains: [...STOPPED, ...WITHOUT_INITRAMFS],
    playbook: 'kernel',
  },
  {
    class: 'grub-unknown-filesystem',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      { has: 'unknown filesystem', line: grubError('unknown filesystem'), notAfter: TYPED },
      {
        has: 'error: ',
        line: grubError(
          '(?:not a correct XFS inode|(?:invalid|incompatible|unsupported|not an?) (?:XFS|ext2|ext4|btrfs)\\b)',
        ),
        notAfter: TYPED,
      },
      { has: 'error 17: ', line: /Error 17: Cannot mount selected partition/ },
    ],
    explains: [...STOPPED, 'grub-file-not-found'],
    playbook: null,
  },
  {
    class: 'grub-device-missing',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      {
        has: 'no such ',
        line: grubError('no such (?:device|partition|disk)(?:: (?<device>[^\\s]+?))?\\.?$'),
        notAfter: TYPED,
      },
      { has: 'disk ', line: grubError(`disk ${QUOTED}(?<device>[^'’"]+)['’"] not found`), notAfter: TYPED },
      { has: 'error 2', line: /Error (?:21: Selected disk does not exist|22: No such partition)/ },
    ],
    explains: [...STOPPED, 'grub-file-not-found'],
    playbook: null,
  },
  {
    class: 'grub-read-error',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      { has: 'outside of', line: grubError('attempt to read or write outside of'), notAfter: TYPED },
      {
        has: 'error: ',
        line: grubError("(?:failure (?:reading|writing) sector|couldn't read|read error|checksum verification failed)"),
        notAfter: TYPED,
      },
      { has: 'error 1', line: /Error (?:18: Selected cylinder exceeds|16: Inconsistent filesystem)/ },
      { has: 'error 25: ', line: /Error 25: Disk read error/ },
    ],
    explains: [...STOPPED, 'grub-file-not-found', 'kernel-image-bad'],
    playbook: null,
  },
  {
    class: 'grub-module-mismatch',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      { has: 'symbol ', line: grubError(`symbol ${QUOTED}(?<symbol>[^'’"]+)['’"] not found`), notAfter: TYPED },
      { has: 'elf magic', line: grubError('invalid arch-independent ELF magic'), notAfter: TYPED },
      { has: 'error: ', line: grubError('(?:version mismatch|module .* is not compatible)'), notAfter: TYPED },
    ],
    explains: STOPPED,
    playbook: null,
  },
  {
    class: 'grub-file-not-found',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [{ has: 'not found', line: grubError(`file ${QUOTED}(?<file>[^'’"]+)['’"] not found`), notAfter: TYPED }],
    // Decoration and languages: GRUB goes on without them. Kernel and initramfs have rules of their own.
    not: /\.(?:g?mo|pf2|png|jpe?g|tga)['’"]|\/locale\/|\/themes?\/|\/fonts?\/|grubenv|\/(?:efi_[gu]op|vbe|vga|all_video|gfxterm|ieee1275_fb|part_\w+|video\w*|font|crypto\w*)\.mod|vmlinu[xz]|bzImage|\/kernel|\/linux|initr|ramdisk/,
    over: MENU_DRAWN,
    explains: STOPPED,
    playbook: null,
  },
  {
    class: 'grub-config-error',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      {
        has: 'error: ',
        line: grubError(
          "(?:syntax error|unexpected end of file|unrecognized (?:token|number)|incorrect command|can't find command|invalid variable)",
        ),
        notAfter: TYPED,
      },
      { has: 'error 27: ', line: /Error 27: Unrecognized command/ },
    ],
    over: MENU_DRAWN,
    explains: STOPPED,
    playbook: null,
  },
  {
    class: 'grub-password',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      { has: 'enter username:', line: /^Enter username:/, during: ['firmware', 'boot-loader'], sure: 'likely' },
      {
        has: 'error: access denied',
        line: /^error: (?:\S+\.c:\d+: ?)?access denied/,
        during: ['firmware', 'boot-loader'],
      },
      { has: 'error 32: ', line: /Error 32: Must be authenticated/ },
    ],
    playbook: null,
  },
  {
    class: 'grub-rescue',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      { has: 'grub rescue>', line: /^grub rescue>/ },
      { has: 'entering rescue mode', line: /^Entering rescue mode/i, during: ['firmware', 'boot-loader'] },
      { has: 'rescue mode has been disabled', line: /^Rescue mode has been disabled/ },
    ],
    playbook: null,
  },
  {
    class: 'grub-minimal-shell',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      { has: 'minimal bash-like', line: /Minimal BASH-like line editing is supported/ },
      { has: 'grub>', line: /^grub>\s*$/, sure: 'likely', within: 4 },
    ],
    // Who opens the command line from the menu is told how to get back; and a menu that was drawn was there.
    unless: [
      { has: 'esc at any time', line: /ESC at any time/ },
      { has: 'keys to ', line: /Use the .* keys to (?:select|change)/ },
      { has: 'automatically', line: /will be (?:executed|booted) automatically/ },
    ],
    playbook: null,
  },
]
