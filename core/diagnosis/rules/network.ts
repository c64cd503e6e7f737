/** Why nobody reaches a machine that runs: no link, no address, an interface of another name, a firewall. */
import type { Pattern, Rule } from '../rule.ts'

/** Interfaces that containers and virtual machines inside come and go with. */
const NOT_OUR_INTERFACES =
  /\b(?:veth\w*|docker\d*|virbr\d*|br-\w+|cni\d*|flannel\S*|cali\w+|vnet\d+|tap\w*|tun\d*|lxc\w*|wl\w+|bond\d+)\b/
/** One interface has an address: then another one that has none keeps nobody out. */
const NETWORK_UP: readonly Pattern[] = [
  { has: 'ci-info: |', line: /ci-info: \| *(?!lo\b)\S+ *\| *True *\| *(?!127\.)\d{1,3}\.\d/ },
  { has: 'dhcpv4 address', line: /DHCPv4 address (?!169\.254)\d/ },
  { has: 'bound to ', line: /(?:dhclient|DHCP).*bound to \d|^bound to \d/i },
  { has: 'lease of ', line: /[Ll]ease of \d{1,3}\.\d\S* obtained/ },
  { has: 'dhcp4', line: /dhcp4 \(\w+\):? +(?:address \d|state changed .*-> bound|state changed new lease)/ },
  { has: 'connected_global', line: /manager: NetworkManager state is now CONNECTED_GLOBAL/ },
  { has: 'accepted ', line: /sshd\[\d+\]: Accepted (?:publickey|password|keyboard)/ },
  { has: 'done.', line: /Determining IP information for \S+\.\.\. done/ },
]

export const networkRules: readonly Rule[] = [
  {
    class: 'network-interface-renamed',
    severity: 'error',
    stops: 'never',
    each: 'interface',
    signs: [
      { has: 'does not seem to be present', line: /Device (?<interface>\S+) does not seem to be present/ },
      { has: 'different mac address', line: /Device (?<interface>\S+) has different MAC address than expected/ },
      { has: 'cannot find device', line: /Cannot find device "(?<interface>[^"]+)"/ },
      {
        has: 'rename network interface',
        line: /Failed to rename network interface \d+ from '[^']+' to '(?<interface>[^']+)'/,
      },
      { has: 'net-devices-', line: /Timed out waiting for device .*net-devices-(?<interface>\w+)\.device/ },
      {
        has: '/sys/subsystem/net',
        line: /Timed out waiting for device \/sys\/subsystem\/net\/devices\/(?<interface>\w+)/,
      },
      {
        has: 'interface ',
        line: /\b(?<interface>\w+): error (?:while )?(?:getting|fetching) interface (?:flags|information): (?:No such device|Device not found)/,
      },
      { has: 'unknown interface', line: /ifup: unknown interface (?<interface>\S+)/ },
    ],
    not: NOT_OUR_INTERFACES,
    unless: NETWORK_UP,
    explains: ['network-failed', 'network-dhcp-failed', 'network-no-link', 'network-manager-error'],
    playbook: 'edit',
  },
  {
    class: 'network-no-link',
    severity: 'error',
    stops: 'never',
    each: 'interface',
    signs: [
      {
        has: 'no link present',
        line: /Determining IP information for (?<interface>\S+)\.\.\. ?failed; no link present/,
      },
      { has: 'link is down', line: /\b(?<interface>\w+):? NIC Link is Down/i, sure: 'likely' },
      { has: 'lost carrier', line: /\b(?<interface>\w+): Lost carrier/ },
      { has: 'link not up', line: /\b(?<interface>\w+): (?:link not up|no carrier|NO-CARRIER)/i },
      { has: 'no-carrier', line: /\d+: (?<interface>\w+): <[^>]*NO-CARRIER/ },
    ],
    not: NOT_OUR_INTERFACES,
    unless: NETWORK_UP,
    // Any interface will do: on machines with many of them most have no cable.
    over: [
      { has: 'link is up', line: /(?:NIC )?Link is Up/i },
      { has: 'becomes ready', line: /link becomes ready/ },
      { has: 'gained carrier', line: /Gained carrier/ },
    ],
    explains: ['network-dhcp-failed', 'network-failed'],
    playbook: null,
  },
  {
    class: 'network-dhcp-failed',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'dhcpoffers received', line: /No DHCPOFFERS received/ },
      { has: 'no working leases', line: /No working leases in persistent database/ },
      {
        has: 'determining ip information',
        line: /Determining IP information for (?<interface>\S+)\.\.\. ?failed(?!; no link)/,
      },
      {
        has: 'dhcp4',
        line: /dhcp4 \((?<interface>[^)]+)\):? +(?:request timed out|state changed \S+ -> (?:timeout|fail)|canceled DHCP transaction.*fail)/,
      },
      { has: 'ip-config-unavailable', line: /device \((?<interface>[^)]+)\): .*'?ip-config-unavailable'?/ },
      { has: 'no lease, failing', line: /(?:udhcpc: )?[Nn]o lease, failing/ },
      {
        has: 'dhcpv4',
        line: /\b(?<interface>\w+): DHCPv4 (?:connection timed out|client.*(?:failed|timed out)|lease (?:lost|expired))/,
      },
      {
        has: 'ip-config: ',
        line: /IP-Config: (?:no response after \d+ secs - giving up|Auto-configuration of network failed)/i,
      },
      { has: 'dhcp', line: /(?:dracut|ifup|dhcpcd)\S*: .*(?<interface>\w+): (?:dhcp failed|DHCP.*failed|timed out)/i },
    ],
    not: /dhcp6|DHCPv6/i,
    unless: NETWORK_UP,
    explains: ['network-failed', 'cloud-init-failed'],
    playbook: null,
  },
  {
    class: 'netplan-error',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'network definition',
        line: /(?<file>\/\S*netplan\/\S+?\.yaml):(?<line>\d+):\d+: (?<problem>Error in network definition.*)/,
      },
      { has: 'invalid yaml', line: /(?<file>\/\S*netplan\/\S+?\.yaml):(?<line>\d+):\d+: (?<problem>Invalid YAML.*)/ },
      { has: 'invalid yaml', line: /Invalid YAML at (?<file>\/\S*netplan\/\S+?\.yaml) line (?<line>\d+)/ },
      { has: 'netplan', line: /system(?:d)?-?generators?\/netplan (?:failed|terminated)/ },
      { has: 'netplan', line: /netplan(?:\[\d+\])?: .*(?:Error in network definition|Invalid YAML|[Pp]arse error)/ },
    ],
    unless: NETWORK_UP,
    explains: ['network-failed', 'network-dhcp-failed', 'cloud-init-failed'],
    playbook: 'edit',
  },
  {
    class: 'network-manager-error',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'failed to start', line: /Failed to start (?:NetworkManager\.service - )?Network ?Manager\.?$/ },
      { has: 'networkmanager.service: failed', line: /NetworkManager\.service: Failed with result/ },
      {
        has: 'keyfile',
        line: /NetworkManager.*keyfile: .*"?(?<file>\/\S*NetworkManager\/[^"\s:]+)"?.*(?:invalid|failed to load|insecure|cannot (?:be )?load)/,
      },
      {
        has: 'ifcfg-rh',
        line: /ifcfg-rh: .*"?(?<file>\/etc\/sysconfig\/network-scripts\/[^"\s:]+)"?.*(?:fail|invalid|error)/i,
      },
    ],
    unless: NETWORK_UP,
    over: [{ has: 'manager', line: /Started (?:NetworkManager\.service - )?Network ?Manager\.?$/ }],
    explains: ['network-failed', 'network-dhcp-failed'],
    playbook: 'edit',
  },
  {
    class: 'network-failed',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'failed to start',
        line: /Failed to start (?:[\w-]+\.service - )?(?:LSB: Bring up\/down networking|LSB: Raise network interfaces|Raise network interfaces|Network (?:Service|Configuration)|wicked managed network interfaces)\.?$/i,
      },
      { has: 'bringing up interface', line: /^Bringing up interface (?<interface>(?!lo\b)\S+?): .*\[ *FAILED *\]/ },
      { has: 'failed to bring up', line: /(?:ifup: )?[Ff]ailed to bring up (?<interface>(?!lo\b)\w+)/ },
    ],
    not: NOT_OUR_INTERFACES,
    unless: NETWORK_UP,
    over: [
      {
        has: 'started ',
        line: /Started .*(?:Raise network interfaces|LSB: Bring up\/down networking|Network (?:Service|Configuration))/i,
      },
    ],
    explains: ['cloud-init-failed'],
    playbook: 'edit',
  },
  {
    class: 'firewall-blocks-ssh',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'dpt=22 ',
        line: /\bDPT=22\b/,
        with: [/BLOCK|REJECT|DROP|DENY|DENIED/i, /\bIN=\w/, /\bPROTO=TCP\b/],
        sure: 'likely',
      },
    ],
    unless: [{ has: 'accepted ', line: /sshd\[\d+\]: Accepted (?:publickey|password|keyboard)/ }],
    // A limit lets people in again; and what the machine sends is another matter.
    not: /LIMIT|ACCEPT|ALLOW|AUDIT|\bOUT=\w/,
    playbook: null,
  },
]
