/** Machines that do not do what a rescue hopes for, from the boot loader to the user's home. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { KEYS, SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'

const log = useLog()

describe.runIf(canHaveSandbox).concurrent('a boot loader', () => {
  it('that never shows: is waited for three times, then left alone, and the machine is up', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { grub: 'absent' } })
    const before = await own.home()

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code: 'grub-not-seen',
      details: { saw: 'kernel' },
      machine: 'up',
      changed: [],
    })
    expect(own.machine.resets).toBe(3)
    // The last time one Escape is sent ahead, while the firmware says that it starts the boot loader.
    // The kernel may have begun when it comes.
    const early = own.machine.typed.filter(({ to, keys }) => /^(?:firmware|kernel)$/.test(to) && keys === '\u001b')
    expect(own.machine.typed).toEqual(early.slice(0, 1))
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('that was missed once is caught the next time, after the boot that was missed has come to its end', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { grub: 'absent' } })
    const missed = own.machine.reaches('kernel').then(() => Object.assign(own.machine.temper, { grub: 'menu' }))
    const states: string[] = []
    own.machine.onState = (state) => states.push(state)

    const [ended] = await Promise.all([own.run(), missed])

    expect(ended).toMatchObject({ outcome: 'recovered', machine: 'up' })
    expect(own.machine.resets).toBe(2)
    expect(states.slice(0, 6)).toEqual(['off', 'firmware', 'kernel', 'login', 'off', 'firmware'])
    expect(await own.events('noticed')).toContainEqual({
      type: 'noticed',
      code: 'resetting-again',
      details: { saw: 'kernel', attempt: '1', attempts: '3' },
    })
  })

  it('on a machine that says nothing at all: ends, and does not claim that the machine is up', async () => {
    const patience = { grubMs: 100, orderMs: 100, signOfBootMs: 100, betweenTriesMs: [], settleMs: 10_000 }
    await using own = await SimulatedRescue.requested(log(), { temper: { grub: 'mute' }, settings: { patience } })

    expect(await own.run()).toMatchObject({ code: 'grub-not-seen', details: { saw: 'silent' }, machine: 'reset' })
    expect(await own.events('noticed')).toContainEqual({
      type: 'noticed',
      code: 'boot-not-seen',
      details: { cause: 'nothing-appeared' },
    })
    expect(own.cloud.connections).toEqual([])
  })
})

describe.runIf(canHaveSandbox).concurrent('a kernel', () => {
  it('that panics with the edited line: its words are in the ending, and the machine boots normally', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'panic' } })

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code: 'kernel-panic',
      details: { reason: 'Attempted to kill init! exitcode=0x00007f00' },
      machine: 'up',
      screen: expect.arrayContaining([expect.stringContaining('Kernel panic - not syncing: Attempted to kill init!')]),
    })
    expect(own.machine.resets).toBe(2)
    expect(await own.leftovers()).toEqual([])
  })

  it('that starts the system in spite of the edited line: ends at once, without one more reset', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'ignored' } })

    expect(await own.run()).toMatchObject({ outcome: 'failed', code: 'no-maintenance-shell', machine: 'up' })
    expect(own.machine.resets).toBe(1)
    expect(own.machine.typed.every(({ to }) => to === 'grub')).toBe(true)
    expect(await own.leftovers()).toEqual([])
  })

  it('that comes to nothing: is given up in time', async () => {
    const patience = { grubMs: 10_000, shellMs: 100, orderMs: 5_000, loginMs: 10_000 }
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'stuck' }, settings: { patience } })

    expect(await own.run()).toMatchObject({ outcome: 'failed', code: 'nothing-appeared', machine: 'up' })
    expect(await own.leftovers()).toEqual([])
  })
})

describe.runIf(canHaveSandbox).concurrent('a system', () => {
  it('that comes up in emergency mode after the change: is tried once more, and not called up', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { normal: 'emergency' } })

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code: 'emergency',
      machine: 'reset',
      changed: [{ path: KEYS, backup: `${KEYS}.old-${own.id}` }],
      screen: expect.arrayContaining(['(or press Control-D to continue):']),
    })
    expect(own.machine.resets).toBe(2)
    expect((await own.state()).proofs).toEqual([])
    expect(own.machine.typed.every(({ to }) => to === 'grub' || to === 'shell')).toBe(true)
    expect(own.cloud.connections).toEqual([])
  })

  it('that never shows a login prompt: is given up in time, and nobody says that it is up', async () => {
    const settings = { patience: { loginMs: 1_000 } }
    await using own = await SimulatedRescue.requested(log(), { temper: { normal: 'stuck' }, settings })

    expect(await own.run()).toMatchObject({ outcome: 'failed', code: 'nothing-appeared', machine: 'reset' })
    expect((await own.state()).debts).toEqual([])
    expect(own.cloud.connections).toEqual([])
  })

  it('whose work takes longer than its limit: is ended, and booted normally', async () => {
    const settings = { workLimitMs: 3000 }
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'stuck' }, settings })

    expect(await own.run()).toMatchObject({ outcome: 'failed', code: 'time-limit', machine: 'up', changed: [] })
    expect(await own.leftovers()).toEqual([])
  })
})

describe.runIf(canHaveSandbox).concurrent('a disk', () => {
  it.each([
    ['without the user', { request: { user: 'oracle' } }, 'user-not-found', { user: 'oracle' }],
    ['without the user’s home', { disk: 'rm -r /home/opc' }, 'user-without-home', { user: 'opc', home: '/home/opc' }],
    ['with a link in the place of the file', { disk: `ln -sf /etc/passwd ${KEYS}` }, 'unsafe-path', { path: KEYS }],
  ])('%s: is left as it was, and the machine boots normally', async (_, wishes, code, details) => {
    await using own = await SimulatedRescue.requested(log(), wishes)
    const before = await own.machine.disk.given('ls -lR /home /etc')

    expect(await own.run()).toMatchObject({ outcome: 'failed', code, details, machine: 'up', changed: [] })
    expect(await own.machine.disk.given('ls -lR /home /etc')).toBe(before)
    expect((await own.state()).gates[2]).toBeUndefined()
    expect(await own.leftovers()).toEqual([])
  })

  it('that is full when the change is made: says so, with the old file in its place', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    await own.machine.disk.given('mount -o remount,rw /; head -c 8M /dev/zero >/var/full || mount -o remount,ro /')
    const before = await own.home()
    await own.approve(2)

    await worker.done

    expect(await own.ended()).toMatchObject({
      outcome: 'failed',
      code: 'cannot-write',
      details: { reason: 'full', notChanged: KEYS, inDoubt: '' },
      machine: 'up',
      changed: [],
    })
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })
})
