import { expect, it } from 'vitest'
import { deviceName } from './device-name.ts'

it.each([
  ['dev-disk-by\\x2duuid-9a8b\\x2d7c6d.device', 'UUID=9a8b-7c6d'],
  ['dev-sdb1.device - /dev/sdb1', '/dev/sdb1'],
  ['dev-disk-by\\x2dlabel-my\\x20data.device', 'LABEL=my data'],
  ['/dev/disk/by-partuuid/11aa-22bb', 'PARTUUID=11aa-22bb'],
  ['dev-mapper-vg0\\x2droot.device', '/dev/mapper/vg0-root'],
  ['dev-di…7c6d.device - /dev/disk/by-label/dracut.', 'LABEL=dracut'],
  ['dev-di...2d8e26.device', 'dev-di...2d8e26'],
  ['\\x2fdev\\x2fdisk\\x2fby-uuid\\x2f9a8b-7c6d', 'UUID=9a8b-7c6d'],
  ['UUID=9a8b', 'UUID=9a8b'],
  ['dm-0', 'dm-0'],
])('calls %s what fstab calls it', (name, called) => {
  expect(deviceName(name)).toBe(called)
})
