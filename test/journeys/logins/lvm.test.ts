/**
 * A machine with Oracle Linux's own layout: its root is on XFS on LVM, and so is its /usr, and /boot is a partition of
 * its own. What a repair needs of them is mounted, and writable only for the change.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { versionAfter, withNewerKernel } from '../../../deploy/local/machines/break/boot.ts'
import { cacheFolder } from '../../../deploy/local/machines/cache.ts'
import { lvmMachine } from '../../../deploy/local/machines/images.ts'
import { type BrokenJourney, diagnoseInVain, expectRepaired, startBroken } from '../broken-journey.ts'
import { editFile } from '../people.ts'

const never = new AbortController().signal
const GRUB_CONFIG = '/boot/grub/grub.cfg'
let journey: BrokenJourney

beforeAll(async () => {
  const base = await lvmMachine(cacheFolder(process.env), (line) => console.log(line), never)
  journey = await startBroken('lost-key', { hasKey: false, base })
})
afterAll(() => journey[Symbol.asyncDispose]())

it('lets opc in with a new key', async () => {
  await diagnoseInVain(journey, 'lvm-1')
  await expect(journey.logIn()).rejects.toThrow('Permission denied')

  const { events } = await journey.command('replace-key lvm-1')

  expectRepaired(journey, events)
  expect((await journey.logIn(['cut -d" " -f-3 /proc/mounts'])).split('\n')).toEqual(
    expect.arrayContaining([
      '/dev/mapper/ocivolume-root / xfs',
      '/dev/mapper/ocivolume-usr /usr xfs',
      '/dev/vda1 /boot ext4',
    ]),
  )
})

it('makes the kernel before the default in the environment block on /boot', async () => {
  const version = (await journey.logIn(['uname', '-r'])).trim()
  const newest = versionAfter(version)
  const config = withNewerKernel(await journey.logIn(['cat', GRUB_CONFIG]), version, newest)
  const initrd = '/boot/initrd.img'
  await journey.logIn([
    `sudo cp ${initrd}-${version} ${initrd}-${newest} && sudo touch /boot/vmlinuz-${newest} &&`,
    `echo ${Buffer.from(config).toString('base64')} | base64 -d | sudo tee ${GRUB_CONFIG} >/dev/null && sync`,
  ])

  const { events } = await journey.command('kernel lvm-1')

  expectRepaired(journey, events)
  expect((await journey.logIn(['uname', '-r'])).trim()).toBe(version)
  expect(await journey.logIn(['cat', '/boot/grub/grubenv'])).toMatch(
    new RegExp(`^saved_entry=gnulinux-advanced-\\S+>gnulinux-${version}-advanced-`, 'm'),
  )
})

it('starts an sshd again with the help of the one on /usr', async () => {
  await journey.logIn(['echo PermitRootLogn no | sudo tee -a /etc/ssh/sshd_config && sync'])

  const { events } = await journey.command('sshd lvm-1')

  expectRepaired(journey, events)
  expect(await journey.logIn(['grep', 'PermitRootLogn', '/etc/ssh/sshd_config'])).toMatch(/^#/)
})

it('mounts all of it from the shell of an initramfs that was told to stop', async () => {
  await journey.logIn([`sudo sed -i 's/ ro / ro break=mount /' ${GRUB_CONFIG} && sync`])

  const { events } = await journey.command(`edit lvm-1 ${GRUB_CONFIG}`, (played) =>
    editFile(journey.running, played, (text) => text.replaceAll(' break=mount', '')),
  )

  expectRepaired(journey, events)
  expect(events.map(({ event }) => event)).toContainEqual({
    type: 'noticed',
    code: 'root-entered',
    details: { device: '/dev/mapper/ocivolume-root' },
  })
  await journey.logIn()
})
