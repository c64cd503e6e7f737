import { expect, it } from 'vitest'
import { findUnmounted } from './fstab.ts'

/** Which device each path is on; paths that are not there have none. */
const DEVICES = new Map([
  ['/', '1'],
  ['/home', '1'],
  ['/home/opc', '1'],
  ['/srv', '2'],
  ['/srv/my users', '2'],
])

function unmounted(line: string, path = '/home/opc') {
  return findUnmounted(['UUID=1 / xfs defaults 0 0', line], path, (at) => DEVICES.get(at))?.mountPoint
}

it('finds the file system that should be mounted on the way', () => {
  expect(unmounted('/dev/mapper/vg-home  /home  xfs  defaults  0 0')).toBe('/home')
  expect(unmounted('nas:/opc /home/opc/ nfs _netdev 0 0')).toBe('/home/opc')
  expect(unmounted('LABEL=x /srv/my\\040users ext4 defaults', '/srv/my users/ann')).toBe('/srv/my users')
})

it('counts a mount point that is missing as not mounted', () => {
  expect(unmounted('/dev/sdb /data ext4 defaults', '/data/opc')).toBe('/data')
})

it.each([
  ['is mounted', '/dev/sdb /srv ext4 defaults', '/srv/opc'],
  ['is not on the way', '/dev/sdb /home2 ext4 defaults', '/home/opc'],
  ['is a swap space', '/swapfile none swap sw', '/home/opc'],
  ['is a comment', '#/dev/sdb /home ext4 defaults', '/home/opc'],
  ['is not mounted at boot either', '/dev/sdb /home ext4 noauto,ro', '/home/opc'],
])('passes over what %s', (_, line, path) => {
  expect(unmounted(line, path)).toBeUndefined()
})

it('does not pass over what systemd mounts when it is needed', () => {
  expect(unmounted('/dev/sdb /home ext4 noauto,x-systemd.automount')).toBe('/home')
})
