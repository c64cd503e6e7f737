/** Whole rescues that go well: a simulated machine with a real shell, the real event log, people who say yes. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { KEYS, SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'
import type { RescueEvent } from '../record/events.ts'

const log = useLog()

/** Everything but the console's text, in a word or two. */
function told(event: RescueEvent): string[] {
  switch (event.type) {
    case 'console':
    case 'typed':
      return []
    case 'phase-began':
      return [`-- ${event.phase}`]
    case 'gate-opened':
      return [`gate ${event.gate}`]
    case 'decided':
      return [`${event.decision} ${event.gate}`]
    case 'owes':
      return [`owes ${event.debt.kind}`]
    case 'paid':
      return [`paid ${event.debt}`]
    case 'noticed':
      return [event.code]
    case 'saw':
      return [`saw ${event.state}`]
    case 'proved':
      return [`proved ${event.proof.kind}`]
    default:
      return [event.type]
  }
}

describe.runIf(canHaveSandbox).concurrent('a rescue that goes well', () => {
  it('tells its story in order, from the request to the last debt', async () => {
    await using own = await SimulatedRescue.requested(log())

    await own.run()

    expect((await own.entries()).flatMap(({ event }) => told(event))).toEqual([
      ...['requested', 'claimed', '-- find', 'resolved'],
      ...['-- gate-1', 'gate 1', 'approved 1'],
      ...['-- connect', 'owes console-connection', 'connection-active', 'owes maintenance'],
      ...['-- bootloader', 'saw grub-menu', 'saw grub-editor', 'kernel-line-edited'],
      ...['-- shell', 'shell-reached', '-- look'],
      ...['-- gate-2', 'gate 2', 'approved 2'],
      ...['-- apply', 'change-began', 'change-finished'],
      ...['-- boot', 'paid maintenance', 'saw login-prompt', 'proved login-prompt'],
      ...['-- prove', 'proved key-accepted', '-- clean-up', 'paid console-connection', 'ended'],
    ])
  })

  it('replaces the key, keeps the old file beside it, and leaves the machine up and nothing else behind', async () => {
    await using own = await SimulatedRescue.requested(log(), { disk: `chmod 0644 ${KEYS}` })

    const ended = await own.run()

    const backup = `${KEYS}.old-${own.id}`
    expect(ended).toMatchObject({ outcome: 'recovered', code: 'recovered', machine: 'up' })
    expect(ended.changed).toEqual([{ path: KEYS, backup }])
    expect(await own.keys()).toBe(`${own.newKey}\n`)
    expect(await own.machine.disk.given(`cat ${backup}`)).toBe(`${own.oldKey}\n`)
    expect(await own.machine.disk.given(`cd /home/opc/.ssh; stat -c '%n %a %u' . *; ls -A | wc -l`)).toBe(
      `. 700 0\nauthorized_keys 600 0\nauthorized_keys.old-${own.id} 644 0\n2\n`,
    )
    expect(own.machine).toMatchObject({ state: 'login', resets: 1, isInUse: false })
    expect(own.cloud.connections).toEqual([])
    expect((await own.state()).debts).toEqual([])
  })

  it('changes the kernel line for one boot, by appending, and boots the next time without', async () => {
    await using own = await SimulatedRescue.requested(log())

    await own.run()

    const [edited, untouched, ...more] = own.machine.kernelLines
    expect(edited).toBe(`${untouched} init=/bin/bash`)
    expect(more).toEqual([])
  })

  it('types into GRUB and into the shell only', async () => {
    await using own = await SimulatedRescue.requested(log())

    await own.run()

    expect(new Set(own.machine.typed.map(({ to }) => to))).toEqual(new Set(['grub', 'shell']))
  })

  it('opens a hidden GRUB menu', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { grub: 'hidden' } })

    expect(await own.run()).toMatchObject({ outcome: 'recovered', machine: 'up' })
    expect(own.machine.resets).toBe(1)
  })

  it('adds the key to those that are there when they shall be kept', async () => {
    await using own = await SimulatedRescue.requested(log(), { request: { keepExisting: true } })

    await own.run()

    expect(await own.keys()).toBe(`${own.oldKey}\n${own.newKey}\n`)
  })

  it('makes the file and its directory where there are none', async () => {
    await using own = await SimulatedRescue.requested(log(), { disk: `rm -r ${KEYS} /home/opc/.ssh` })

    expect((await own.run()).changed).toEqual([
      { path: '/home/opc/.ssh', backup: null },
      { path: KEYS, backup: null },
    ])
    expect(await own.keys()).toBe(`${own.newKey}\n`)
  })

  it('opens no second gate when there is nothing to change, and boots the machine again', async () => {
    await using own = await SimulatedRescue.requested(log())
    await own.machine.disk.given(`echo '${own.newKey}' >${KEYS}`)
    const worker = own.startWorker()
    await own.approve(1)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'recovered', code: 'nothing-to-change', changed: [] })
    expect((await own.state()).gates[2]).toBeUndefined()
    expect(own.machine).toMatchObject({ state: 'login', resets: 1 })
    expect(own.cloud.connections).toEqual([])
  })

  it('says so when it could not ask sshd, and is no failure', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.proof = { kind: 'sshd-not-reached', reason: 'no route' }

    expect(await own.run()).toMatchObject({ outcome: 'recovered' })
    expect((await own.state()).proofs).toContainEqual({ kind: 'sshd-not-reached', reason: 'no route' })
  })
})
