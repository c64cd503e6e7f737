/** What firmware and shim say when they find nothing that they may start. */
import type { Rule } from '../rule.ts'

/** Effects of everything that fails before a kernel runs. */
const KERNEL_NEVER_LOADED = ['kernel-image-missing', 'grub-rescue', 'grub-minimal-shell']

export const firmwareRules: readonly Rule[] = [
  {
    class: 'no-bootable-device',
    severity: 'critical',
    stops: 'firmware',
    signs: [
      { has: 'no bootable', line: /\bNo bootable (?:option or device|device|medium|media|disk)\b/i },
      {
        has: 'operating system',
        line: /^(?:Operating system not found|Missing operating system|No operating system found|Error loading operating system)/i,
      },
      {
        has: 'boot device',
        line: /Reboot and [Ss]elect proper [Bb]oot device|No [Bb]oot [Dd]evice (?:[Ff]ound|[Aa]vailable)/,
      },
      { has: 'operating system was loaded', line: /^No Operating System was Loaded/i },
      { has: 'nothing to boot', line: /^(?:iPXE: )?Nothing to boot: / },
      { has: 'no more network devices', line: /^No more network devices/, sure: 'likely' },
      { has: 'not a bootable disk', line: /^Boot failed: not a bootable disk/, sure: 'likely' },
      { has: 'could not read the boot disk', line: /^Boot failed: could not read the boot disk/, sure: 'likely' },
      {
        has: 'bdsdxe: failed to ',
        line: /^BdsDxe: failed to (?:load|start) Boot[0-9A-F]{4} "(?<option>[^"]*)".*: (?:Not Found|Time ?out|Device Error|Load Error|No Media|No Mapping|Aborted)/,
        sure: 'likely',
        weak: true,
      },
      { has: 'uefi interactive shell', line: /^UEFI Interactive Shell/, sure: 'likely' },
    ],
    adds: [{ has: 'boot manager menu', line: /Press any key to enter the Boot Manager Menu/ }],
    playbook: null,
  },
  {
    class: 'secure-boot-refused',
    severity: 'critical',
    stops: 'boot-loader',
    signs: [
      {
        has: 'security violation',
        line: /(?:Verification failed|failed to (?:load|start) Boot\w{4} .*|Failed to (?:load|start) image.*|returned):? (?:\(0x1A\) )?Security Violation/i,
      },
      { has: 'security policy violation', line: /Security Policy Violation/ },
      { has: 'access denied', line: /^BdsDxe: failed to (?:load|start) Boot\w{4} .*: Access Denied/ },
      { has: 'bad shim signature', line: /bad shim signature/ },
      { has: 'shim_lock', line: /shim_lock (?:protocol not found|verification failed)/ },
      { has: 'prohibited by secure boot policy', line: /prohibited by secure boot policy/ },
      { has: 'invalid signature detected', line: /Invalid signature detected/i },
      { has: 'not verified loaded image', line: /Bootloader has not verified loaded image/ },
      { has: 'sbat self-check failed', line: /SBAT self-check failed/ },
      { has: 'does not support nx', line: /kernel does not support NX loading/ },
      { has: 'failed to verify', line: /image failed to verify/i },
      { has: 'nobody cares', line: /^error: .*verification requested but nobody cares: (?<file>\S+)/ },
      { has: 'secure boot violation', line: /Secure Boot Violation/i },
    ],
    explains: ['no-bootable-device', ...KERNEL_NEVER_LOADED],
    playbook: null,
  },
  {
    class: 'boot-loader-missing',
    severity: 'critical',
    stops: 'firmware',
    signs: [
      {
        has: 'failed to open \\efi',
        line: /^Failed to open (?<file>\\EFI\\\S*(?:grub|systemd-boot|shim)\S*\.efi) - Not Found/i,
      },
      { has: 'failed to load image', line: /^Failed to load image (?<file>\S*grub\S*\.efi)?.*: Not Found/i },
      { has: 'start_image() returned', line: /^start_image\(\) returned Not Found/ },
      { has: 'grub ', line: /^GRUB (?:Geom|Hard Disk|Read) Error|^GRUB Loading stage1\.5.*(?:Error \d+)/ },
    ],
    explains: ['no-bootable-device'],
    playbook: null,
  },
]
