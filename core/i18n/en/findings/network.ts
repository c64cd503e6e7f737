/** Why nobody reaches a machine that runs. */
export const network = {
  'network-interface-renamed': {
    happened: 'The network is configured for {interface}, and no interface has that name.',
  },
  'network-no-link': {
    happened: 'The network interface {interface} has no link.',
    next: 'Check in the OCI console that the VNIC is attached. If it is, its driver or the configuration of the interface is the reason.',
  },
  'network-dhcp-failed': {
    happened: 'The machine got no address by DHCP.',
    next: 'Check the VNIC and the subnet in the OCI console, then the configuration of the interface on the machine.',
  },
  'netplan-error': {
    happened: 'The network was not set up: {file} has an error in line {line}.',
    unnamed: 'The network was not set up: netplan’s configuration has an error.',
  },
  'network-manager-error': {
    happened: 'NetworkManager did not start or cannot read its configuration ({file}).',
    unnamed: 'NetworkManager did not start.',
  },
  'network-failed': {
    happened: 'The network service did not start.',
  },
  'firewall-blocks-ssh': {
    happened: 'The machine’s own firewall drops connections to port 22.',
    next: 'Log in on the serial console and open port 22 (firewall-cmd, ufw or iptables).',
  },
}
