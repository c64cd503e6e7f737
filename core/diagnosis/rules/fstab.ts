/** Entries of `/etc/fstab` that stop a boot, and the modes in which it then stands. */
import type { Rule } from '../rule.ts'

const EMERGENCY = ['emergency-mode', 'rescue-mode', 'dependency-failed', 'start-job-hangs']
/** What follows a mount that the boot cannot do without; one that it can (`nofail`) is followed by none of it. */
const STOPS_THE_BOOT =
  /Dependency failed for (?:local-fs\.target|Local File Systems)|local-fs\.target: Job|[Ee]mergency (?:mode|shell|Mode|Shell)|for (?:system )?maintenance|Dropping you to a shell|press S to skip/
/** The same, said only of the system's own disks: an initramfs knows none of them. */
const STOPS_THE_SYSTEM = /Dependency failed for (?:local-fs\.target|Local File Systems)|local-fs\.target: Job/
/** A disk that the initramfs waits for is the root disk, or holds it. */
const OUT_OF_INITRAMFS = ['firmware', 'boot-loader', 'kernel', 'userland'] as const
/** Where the log ends right behind it, it may not have come to that yet. */
const AT_THE_END = 8

const TIMED_OUT = /Timed out waiting for device (?<device>.+?)\.?$/
const JOB_TIMED_OUT = /Job (?<device>dev-\S+?\.device)\/start timed out/
const OF_INITRAMFS = /Dependency failed for .*(?:Initrd|sysroot)/

export const fstabRules: readonly Rule[] = [
  {
    class: 'fstab-missing-device',
    severity: 'critical',
    stops: 'userland',
    each: 'device',
    signs: [
      { has: 'timed out waiting for device', line: TIMED_OUT, soon: STOPS_THE_SYSTEM, notSoon: OF_INITRAMFS },
      {
        has: 'timed out waiting for device',
        line: TIMED_OUT,
        soon: STOPS_THE_BOOT,
        notSoon: OF_INITRAMFS,
        during: OUT_OF_INITRAMFS,
      },
      {
        has: 'timed out waiting for device',
        line: TIMED_OUT,
        within: AT_THE_END,
        notSoon: /Dependency failed for .*(?:Initrd|sysroot)|Reached target .*Local File Systems/,
        during: OUT_OF_INITRAMFS,
        sure: 'likely',
      },
      { has: 'start timed out', line: JOB_TIMED_OUT, soon: STOPS_THE_SYSTEM, notSoon: OF_INITRAMFS },
      {
        has: 'start timed out',
        line: JOB_TIMED_OUT,
        soon: STOPS_THE_BOOT,
        notSoon: OF_INITRAMFS,
        during: OUT_OF_INITRAMFS,
      },
      { has: 'special device', line: /mount: (?:(?<mount>\/\S*): )?special device (?<device>\S+) does not exist/ },
      {
        has: "can't find ",
        line: /mount: (?:(?<mount>\/\S*): )?can't find (?<device>(?:UUID|LABEL|PARTUUID|PARTLABEL)=[^\s.]+)/,
      },
      { has: 'unable to resolve', line: /(?:fsck|e2fsck)[.\w]*: Unable to resolve '(?<device>[^']+)'/ },
      {
        has: 'while trying to open',
        line: /(?:fsck|e2fsck)[.\w]*: No such file or directory while trying to open (?<device>\S+)/,
      },
      { has: 'failed to stat', line: /systemd-fsck\[\d+\]: Failed to stat '?(?<device>\/dev\/[^\s:']+)/ },
      {
        has: 'bind mount source',
        line: /Failed to make bind mount source '(?<device>[^']+)'/,
        soon: STOPS_THE_BOOT,
      },
      { has: 'not ready yet or not present', line: /The disk drive for (?<mount>\S+) is not ready yet or not present/ },
      {
        has: 'start job is running',
        line: /A start job is running for (?<device>(?:dev-|\/dev\/)\S+) \((?:\d+min|[3-9]\ds)/,
        during: ['userland'],
        within: 2,
        sure: 'likely',
      },
    ],
    adds: [
      {
        has: 'dependency failed for',
        line: /Dependency failed for (?:\S+\.mount - )?(?<mount>\/(?!sysroot|dev\/)[^\s…]*?)\.?$/,
      },
      { has: 'dependency failed for', line: /Dependency failed for (?:local-fs\.target - )?Local File Systems/ },
    ],
    // A console or a network card that is waited for is no disk.
    not: /(?:device|for) (?:dev-|\/dev\/)(?:tty|hvc|vport|virtio-ports|tpm|rfkill)|net-devices|\/sys\/|sys-subsystem|gpt-auto-root|ttyS\d|ttyAMA\d/,
    explains: [...EMERGENCY, 'fsck-needed', 'fstab-mount-failed'],
    playbook: 'fstab',
  },
  {
    class: 'fstab-bad-option',
    severity: 'critical',
    stops: 'userland',
    each: 'device',
    signs: [
      {
        has: 'unrecognized mount option',
        line: /\((?:device )?(?<device>[\w-]+)\): [Uu]nrecognized mount option ["'](?<option>[^"']*)["']/,
      },
      { has: 'unknown mount option', line: /\((?<device>[\w-]+)\): unknown mount option \[(?<option>[^\]]*)\]/ },
      {
        has: "unknown parameter '",
        line: /\b(?:ext[234]|xfs|btrfs|f2fs|vfat|nfs4?|cifs|tmpfs|overlay): Unknown parameter '(?<option>[^']+)'/,
        during: ['initramfs', 'userland'],
      },
      { has: 'bad mount option', line: /\b(?:tmpfs|shmem): Bad mount option '?(?<option>[^'\s]+)/ },
      { has: 'bad usage', line: /mount: (?<mount>\/\S*): bad usage/ },
      {
        has: 'bad option',
        line: /mount: (?<mount>\/\S*?):? (?:mount point )?not mounted(?: already)?,? or bad option/,
      },
      { has: 'bad value for', line: /\b(?:ext[234]|xfs|btrfs|vfat|tmpfs): Bad value for '(?<option>[^']+)'/ },
    ],
    adds: [{ has: 'failed to mount', line: /Failed to mount (?:\S+\.mount - )?(?<mount>\/[^\s…]*?)\.?$/ }],
    explains: [...EMERGENCY, 'fstab-mount-failed', 'fstab-wrong-type', 'root-mount-failed', 'initramfs-shell'],
    playbook: 'fstab',
  },
  {
    class: 'fstab-wrong-type',
    severity: 'critical',
    stops: 'userland',
    signs: [
      { has: 'unknown filesystem type', line: /mount: (?:(?<mount>\/\S*): )?unknown filesystem type '(?<type>[^']+)'/ },
      {
        has: "can't find",
        line: /(?<type>EXT[234])-fs \((?<device>[^)]+)\): VFS: Can't find (?:an )?ext[234] filesystem/,
        soon: STOPS_THE_BOOT,
      },
      {
        has: 'invalid superblock magic',
        line: /(?<type>XFS) \((?<device>[^)]+)\): Invalid superblock magic number/,
        soon: STOPS_THE_BOOT,
      },
      {
        has: 'valid fat filesystem',
        line: /(?<type>FAT)-fs \((?<device>[^)]+)\): Can't find a valid FAT filesystem/,
        soon: STOPS_THE_BOOT,
      },
      {
        has: 'wrong fs type',
        line: /mount: (?:(?<mount>\/\S*): )?wrong fs type, bad option, bad superblock on (?<device>[^\s,]+)/,
        sure: 'likely',
        weak: true,
      },
      {
        has: 'bad magic number',
        line: /fsck\.ext[234]: Bad magic number in super-block while trying to open (?<device>\S+)/,
        sure: 'likely',
      },
    ],
    adds: [{ has: 'failed to mount', line: /Failed to mount (?:\S+\.mount - )?(?<mount>\/[^\s…]*?)\.?$/ }],
    not: /mount: \/sysroot/,
    explains: [...EMERGENCY, 'fstab-mount-failed', 'fsck-needed'],
    playbook: 'fstab',
  },
  {
    class: 'fstab-malformed',
    severity: 'critical',
    stops: 'userland',
    signs: [
      {
        has: 'parse error',
        line: /(?:\/etc\/)?fstab: parse error(?: at line (?<line>\d+)|: ignore entry at line (?<line>\d+))?/,
      },
      {
        has: '/etc/fstab',
        line: /line (?<line>\d+) in \/etc\/fstab is bad|\bbad line (?<line>\d+) in \/etc\/fstab|\/etc\/fstab:(?<line>\d+): (?!.*nofail)/i,
      },
      {
        has: 'fstab-generator',
        line: /fstab-generator\[\d+\]: .*(?:[Ff]ailed to parse|Duplicate entry in \/etc\/fstab|is not a valid path|[Ff]ailed to create (?:mount )?unit|not absolute|Invalid)/,
      },
      { has: 'fstab-generator failed', line: /systemd-fstab-generator (?:failed|terminated)/ },
      { has: 'duplicate entry in', line: /Duplicate entry in \/etc\/fstab/ },
    ],
    explains: [...EMERGENCY, 'fstab-mount-failed', 'fstab-missing-device'],
    playbook: 'fstab',
  },
  {
    class: 'fstab-mount-failed',
    severity: 'critical',
    stops: 'userland',
    each: 'mount',
    signs: [
      {
        has: 'failed to mount',
        line: /Failed to mount (?:\S+\.mount - )?(?<mount>\/[^\s…]*?)\.?$/,
        soon: STOPS_THE_BOOT,
        sure: 'likely',
        weak: true,
      },
      {
        has: 'failed to mount',
        line: /Failed to mount (?:\S+\.mount - )?(?<mount>\/[^\s…]*?)\.?$/,
        within: AT_THE_END,
        sure: 'likely',
        weak: true,
      },
      {
        has: 'mount point',
        line: /mount: (?:mount point )?(?<mount>\/\S+?)(?: does not exist|: mount point does not exist)/,
        soon: STOPS_THE_BOOT,
      },
    ],
    adds: [{ has: 'dependency failed for', line: /Dependency failed for (?:local-fs\.target - )?Local File Systems/ }],
    not: /Failed to mount (?:\S+\.mount - )?\/(?:sysroot|sys|proc|dev|run)\b/,
    explains: EMERGENCY,
    playbook: 'fstab',
  },
  {
    class: 'network-mount-failed',
    severity: 'warning',
    stops: 'userland',
    each: 'mount',
    signs: [
      {
        has: 'mount.',
        line: /mount\.(?:nfs4?|cifs): (?<reason>(?:Failed to resolve server|Connection (?:timed out|refused)|access denied|No route to host|Network is unreachable|mount system call failed|could not resolve|requested NFS version).*)/,
      },
      {
        has: 'start job is running',
        line: /A start job is running for (?:\S+\.mount - )?(?<mount>\/(?!dev\/|sysroot)\S+) \((?:\d+min|[3-9]\ds)/,
        within: 2,
        sure: 'likely',
      },
    ],
    adds: [{ has: 'failed to mount', line: /Failed to mount (?:\S+\.mount - )?(?<mount>\/[^\s…]*?)\.?$/ }],
    explains: [...EMERGENCY, 'fstab-mount-failed'],
    playbook: 'fstab',
  },
  {
    class: 'emergency-mode',
    severity: 'critical',
    stops: 'userland',
    symptom: true,
    signs: [
      { has: 'emergency mode', line: /You are in emergency mode|Welcome to emergency mode/i },
      { has: 'emergency mode', line: /Reached target (?:emergency\.target - )?Emergency Mode/ },
      { has: 'emergency shell', line: /Started (?:emergency\.service - )?Emergency Shell/ },
      { has: 'emergency shell', line: /Press Enter for emergency shell/ },
      {
        has: 'maintenance',
        line: /(?:Give|Enter) root password for (?:system )?maintenance|Press Enter for (?:system )?maintenance/,
      },
      { has: ' control-d to continue', line: /\(or (?:press|type) Control-D to continue\)/ },
      { has: 'root account is locked', line: /Cannot open access to console, the root account is locked/ },
      { has: 'dropping you to a shell', line: /Dropping you to a shell; the system will (?:reboot|continue)/ },
    ],
    explains: ['dependency-failed'],
    playbook: null,
  },
  {
    class: 'rescue-mode',
    severity: 'critical',
    stops: 'userland',
    symptom: true,
    signs: [
      {
        has: 'rescue mode',
        line: /You are in rescue mode|Welcome to rescue mode|Reached target (?:rescue\.target - )?Rescue Mode/i,
      },
      { has: 'rescue shell', line: /Started (?:rescue\.service - )?Rescue Shell/ },
    ],
    explains: ['dependency-failed'],
    replaces: ['emergency-mode'],
    playbook: null,
  },
  {
    class: 'dependency-failed',
    severity: 'critical',
    stops: 'userland',
    symptom: true,
    signs: [
      {
        has: 'dependency failed for',
        line: /Dependency failed for (?:[\w-]+\.target - )?(?<unit>Local File Systems|Basic System|System Initialization|Multi-User System|Initrd Root File System|Initrd Root Device|Initrd Default Target)/,
      },
      {
        has: 'failed with result',
        line: /(?<unit>local-fs|basic|sysinit|multi-user|initrd-root-fs)\.target: Job .* failed with result 'dependency'/,
      },
    ],
    playbook: null,
  },
  {
    class: 'start-job-hangs',
    severity: 'error',
    stops: 'userland',
    symptom: true,
    signs: [
      {
        has: 'start job is running for',
        line: /A start job is running for (?<unit>.+?) \((?<waited>\d+min[ \d]*s?|\d+h.*?) \/ [^)]+\)/,
        within: 2,
      },
      {
        has: '/start running',
        line: /Job (?<unit>\S+)\/start running \((?<waited>\d+min[ \d]*s?) \/ [^)]+\)/,
        within: 2,
      },
    ],
    playbook: null,
  },
]
