/** Disks and file systems: what is broken on them, and what is full. */
import type { Rule } from '../rule.ts'

const CANNOT_MOUNT = [
  'root-mount-failed',
  'fstab-mount-failed',
  'fstab-wrong-type',
  'fsck-needed',
  'emergency-mode',
  'dependency-failed',
  'initramfs-shell',
  'dracut-timeout',
  'init-missing',
]
/** Not the floppy and the CD drive that clouds emulate and nobody uses. */
const DISK = String.raw`(?:(?:s|v|xv|h)d[a-z]+\d*|nvme\d\w*|dm-\d+|md\d+\w*|mmcblk\d+(?:p\d+)?\b|pmem\w+|drbd\d+|nbd\d+)`

export const fileSystemRules: readonly Rule[] = [
  {
    class: 'disk-io-error',
    severity: 'error',
    stops: 'never',
    each: 'device',
    signs: [
      {
        has: 'error, dev ',
        line: new RegExp(
          `(?:I/O|critical (?:medium|target|space allocation|nexus)) error, dev (?<device>${DISK}), sector`,
        ),
      },
      {
        has: 'buffer i/o error',
        line: new RegExp(`Buffer I/O error on (?:dev|device) (?<device>${DISK})`),
      },
      { has: 'offline device', line: /rejecting I\/O to offline device/ },
      { has: 'controller is down', line: /nvme (?<device>nvme\d+): controller is down; will reset/ },
      { has: 'removing after probe', line: /nvme (?<device>nvme\d+): Removing after probe failure/ },
      { has: 'device not ready; aborting', line: /nvme (?<device>nvme\d+): Device not ready; aborting/ },
    ],
    // What a disk cannot do (discard, write zeroes) is not asked of it again.
    not: /DISCARD|WRITE_ZEROES|WRITE_SAME|operation not supported|dev (?:fd|sr)\d/,
    explains: [
      'ext4-corruption',
      'xfs-corruption',
      'btrfs-corruption',
      'read-only-remount',
      'root-device-missing',
      ...CANNOT_MOUNT,
    ],
    playbook: null,
  },
  {
    class: 'ext4-corruption',
    severity: 'critical',
    stops: 'never',
    each: 'device',
    signs: [
      { has: '-fs error (device', line: /EXT[234]-fs error \(device (?<device>[^)]+)\)(?!.*Remounting)/ },
      {
        has: '-fs (',
        line: /EXT[234]-fs \((?<device>[^)]+)\): (?:error loading journal|bad geometry|unable to read superblock|group descriptors corrupted|get root inode failed|no journal found|ext4_check_descriptors|corrupt root inode|failed to initialize|bad block size|journal inode is deleted|ext4_fill_super: .*failed)/,
      },
      {
        has: 'jbd2: ',
        line: /JBD2: (?:no valid journal superblock found|Unrecognised features on journal|journal recovery failed|.*(?:corrupt|checksum error|bad block))/,
      },
      {
        has: 'superblock invalid',
        line: /^(?:ext2fs_open2: .*|fsck[.\w]*: )?Superblock invalid, trying backup blocks/,
      },
    ],
    adds: [
      {
        has: 'running e2fsck is recommended',
        line: /EXT[234]-fs \((?<device>[^)]+)\): warning: mounting fs with errors/,
      },
      { has: 'structure needs cleaning', line: /Structure needs cleaning/ },
    ],
    explains: ['read-only-remount', ...CANNOT_MOUNT],
    playbook: 'fsck',
  },
  {
    class: 'xfs-corruption',
    severity: 'critical',
    stops: 'never',
    each: 'device',
    signs: [
      {
        has: 'xfs (',
        line: /XFS \((?<device>[^)]+)\): (?:Metadata (?:corruption|CRC error) detected|Corruption (?:detected|of in-memory|warning)|Internal error|Unmount and run xfs_repair|log mount(?:\/recovery)? failed|log mount finish failed|[Ff]ailed to (?:find log head|locate log tail|read root inode|recover)|Log inconsistent|SB (?:validate|sanity|stripe|CRC).*fail|bad (?:CRC|sequence|log|magic)|[Pp]lease (?:unmount|umount) the filesystem|Log recovery failed|xfs_do_force_shutdown|totally zeroed log|empty log check failed)/,
      },
      {
        has: 'corruption of in-memory data',
        line: /^(?!XFS \().*Corruption of in-memory data (?:\S+ )?detected/,
        sure: 'likely',
      },
      { has: 'metadata i/o error', line: /XFS \((?<device>[^)]+)\): [Mm]etadata I\/O error.* error (?:74|117)/ },
    ],
    adds: [{ has: 'structure needs cleaning', line: /Structure needs cleaning/ }],
    not: /Starting recovery|Ending (?:clean mount|recovery)|Mounting V\d/,
    explains: ['read-only-remount', ...CANNOT_MOUNT],
    playbook: 'fsck',
  },
  {
    class: 'btrfs-corruption',
    severity: 'critical',
    stops: 'never',
    each: 'device',
    signs: [
      {
        has: 'btrfs',
        line: /BTRFS (?:error|critical|warning|info)? ?\(device (?<device>[^):]+)[^)]*\)(?: in [^:]+:\d+)?: .*(?:parent transid verify failed|bad tree block|failed to (?:read (?:chunk|tree|block)|recover)|open_ctree failed|corrupt leaf|checksum verify failed|errno=-5|log replay)/,
      },
      { has: 'btrfs: open_ctree failed', line: /BTRFS: open_ctree failed/ },
    ],
    explains: ['read-only-remount', ...CANNOT_MOUNT],
    playbook: null,
  },
  {
    class: 'fsck-needed',
    severity: 'critical',
    stops: 'userland',
    signs: [
      {
        has: 'run fsck manually',
        line: /(?:(?<device>\/dev\/\S+|[\w.-]+): )?(?:UNEXPECTED INCONSISTENCY; )?RUN fsck MANUALLY/i,
      },
      { has: 'requires a manual fsck', line: /filesystem on (?<device>\S+) requires a manual fsck/ },
      {
        has: 'fsck ',
        line: /fsck (?:failed|exited|terminated) with (?:exit |error )?(?:status|code)(?: code)?:? (?<status>[4-9]|1[0-5])\b/,
        weak: true,
      },
      { has: 'failed to start', line: /Failed to start .*File System Check on (?<device>.+?)\.?$/, weak: true },
      // Where the unit's name is too long for the console, this is all that is left of it.
      { has: 'systemctl status', line: /See '?systemctl status "?systemd-fsck@/, after: /Failed to start/, weak: true },
      { has: 'during the file system check', line: /An error occurred during the (?:root )?file ?system check/ },
      { has: 'file system check', line: /^(?:fsck|File system check).*failed\.? .*(?:manual|maintenance)/i },
    ],
    adds: [
      { has: 'check forced', line: /^(?<device>\/dev\/\S+|[\w.-]+) contains a file system with errors, check forced/ },
      // The unit's own name is too long for the console; where it would have been mounted is not.
      {
        has: 'dependency failed for',
        line: /Dependency failed for (?:\S+\.mount - )?(?<mount>\/(?!sysroot|dev\/)[^\s…]*?)\.?$/,
      },
    ],
    explains: [
      'root-mount-failed',
      'emergency-mode',
      'rescue-mode',
      'dependency-failed',
      'initramfs-shell',
      'dracut-timeout',
      'fstab-mount-failed',
    ],
    playbook: 'fsck',
  },
  {
    class: 'read-only-remount',
    severity: 'error',
    stops: 'never',
    each: 'device',
    signs: [
      {
        has: 'remounting filesystem read-only',
        line: /\((?:device )?(?<device>[^)]+)\):? ?Remounting filesystem read-only/,
      },
      { has: 'aborting journal', line: /Aborting journal on device (?<device>\S+?)(?:-\d+)?\.?$/ },
      { has: 'forced readonly', line: /BTRFS .*\(device (?<device>[^):]+)[^)]*\).*forced readonly/ },
      {
        has: 'xfs (',
        line: /XFS \((?<device>[^)]+)\): (?:.*[Ss]hutting down filesystem|[Ff]ilesystem has been shut ?down|.*[Ll]og I\/O [Ee]rror)/,
      },
      {
        has: 'remount root',
        line: /Failed to start .*Remount Root and Kernel File Systems/,
        sure: 'likely',
        weak: true,
      },
    ],
    explains: [],
    playbook: 'fsck',
  },
  {
    class: 'disk-full',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'no space left on device',
        line: /(?:'(?<file>\/[^']+)'|(?<file>\/[\w./@+-]+))[^/]*No space left on device/i,
      },
      { has: 'no space left on device', line: /No space left on device/i },
      { has: 'no space left on logging partition', line: /no space left on logging partition/i },
      {
        has: 'file system is full',
        line: /(?:file ?system|disk|partition) (?:\S+ )?is (?:full|100% full)/i,
        sure: 'likely',
      },
      { has: 'write error', line: /write error[:,] (?:disk|file ?system|device) full/i },
    ],
    // Limits that have the same error number, stores that are no file systems, and the crash kernel's own little one.
    not: /inotify|\bwatch(?:es)?\b|EFI variable|efivars|efibootmgr|pstore|cgroup|kdump|vmcore|usb|bandwidth|semaphore|sem(?:get|open)|\/dev\/shm|memfd|[Hh]uge|LoaderSystemToken|random seed|bpf|keyring|msgget|ENOSPC.*PCI|BAR \d/i,
    explains: ['auditd-halt', 'cloud-init-failed', 'sshd-failed', 'account-refused'],
    playbook: null,
  },
  {
    class: 'inodes-full',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'inodes',
        line: /\b(?:out of |no (?:more |free )?|0 free )inodes\b(?! (?:on )?(?:required|needed))|\binodes (?:are )?(?:full|exhausted|100%)/i,
      },
      { has: 'inode table', line: /inode table (?:is )?full/i },
    ],
    explains: ['disk-full', 'cloud-init-failed'],
    playbook: null,
  },
]
