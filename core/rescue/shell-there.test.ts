/** Boots that end in a shell which is there already: used where it is root's, and left alone where it asks for a password. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'

const log = useLog()

/** As the kernel has it for who looks from inside the disk. */
const MOUNTS = 'mkdir /proc; echo "/dev/vda1 / ext4 ro,relatime 0 0" >/proc/mounts'

const noticed = async (own: SimulatedRescue) => (await own.events('noticed')).map(({ code }) => code)
const typedTo = (own: SimulatedRescue, state: string) => own.machine.typed.filter(({ to }) => to === state)

describe.runIf(canHaveSandbox).concurrent('the shell of an initramfs', () => {
  it('is used when the root file system is mounted there: looked at, approved, changed, and the machine is up', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'initramfs' }, disk: MOUNTS })

    expect(await own.run()).toMatchObject({ outcome: 'recovered', code: 'recovered', machine: 'up' })

    expect(await own.keys()).toBe(`${own.newKey}\n`)
    expect(await own.events('noticed')).toEqual(
      expect.arrayContaining([
        { type: 'noticed', code: 'uses-shell-there', details: { saw: '(initramfs) ' } },
        { type: 'noticed', code: 'root-entered', details: { device: '/dev/vda1' } },
        { type: 'noticed', code: 'shell-reached', details: {} },
      ]),
    )
    expect(own.machine.resets).toBe(1)
    expect(await own.leftovers()).toEqual([])
  })

  it('is of no use without the root file system: what the kernel line names is told', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'initramfs', root: 'missing' } })
    const before = await own.home()

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code: 'root-not-mounted',
      details: { root: 'UUID=1f2e3d4c', said: 'there is no such device' },
      machine: 'up',
      changed: [],
    })
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('is of no use when no shell starts on the root file system', async () => {
    const temper = { edited: 'initramfs', root: 'empty' } as const
    await using own = await SimulatedRescue.requested(log(), { temper, disk: MOUNTS })

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code: 'root-without-shell',
      details: { said: expect.stringMatching(/\/bin\/sh.*No such file/) },
    })
  })

  it('is not typed to when the boot stopped for a check of the root file system', async () => {
    const chatter = 'The root filesystem on /dev/vda1 requires a manual fsck\r\n\r\n'
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'initramfs', chatter } })

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code: 'root-needs-fsck',
      details: { saw: chatter.trim(), instance: 'web-1' },
      machine: 'up',
    })
    expect(typedTo(own, 'shell')).toEqual([])
  })

  it('is used in spite of that for the check itself', async () => {
    const chatter = 'The root filesystem on /dev/vda1 requires a manual fsck\r\n\r\n'
    const image = '/var/data.img'
    const tools = `printf '#!/bin/sh\\necho DEVNAME=${image}\\necho TYPE=ext4\\n' >/usr/sbin/blkid
      printf '#!/bin/sh\\nexit 0\\n' >/usr/sbin/e2fsck; chmod +x /usr/sbin/blkid /usr/sbin/e2fsck`
    await using own = await SimulatedRescue.requested(log(), {
      playbook: { name: 'fsck', only: [image] },
      temper: { edited: 'initramfs', chatter },
      disk: `${MOUNTS}; : >${image}; ${tools}`,
    })

    expect(await own.run()).toMatchObject({ outcome: 'recovered', code: 'nothing-to-repair', machine: 'up' })

    expect(await noticed(own)).toContain('root-entered')
  })
})

describe.runIf(canHaveSandbox).concurrent('the shell of emergency mode', () => {
  it('is used when it asks for nothing but Enter', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'emergency', sulogin: 'enter' } })

    expect(await own.run()).toMatchObject({ outcome: 'recovered', machine: 'up' })

    expect(await own.keys()).toBe(`${own.newKey}\n`)
    expect(typedTo(own, 'emergency').map(({ keys }) => keys)).toEqual(['\r'])
    expect(await noticed(own)).toEqual(expect.arrayContaining(['uses-shell-there', 'shell-reached']))
    expect(await noticed(own)).not.toContain('root-entered')
  })

  it('is used when the boot loader cannot be caught', async () => {
    const temper = { grub: 'absent', normal: 'emergency', sulogin: 'enter' } as const
    await using own = await SimulatedRescue.requested(log(), { temper })
    const mended = own.machine.reaches('shell').then(() => Object.assign(own.machine.temper, { normal: 'login' }))

    const [ended] = await Promise.all([own.run(), mended])

    expect(ended).toMatchObject({ outcome: 'recovered', machine: 'up' })
    expect(own.machine.resets).toBe(3)
    expect(await own.keys()).toBe(`${own.newKey}\n`)
  })

  it.each([
    ['password', 'emergency-asks-password', 0],
    ['nothing', 'emergency-root-locked', 0],
    ['enter-first', 'emergency-asks-password', 1],
  ] as const)('is left alone when it is not root’s yet: %s', async (sulogin, code, keys) => {
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'emergency', sulogin } })
    const before = await own.home()

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code,
      details: { instance: 'web-1', saw: expect.stringMatching(/\S/) },
      machine: 'up',
      changed: [],
    })
    expect(typedTo(own, 'emergency')).toHaveLength(keys)
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })
})
