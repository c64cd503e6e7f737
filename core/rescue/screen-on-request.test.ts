/** Pictures of the screen: for whoever asks, whatever else waits meanwhile; and of what stood there when it failed. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { APPROVER, REQUESTER, SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'
import type { EventOf } from '../record/events.ts'
import { canShowScreen } from '../record/state.ts'

const log = useLog()

const ask = (own: SimulatedRescue, person = REQUESTER) => own.append(person, { type: 'screen-asked' })
const answered = (own: SimulatedRescue) => own.until(({ screenAsk }) => screenAsk?.isAnswered || undefined)
const pictures = async (own: SimulatedRescue, why: EventOf<'saw'>['why']) =>
  (await own.events('saw')).filter((event) => event.why === why)

function textOf({ picture }: EventOf<'saw'>): string {
  return (picture?.rows ?? []).map((runs) => runs.map(({ text }) => text).join('')).join('\n')
}

describe.runIf(canHaveSandbox).concurrent('the screen on request', () => {
  it('is shown at gate 2, without a key that is typed, and the rescue goes on', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    const typed = worker.typed
    own.machine.say('password=hunter2\r\n')
    await ask(own)
    await answered(own)

    const [shown] = await pictures(own, 'asked')
    expect(shown).toMatchObject({ state: expect.any(String), picture: { columns: 80 } })
    expect(textOf(shown as EventOf<'saw'>)).toMatch(/@[A-Z]{6}# /)
    expect(JSON.stringify(shown)).not.toContain('hunter2')
    expect(worker.typed).toBe(typed)
    expect(worker.actsOutOfTurn).toBe(0)
    await own.approve(2)
    await worker.done
    expect(await own.ended()).toMatchObject({ outcome: 'recovered' })
  })

  it('is shown while a line of a root shell runs', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'shell' } })
    own.startWorker()
    await own.approve(1)
    await own.until(({ shell }) => shell)
    await own.append(REQUESTER, { type: 'line-sent', line: '0123456789abcdef', text: 'sleep 1000' })
    await own.machine.hears(/sleep 1000/)
    await ask(own)

    await answered(own)

    expect(await pictures(own, 'asked')).toHaveLength(1)
    expect(await own.events('line-answered')).toEqual([])
  })

  it('is one picture for all who ask at once', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    worker.freeze()
    await ask(own)
    await ask(own, APPROVER)
    worker.thaw()
    await answered(own)
    await own.decide(2, 'denied')
    await worker.done

    expect(await pictures(own, 'asked')).toHaveLength(1)
  })

  it('can be asked for while a console is open, and only then', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.until(({ gates }) => gates[1])
    expect(canShowScreen(await own.state())).toBe(false)
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    expect(canShowScreen(await own.state())).toBe(true)
    await own.approve(2)
    await worker.done

    expect(canShowScreen(await own.state())).toBe(false)
  })

  it('is shown before the console closes, however late it was asked for', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.fails('proveKey', () => ask(own))
    await own.run()

    expect((await own.state()).screenAsk).toMatchObject({ isAnswered: true })
  })
})

describe.runIf(canHaveSandbox).concurrent('the screen at a failure', () => {
  it('is shown as it stood when it failed, before the machine is booted', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { edited: 'panic' } })
    const worker = own.startWorker()
    await own.approve(1)
    await worker.done

    const entries = (await own.entries()).map(({ event }) => event)
    const shown = entries.findIndex((event) => event.type === 'saw' && event.why === 'failed')
    const booted = entries.findIndex((event) => event.type === 'phase-began' && event.phase === 'boot')
    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'kernel-panic' })
    expect(textOf(entries[shown] as EventOf<'saw'>)).toContain('Kernel panic - not syncing')
    expect(shown).toBeLessThan(booted)
  })

  it('is shown of a machine that does not come up again afterwards', async () => {
    await using own = await SimulatedRescue.requested(log(), {
      temper: { normal: 'emergency' },
      settings: { patience: { loginMs: 2000 } },
    })
    const worker = own.startWorker()
    await own.approve(1)
    await own.decide(2, 'denied')
    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'denied', machine: 'reset' })
    const shown = await pictures(own, 'failed')
    expect(shown.map(textOf)).toEqual([expect.stringContaining('emergency mode')])
  })

  it('is not there when no console was open', async () => {
    await using own = await SimulatedRescue.requested(log(), { instance: { lifecycleState: 'STOPPED' } })
    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'failed' })
    expect(await pictures(own, 'failed')).toEqual([])
  })
})
