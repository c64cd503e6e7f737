/** The stories that repair nothing: what each does to the world, what it leaves, and how it ends. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { newKey, SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'
import { RescueError } from '../base/errors.ts'
import type { EventLog } from '../record/log.ts'

const log = useLog()

/** The log, and every event as it is given to it: a reader would not see fields that it does not know. */
function listening(to: EventLog, written: string[]): EventLog {
  return {
    read: (rescue, after) => to.read(rescue, after),
    grown: (rescue, after, signal) => to.grown(rescue, after, signal),
    epoch: (rescue) => to.epoch(rescue),
    lockedBy: (instanceId) => to.lockedBy(instanceId),
    live: () => to.live(),
    append: (rescue, draft, conditions) => {
      written.push(JSON.stringify(draft.event))
      return to.append(rescue, draft, conditions)
    },
  }
}

/** In systemd's words, from the kernel on. */
const BROKEN_FSTAB = [
  '[    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)',
  '[    1.200000] systemd[1]: Detected virtualization kvm.',
  '[   92.000000] systemd[1]: dev-disk-by\\x2duuid-dead.device: Job dev-disk-by\\x2duuid-dead.device/start timed out.',
  '[ TIME ] Timed out waiting for device /dev/disk/by-uuid/dead.',
  '[DEPEND] Dependency failed for /data.',
  '[DEPEND] Dependency failed for Local File Systems.',
  'You are in emergency mode. After logging in, type "journalctl -xb" to view',
  'Give root password for maintenance',
  '(or press Control-D to continue): ',
].join('\r\n')

describe.runIf(canHaveSandbox)('a diagnosis', () => {
  it('is made from the history alone when that explains it: no gate, no downtime, no connection', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'diagnose' } })
    own.cloud.history = BROKEN_FSTAB
    const worker = own.startWorker()

    expect(await own.ended()).toMatchObject({ outcome: 'done', code: 'diagnosed', machine: 'untouched', changed: [] })
    await worker.done
    const [diagnosed] = await own.events('diagnosed')
    expect(diagnosed?.source).toBe('history')
    expect(diagnosed?.diagnosis.findings[0]).toMatchObject({ class: 'fstab-missing-device', playbook: 'fstab' })
    expect(own.cloud.asked).toEqual(['findInstances', 'captureHistory', 'captured', 'deleteConsoleHistories'])
    expect(await own.leftovers()).toEqual([])
  })

  it('offers a watched reboot when the history explains nothing, and reads that boot', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'diagnose' } })
    own.cloud.history = ''
    const worker = own.startWorker()
    await own.approve(1)
    const ended = await own.ended()
    await worker.done

    expect(ended).toMatchObject({ outcome: 'done', changed: [] })
    expect((await own.events('diagnosed')).map(({ source }) => source)).toEqual(['history', 'boot'])
    expect(await own.leftovers()).toEqual([])
  })

  it('hears what fails behind the login prompt', async () => {
    const settings = { patience: { afterLoginQuietMs: 3000 } }
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'diagnose' }, settings })
    own.cloud.history = ''
    const failed = own.machine
      .reaches('kernel')
      .then(() => own.machine.reaches('login'))
      .then(() => sleep(500))
      .then(() => own.machine.say('\r\n[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.\r\n'))
    const worker = own.startWorker()
    await own.approve(1)

    expect(await own.ended()).toMatchObject({ outcome: 'done', code: 'diagnosed', details: { class: 'sshd-failed' } })
    await Promise.all([failed, worker.done])
  })

  it('does not reboot what nobody lets it reboot', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'diagnose' } })
    own.cloud.history = ''
    const worker = own.startWorker()
    await own.decide(1, 'denied')

    expect(await own.ended()).toMatchObject({ outcome: 'denied', machine: 'untouched' })
    await worker.done
    expect(own.cloud.asked).toEqual(['findInstances', 'captureHistory', 'captured', 'deleteConsoleHistories'])
  })

  it('lets nothing of an earlier boot past the masks either, in what is written and not only in what is read', async () => {
    const written: string[] = []
    await using own = await SimulatedRescue.requested(listening(log(), written), { playbook: { name: 'diagnose' } })
    own.cloud.history = [
      '[    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)',
      '[    2.000000] Kernel panic - not syncing: password=hunter2hunter2',
      '[    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)',
    ].join('\r\n')
    const worker = own.startWorker()
    await own.decide(1, 'denied')
    await worker.done

    expect(written.some((event) => event.includes('"diagnosed"'))).toBe(true)
    expect(written.join('\n')).not.toContain('hunter2')
  })

  it('masks what it quotes', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'diagnose' } })
    own.cloud.history = `${BROKEN_FSTAB}\r\npassword=hunter2hunter2`
    await own.startWorker().done

    expect(JSON.stringify(await own.entries())).not.toContain('hunter2')
  })
})

describe.runIf(canHaveSandbox)('a history', () => {
  it('is posted whole and masked, with the diagnosis above it', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'history' } })
    own.cloud.history = `${BROKEN_FSTAB}
Authorization: Bearer abcdefghijklmnop`
    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'done', code: 'history-captured', machine: 'untouched' })
    const [history] = await own.events('history')
    expect(history?.text).toContain('Linux version')
    expect(history?.text).not.toContain('abcdefghijklmnop')
    expect(await own.events('diagnosed')).toHaveLength(1)
    expect(await own.leftovers()).toEqual([])
  })

  it('is deleted in OCI also when it could not be read', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'history' } })
    own.cloud.fails('captured', new RescueError('cloud', 'history-slow', 'OCI takes its time'))
    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'history-slow', machine: 'untouched' })
    expect(await own.leftovers()).toEqual([])
  })

  it('that can not be deleted is named in the ending, and what it said stands in the thread all the same', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'history' } })
    own.cloud.history = BROKEN_FSTAB
    const refusal = new RescueError('operator', 'oci-not-found-or-not-authorized', 'OCI says no')
    own.cloud.fails('deleteConsoleHistories', refusal, 50)
    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ code: 'debts-left', details: { owed: 'console-history' } })
    expect(await own.events('history')).toHaveLength(1)
    expect(await own.leftovers()).toEqual(['owes console-history', 'a console history'])
  })
})

describe.runIf(canHaveSandbox)('a screenshot', () => {
  it('is taken over a connection of its own, which is gone afterwards', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'screenshot' } })
    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'done', machine: 'untouched' })
    expect(await own.events('screenshot')).toHaveLength(1)
    expect(own.cloud.asked).not.toContain('openSerial')
    expect(await own.leftovers()).toEqual([])
  })
})

describe.runIf(canHaveSandbox)('a reboot', () => {
  it.each(['hard', 'graceful'] as const)(
    '(%s) is approved, watched to a login prompt, and types nothing',
    async (how) => {
      await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'reboot', how } })
      const worker = own.startWorker()
      await own.approve(1)

      expect(await own.ended()).toMatchObject({ outcome: 'done', code: 'rebooted', machine: 'up' })
      await worker.done
      expect(await own.events('typed')).toEqual([])
      expect(await own.leftovers()).toEqual([])
    },
  )

  it('is not done when it is denied', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'reboot', how: 'hard' } })
    const worker = own.startWorker()
    await own.decide(1, 'denied')

    expect(await own.ended()).toMatchObject({ outcome: 'denied', machine: 'untouched' })
    await worker.done
    expect(own.cloud.asked).toEqual(['findInstances'])
  })
})

describe.runIf(canHaveSandbox)('a diagnostic interrupt', () => {
  it('is sent, and what the machine says of it stands in the log', async () => {
    await using own = await SimulatedRescue.requested(log(), {
      playbook: { name: 'interrupt' },
      settings: { patience: { interruptMs: 1500 } },
    })
    const worker = own.startWorker()
    await own.approve(1)

    expect(await own.ended()).toMatchObject({ outcome: 'done', code: 'interrupted' })
    await worker.done
    const said = (await own.events('console')).flatMap(({ rows }) => rows).join('\n')
    expect(said).toContain('NMI received')
    expect(await own.leftovers()).toEqual([])
  })
})

describe.runIf(canHaveSandbox)('a console that is handed out', () => {
  const connect = { name: 'connect', publicKey: newKey('riya'), minutes: 60 } as const

  it('stays until somebody ends it, and is deleted then', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: connect })
    const worker = own.startWorker()
    await own.approve(1)
    const handedOut = await own.until((state) => state.handedOut)
    expect(own.cloud.connections).toHaveLength(1)
    expect(handedOut.connectionString).toContain('ProxyCommand')
    await own.askToStop()

    expect(await own.ended()).toMatchObject({ outcome: 'stopped', machine: 'untouched' })
    await worker.done
    expect(await own.leftovers()).toEqual([])
  })

  it('is left alone by a worker that takes over, until its time is over', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: connect })
    const first = own.startWorker()
    await own.approve(1)
    await own.until((state) => state.handedOut)
    first.freeze()
    const second = own.startWorker('worker-2')
    await own.until(({ epoch }) => (epoch === 2 ? true : undefined))
    expect(own.cloud.connections).toHaveLength(1)
    await own.askToStop()

    expect(await own.ended()).toMatchObject({ outcome: 'stopped' })
    await second.done
    expect(await own.leftovers()).toEqual([])
  })
})
