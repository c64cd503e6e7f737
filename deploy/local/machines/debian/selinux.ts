/**
 * What makes the Debian guest one that enforces SELinux by Debian's own policy, and the labels of its files, by that
 * policy's own programs. They need no SELinux on this machine, and no root.
 */
import type { Flavour, GuestTree, Labels } from './flavour.ts'

export const ENFORCING: Flavour = {
  packages: ['selinux-policy-default', 'policycoreutils', 'selinux-utils'],
  modules: [],
  files: [{ path: 'etc/selinux/config', content: 'SELINUX=enforcing\nSELINUXTYPE=default\n' }],
  // Debian's kernel takes AppArmor when it is not told.
  kernelParameters: ['security=selinux'],
  labelsFor,
}

/** What a machine gets of its own after the tree was looked at. */
const PERSONAL = [
  ...['rsa', 'ecdsa', 'ed25519'].flatMap((kind) => ['', '.pub'].map((end) => `/etc/ssh/ssh_host_${kind}_key${end}`)),
  ...['/etc/hostname', '/etc/hosts', '/etc/machine-id', '/lost+found'],
]

/** The label that the policy gives to each file of the tree, and to those that are still to come. */
async function labelsFor(tree: GuestTree): Promise<Labels> {
  // setfiles(8) would do it by itself, but wants /proc.
  const said = await tree.run([
    'sh',
    '-c',
    'find / -xdev -print0 | xargs -0 matchpathcon; matchpathcon "$@"',
    'sh',
    ...PERSONAL,
  ])
  const found = [...said.matchAll(/^(?<path>\/[^\t]*)\t(?<label>[^\s<]+)$/gm)]
  const labels = new Map(found.map(({ groups }) => [groups?.path ?? '', groups?.label ?? '']))
  const isWhole = labels.size > 1000 && PERSONAL.every((path) => labels.has(path))
  if (!isWhole) throw new Error(`SELinux's policy gave labels for ${labels.size} files only: ${said.slice(-300)}`)
  return labels
}
