/** The search for the root file system, by dracut, initramfs-tools and systemd in an initramfs. */
import type { Rule } from '../rule.ts'

/** Where a boot stands that found no root. */
const NO_ROOT = [
  'dracut-timeout',
  'initramfs-shell',
  'emergency-mode',
  'dependency-failed',
  'start-job-hangs',
  'root-mount-failed',
]
const BEFORE_USERLAND = ['firmware', 'boot-loader', 'kernel', 'initramfs'] as const
const OF_ROOT = /Dependency failed for (?:initrd|Initrd|sysroot|\/sysroot|Root Partition)/
/** Drivers without which an instance has no disk, and file systems without which it has no root. */
const DISK_MODULES =
  'virtio(?:_pci|_blk|_scsi|_ring)?|nvme(?:_core)?|xen[-_]blkfront|sd_mod|scsi_mod|dm[-_]mod|ext4|xfs|btrfs|iscsi_tcp|libiscsi|mpt3sas|megaraid_sas|hv_storvsc|vmw_pvscsi|ahci|ata_piix'
const NETWORK_MODULES =
  'virtio_net|xen[-_]netfront|mlx[45]_core|bnxt_en|ixgbe(?:vf)?|i40e|iavf|e1000e?|hv_netvsc|vmxnet3|ena'

function blacklisted(modules: string): RegExp {
  const options = String.raw`(?:rd\.driver\.blacklist|modprobe\.blacklist|module_blacklist|rdblacklist)`
  return new RegExp(String.raw`\b${options}=(?:[\w,-]*,)?(?<module>${modules})(?![\w-])`)
}

export const initramfsRules: readonly Rule[] = [
  {
    class: 'module-blacklisted',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      { has: 'blacklist=', line: blacklisted(DISK_MODULES), sure: 'likely' },
      {
        has: 'is blacklisted',
        line: new RegExp(`[Mm]odule '?(?<module>${DISK_MODULES})'? is (?:blacklisted|deny-listed)`),
      },
    ],
    explains: ['root-device-missing', 'lvm-volume-missing', 'kernel-panic-vfs', ...NO_ROOT],
    onlyAsCause: true,
    playbook: 'edit',
  },
  {
    class: 'module-blacklisted',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'blacklist=', line: blacklisted(NETWORK_MODULES), sure: 'likely' },
      {
        has: 'is blacklisted',
        line: new RegExp(`[Mm]odule '?(?<module>${NETWORK_MODULES})'? is (?:blacklisted|deny-listed)`),
      },
    ],
    explains: [
      'network-no-link',
      'network-dhcp-failed',
      'network-interface-renamed',
      'network-failed',
      'iscsi-boot-failed',
    ],
    onlyAsCause: true,
    playbook: 'edit',
  },
  {
    class: 'initramfs-corrupt',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      { has: 'initramfs unpacking failed', line: /Initramfs unpacking failed: ?(?<reason>.+)?/ },
      {
        has: 'ramdisk: ',
        line: /RAMDISK: (?<reason>EOF while reading compressed data|incomplete write.*|Couldn't find valid RAM disk.*)/,
      },
      { has: 'uncompression error', line: /^uncompression error/ },
      { has: 'premature end of file', line: /^error: .*premature end of file [`']?(?<file>\S*initr[^\s']*)/ },
      { has: 'no cpio magic', line: /no cpio magic|junk (?:in|within|at the end of) compressed archive/ },
    ],
    explains: [
      'kernel-panic-vfs',
      'kernel-panic',
      'kernel-panic-init',
      'init-missing',
      'root-device-missing',
      ...NO_ROOT,
    ],
    playbook: 'kernel',
  },
  {
    class: 'lvm-volume-missing',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      { has: 'volume group', line: /Volume group "(?<volume>[^"]+)" not found/i },
      { has: 'volume group', line: /Cannot process volume group (?<volume>[\w.+-]+)/ },
      { has: 'logical volume', line: /Failed to find logical volume "(?<volume>[^"]+)"/ },
      {
        has: 'does not exist',
        line: /Warning: (?<volume>\/dev\/(?:mapper\/(?!luks|mpath|live)[\w.+-]+|(?!disk\/|mapper\/|md\/)[\w.+-]+\/[\w.+-]+)) does not exist/,
      },
      { has: 'does not exist', line: /^ALERT! +(?<volume>\/dev\/mapper\/(?!luks|cryptroot)[\w.+-]+) does not exist/ },
      { has: 'find device with uuid', line: /Couldn't find device with uuid (?<uuid>\S+?)\.?$/, sure: 'likely' },
      { has: 'partial lv', line: /Refusing activation of partial LV (?<volume>\S+?)\.?\s/ },
      { has: 'missing pv', line: /VG (?<volume>\S+) is missing PV (?<uuid>\S+)/ },
    ],
    explains: ['root-device-missing', 'fstab-missing-device', ...NO_ROOT],
    playbook: 'kernel',
  },
  {
    class: 'iscsi-boot-failed',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      {
        has: 'iscsistart: ',
        line: /iscsistart: (?:cannot make (?:a )?connection to (?<address>[\d.:]+)|initiator reported error|Could not|Login failed|version .* failed)/,
      },
      {
        has: 'iscsi',
        line: /(?:iscsiroot|Login (?:to|I\/O) .*iscsi).*failed|iscsid?: .*(?:Initiator failed|Could not (?:login|log in))/i,
      },
    ],
    explains: ['root-device-missing', ...NO_ROOT],
    playbook: null,
  },
  {
    class: 'raid-not-assembled',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      { has: 'operational mirrors', line: /md\/raid\w*:(?<device>md\w+): not enough operational (?:mirrors|devices)/ },
      { has: 'not enough operational', line: /md\/raid\w*:(?<device>md\w+): not enough operational devices/ },
      { has: 'dirty degraded array', line: /(?:md\/raid\w*:)?(?<device>md\w+)?:? ?cannot start dirty degraded array/ },
      {
        has: 'not enough to start',
        line: /mdadm: (?<device>\/dev\/\S+) assembled from .* not enough to start the array/,
      },
      { has: 'run_array', line: /mdadm: failed to RUN_ARRAY (?<device>\S+?):/ },
      { has: 'failed to run raid', line: /(?:md: |md\/raid\w*:)?(?<device>md\w+)?:? ?failed to run raid set/ },
    ],
    explains: ['root-device-missing', 'lvm-volume-missing', 'fstab-missing-device', ...NO_ROOT],
    playbook: null,
  },
  {
    class: 'raid-degraded',
    severity: 'warning',
    stops: 'never',
    signs: [
      {
        has: 'has been started with',
        line: /mdadm: (?<device>\/dev\/\S+) has been started with \d+ drives? \(out of \d+\)/,
      },
      {
        has: 'mirrors',
        line: /md\/raid\d+:(?<device>md\w+): active with (?<active>\d+) out of (?<all>\d+) (?:mirrors|devices)/,
        read: (details) => (details.active === details.all ? undefined : details),
      },
      { has: 'disk failure on', line: /md\/raid\w*:(?<device>md\w+): Disk failure on (?<disk>\w+), disabling device/ },
      {
        has: 'degradedarray',
        line: /A DegradedArray event (?:has|had) been detected on md device (?<device>\S+?)\.?$/,
      },
    ],
    each: 'device',
    playbook: null,
  },
  {
    class: 'luks-waiting',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      {
        has: 'passphrase for ',
        line: /(?:Please )?[Ee]nter passphrase for (?:disk |key |volume )?(?<device>[^\s:!?]+(?: \([^)]*\))?)/,
      },
      { has: 'unlock disk', line: /Please unlock disk (?<device>[^\s:]+)/ },
      {
        has: 'cryptsetup failed',
        line: /cryptsetup: (?:ERROR: )?(?<device>[\w.-]+)?:? ?cryptsetup failed, bad password/,
      },
      { has: 'no key available', line: /No key available with this passphrase/ },
      {
        has: 'cryptography setup',
        line: /(?:A start job is running for|Job) .*Cryptography Setup for (?<device>\S+) \(/,
        within: 6,
      },
      {
        has: 'cryptography setup',
        line: /(?:Failed to start|Timed out starting) .*Cryptography Setup for (?<device>\S+?)\.?$/i,
      },
    ],
    explains: ['root-device-missing', 'lvm-volume-missing', 'fstab-missing-device', ...NO_ROOT],
    playbook: null,
  },
  {
    class: 'root-device-missing',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      { has: 'does not exist', line: /ALERT!\s+(?<device>\S+) does not exist/, weak: true },
      { has: 'gave up waiting for root', line: /Gave up waiting for root (?:file ?system )?device/ },
      {
        has: 'does not exist',
        line: /Warning: (?<device>(?:\/dev\/|UUID=|LABEL=|PARTUUID=)\S+) does not exist/,
        weak: true,
        during: BEFORE_USERLAND,
      },
      { has: 'devexists-', line: /initqueue\/finished\/devexists-(?<device>\S+?)\.sh/, during: BEFORE_USERLAND },
      { has: 'no root device', line: /No root device "(?:block:)?(?<device>[^"]+)" found/ },
      { has: 'root= argument', line: /No or empty root= argument/ },
      { has: "don't know how to handle", line: /Don't know how to handle 'root=(?<device>[^']*)'/ },
      {
        has: 'find root device',
        line: /(?:Unable to find|Cannot find|Can't find) root device ?'?(?<device>[^'\s]+)?/i,
      },
      { has: 'not found. skipping fsck', line: /ERROR: device '(?<device>[^']+)' not found\. Skipping fsck/ },
      { has: 'initrd root device', line: /Dependency failed for .*Initrd Root Device/ },
      { has: 'timed out waiting for device', line: /Timed out waiting for device (?<device>.+?)\.?$/, soon: OF_ROOT },
      { has: 'start timed out', line: /Job (?<device>dev-\S+?\.device)\/start timed out/, soon: OF_ROOT },
      // One that holds it, as the hash tree of /usr does; which of them only the kernel's command line tells.
      {
        has: 'timed out waiting for device',
        line: /Timed out waiting for device (?<device>.+?)\.?$/,
        soon: /[Ee]mergency (?:mode|shell|Mode|Shell)|Entering emergency mode/,
        notSoon: /Dependency failed for (?:local-fs\.target|Local File Systems)|local-fs\.target: Job/,
        during: ['initramfs'],
        sure: 'likely',
      },
      {
        has: 'start job is running',
        line: /A start job is running for (?<device>(?:dev-|\/dev\/)\S+) \((?:\d+min|[3-9]\ds)/,
        during: ['initramfs'],
        within: 2,
        sure: 'likely',
      },
      {
        has: 'waiting for root device',
        line: /Waiting for root device (?<device>\S+?)\.\.\.$/,
        within: 3,
        sure: 'likely',
      },
    ],
    adds: [{ has: 'dependency failed for', line: OF_ROOT }],
    // A device for swap or for /boot is looked for by another rule.
    not: /does not exist.*(?:swap|\/var)/,
    explains: NO_ROOT,
    playbook: 'kernel',
  },
  {
    class: 'root-mount-failed',
    severity: 'critical',
    stops: 'initramfs',
    symptom: true,
    signs: [
      { has: 'failed to mount', line: /Failed to mount (?:sysroot\.mount|\/sysroot)/ },
      {
        has: '/sysroot',
        line: /mount: (?:mounting (?<device>\S+) on )?\/sysroot\b.*(?:failed|wrong fs|cannot|can't|unknown)/,
      },
      { has: ' on /root failed', line: /mounting (?<device>\S+) on \/root failed: (?<reason>.+)/ },
      { has: 'failed to mount root', line: /Failed to mount (?:root|the root|real root)/i },
    ],
    explains: ['initramfs-shell', 'dracut-timeout', 'emergency-mode', 'dependency-failed', 'init-missing'],
    playbook: null,
  },
  {
    class: 'dracut-timeout',
    severity: 'critical',
    stops: 'initramfs',
    symptom: true,
    signs: [
      { has: 'starting timeout scripts', line: /starting timeout scripts/ },
      { has: 'initqueue', line: /dracut-initqueue:? timeout/ },
      { has: 'could not boot', line: /Warning: Could not boot\b/ },
      { has: 'boot has failed', line: /dracut Warning: Boot has failed/ },
    ],
    explains: ['initramfs-shell', 'emergency-mode', 'dependency-failed'],
    playbook: null,
  },
  {
    class: 'initramfs-shell',
    severity: 'critical',
    stops: 'initramfs',
    symptom: true,
    signs: [
      { has: 'dracut emergency shell', line: /Start(?:ing|ed) Dracut Emergency Shell/ },
      { has: 'rdsosreport.txt', line: /Generating "\/run\/initramfs\/rdsosreport\.txt"/ },
      { has: 'exit the shell to continue', line: /Entering emergency mode\. Exit the shell to continue/ },
      { has: 'dropping to a shell', line: /Dropping to a shell!/ },
      { has: 'dropping to debug shell', line: /Dropping to debug shell/ },
      { has: 'being dropped', line: /You are (?:now )?being dropped (?:in)?to an? (?:recovery|emergency) shell/ },
      { has: '(initramfs)', line: /^\(initramfs\)/ },
      { has: 'dracut', line: /^(?:dracut|initqueue|pre-\w+):\/?#/ },
    ],
    // Somebody asked for it.
    unless: [{ has: 'command line: ', line: /command line: .*\b(?:rd\.break|rdbreak|break=)/i }],
    explains: ['dependency-failed'],
    replaces: ['emergency-mode'],
    playbook: null,
  },
]
