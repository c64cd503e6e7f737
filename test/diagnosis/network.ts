/** The network. */
import type { Cases } from './cases.ts'

const COMES_UP = '\napp-7 login: '
const HAS_ADDRESS = `
ci-info: |  ens3  | True |         10.0.0.12          | 255.255.255.0 | global | 02:00:17:0a:0b:0c |`

export const networkCases: Cases = {
  'network-interface-renamed': {
    fails: [
      `Bringing up interface eth0:  Device eth0 does not seem to be present, delaying initialization.
                                                           [FAILED]`,
      `network[811]: Device eth0 has different MAC address than expected, ignoring.`,
      `Cannot find device "eth0"
ifup: failed to bring up eth0`,
      `systemd-udevd[311]: Failed to rename network interface 2 from 'ens3' to 'eth0': File exists`,
      `[ TIME ] Timed out waiting for device sys-subsystem-net-devices-eth0.device.`,
      `[ TIME ] Timed out waiting for device /sys/subsystem/net/devices/eth0.`,
      `eth0: error fetching interface information: Device not found`,
      `ifup: unknown interface eth0`,
    ],
    healthy: [
      `[    2.100000] virtio_net virtio0 ens3: renamed from eth0`,
      `Cannot find device "docker0"`,
      `network[811]: Device eth1 does not seem to be present, delaying initialization.${HAS_ADDRESS}`,
    ],
  },
  'network-no-link': {
    fails: [
      `Bringing up interface eth0:
Determining IP information for eth0... failed; no link present.  Check cable?
[FAILED]`,
      `[   71.100000] ixgbevf 0000:00:03.0 ens3: NIC Link is Down${COMES_UP}`,
      `systemd-networkd[511]: ens3: Lost carrier`,
      `dracut-initqueue[402]: Warning: ens3: link not up`,
      `2: ens3: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 9000 qdisc fq_codel state DOWN`,
    ],
    healthy: [
      `[    8.100000] IPv6: ADDRCONF(NETDEV_UP): ens3: link is not ready
[    9.100000] IPv6: ADDRCONF(NETDEV_CHANGE): ens3: link becomes ready`,
      `[    8.100000] r8169 0000:01:00.0 ens3: Link is Down
[   11.100000] r8169 0000:01:00.0 ens3: Link is Up - 1Gbps/Full - flow control off`,
      `[    7.865303] r8169 0000:01:00.0 ens3: Link is Down`,
      `systemd-networkd[511]: veth1a2b3c4: Lost carrier`,
      `systemd-networkd[511]: ens3: Lost carrier
systemd-networkd[511]: ens3: Gained carrier`,
    ],
  },
  'network-dhcp-failed': {
    fails: [
      `dhclient[611]: DHCPDISCOVER on ens3 to 255.255.255.255 port 67 interval 14
dhclient[611]: No DHCPOFFERS received.
dhclient[611]: No working leases in persistent database - sleeping.${COMES_UP}`,
      `No working leases in persistent database - sleeping.`,
      `Determining IP information for eth0... failed.`,
      `NetworkManager[711]: <warn>  [1715000000.1] dhcp4 (ens3): request timed out`,
      `NetworkManager[711]: <info>  device (ens3): state change: ip-config -> failed (reason 'ip-config-unavailable', sys-iface-state: 'managed')`,
      `udhcpc: no lease, failing`,
      `systemd-networkd[511]: ens3: DHCPv4 connection timed out`,
      `[   14.100000] IP-Config: no response after 3 secs - giving up`,
      `dhcpcd[402]: timed out
dhcpcd[402]: ens3: DHCP discover failed`,
    ],
    healthy: [
      `NetworkManager[711]: <warn>  [1715000000.1] dhcp6 (ens3): request timed out`,
      `dhclient[611]: No DHCPOFFERS received.
dhclient[611]: bound to 10.0.0.12 -- renewal in 39211 seconds.`,
      `dhclient[611]: No DHCPOFFERS received.${HAS_ADDRESS}`,
      `NetworkManager[711]: dhcp4 (ens5): request timed out
NetworkManager[711]: <info>  dhcp4 (ens3): state changed new lease, address=10.0.0.12`,
      `Determining IP information for eth1... failed.
Determining IP information for eth0... done.`,
      `udhcpc: no lease, failing
udhcpc: lease of 10.0.0.12 obtained, lease time 86400`,
      `udhcpc: no lease, failing
systemd-networkd[511]: ens3: DHCPv4 address 10.0.0.12/24 via 10.0.0.1`,
      `udhcpc: no lease, failing
NetworkManager[711]: <info>  manager: NetworkManager state is now CONNECTED_GLOBAL`,
      `udhcpc: no lease, failing
sshd[2211]: Accepted publickey for opc from 10.0.0.5 port 50122 ssh2`,
    ],
  },
  'netplan-error': {
    fails: [
      `systemd[312]: /usr/lib/systemd/system-generators/netplan failed with exit status 1.
/etc/netplan/60-static.yaml:7:15: Error in network definition: expected mapping (check indentation)`,
      `/etc/netplan/60-static.yaml:4:1: Invalid YAML: tabs are not allowed for indent:`,
      `Invalid YAML at /etc/netplan/60-static.yaml line 4 column 0: tabs are not allowed for indentation`,
      `systemd[312]: /lib/systemd/system-generators/netplan failed with error code 1.`,
      `netplan[322]: Error in network definition`,
    ],
    healthy: [
      `** (generate:411): WARNING **: Permissions for /etc/netplan/50-cloud-init.yaml are too open. Netplan configuration should NOT be accessible by others.`,
      `/etc/netplan/99-extra.yaml:7:15: Error in network definition: unknown key 'foo'${HAS_ADDRESS}`,
    ],
  },
  'network-manager-error': {
    fails: [
      `[FAILED] Failed to start Network Manager.
See 'systemctl status NetworkManager.service' for details.`,
      `systemd[1]: NetworkManager.service: Failed with result 'exit-code'.`,
      `NetworkManager[711]: <warn>  keyfile: load: "/etc/NetworkManager/system-connections/ens3.nmconnection": failed to load connection: invalid connection`,
      `NetworkManager[711]: <warn>  ifcfg-rh: loading "/etc/sysconfig/network-scripts/ifcfg-ens3" fails: Invalid PREFIX`,
    ],
    healthy: [
      `[FAILED] Failed to start Network Manager Wait Online.
[  OK  ] Started OpenSSH server daemon.`,
      `[FAILED] Failed to start Network Manager.
[  OK  ] Started Network Manager.`,
    ],
  },
  'network-failed': {
    fails: [
      `[FAILED] Failed to start LSB: Bring up/down networking.
See 'systemctl status network.service' for details.`,
      `[FAILED] Failed to start networking.service - Raise network interfaces.`,
      `Bringing up interface eth0:  [FAILED]`,
      `ifup: failed to bring up ens3`,
    ],
    healthy: [
      `[FAILED] Failed to start Wait for Network to be Configured.`,
      `[FAILED] Failed to start Raise network interfaces.
[  OK  ] Started Raise network interfaces.`,
      `Bringing up loopback interface:  [  OK  ]
Bringing up interface eth0:  [  OK  ]`,
    ],
  },
  'firewall-blocks-ssh': {
    fails: [
      `[  211.100000] [UFW BLOCK] IN=ens3 OUT= MAC=02:00:17:0a:0b:0c:00:00:17:aa:bb:cc:08:00 SRC=198.51.100.7 DST=10.0.0.12 LEN=60 TOS=0x00 PREC=0x00 TTL=52 ID=4711 DF PROTO=TCP SPT=51234 DPT=22 WINDOW=64240 RES=0x00 SYN URGP=0`,
    ],
    healthy: [
      `[  211.100000] [UFW BLOCK] IN=ens3 OUT= MAC=02:00 SRC=198.51.100.7 DST=10.0.0.12 LEN=40 PROTO=TCP SPT=51234 DPT=23 WINDOW=1024`,
      `[  211.100000] [UFW LIMIT BLOCK] IN=ens3 OUT= SRC=198.51.100.7 DST=10.0.0.12 LEN=60 PROTO=TCP SPT=51234 DPT=22 WINDOW=64240`,
    ],
  },
}
