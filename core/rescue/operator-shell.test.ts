/** A root shell that people type into: each line answered in its turn, recorded, and never the end of the machine. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { APPROVER, REQUESTER, SimulatedRescue, type Wishes } from '../../test/helpers/simulated-rescue.ts'
import { newTicket } from '../base/ids.ts'
import type { EventOf } from '../record/events.ts'

const log = useLog()

/** With the shell open for lines. */
async function opened(settings: Wishes['settings'] = {}) {
  const own = await SimulatedRescue.requested(log(), { playbook: { name: 'shell' }, settings })
  const worker = own.startWorker()
  await own.approve(1)
  await own.until(({ shell }) => shell)
  return { own, worker, [Symbol.asyncDispose]: () => own[Symbol.asyncDispose]() }
}

async function send(own: SimulatedRescue, text: string, line = newTicket()): Promise<EventOf<'line-answered'>> {
  await own.append(REQUESTER, { type: 'line-sent', line, text })
  return await own.until(({ shell }) => shell?.lines.find(({ id }) => id === line)?.answer)
}

/** Sends a line of two parts, and waits until it is at the second: it says so on the disk. */
async function begin(own: SimulatedRescue, first: string, second: string) {
  await send(own, 'mount -o remount,rw /')
  const line = newTicket()
  const answer = send(own, `${first}; touch /etc/begun; ${second}`, line)
  const look = () => own.machine.disk.given('ls /etc/begun 2>&1 || true')
  await expect.poll(look, { timeout: 20_000, interval: 100 }).toBe('/etc/begun\n')
  return { line, answer }
}

const done = (own: SimulatedRescue) => own.append(REQUESTER, { type: 'shell-closed', why: 'done' })

describe.runIf(canHaveSandbox).concurrent('a root shell for people', () => {
  it('answers line after line, keeps the directory, and boots normally when they are done', async () => {
    await using scene = await opened()
    const { own, worker } = scene

    expect(await send(own, 'cd /etc/ssh; echo "$((6 * 7)) ü"')).toMatchObject({
      how: 'ended',
      exitCode: 0,
      output: '42 ü\n',
    })
    expect(await send(own, 'pwd; ls nowhere; exit 7')).toMatchObject({
      exitCode: 7,
      output: expect.stringMatching(/^\/etc\/ssh\nls: .*nowhere/),
    })
    expect(await send(own, 'touch /etc/x')).toMatchObject({ exitCode: 1, output: expect.stringContaining('Read-only') })
    expect(await send(own, 'mount -o remount,rw / && touch /etc/x && echo "it is there"')).toMatchObject({
      exitCode: 0,
    })
    await done(own)
    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'done', code: 'shell-done', machine: 'up' })
    expect(await own.machine.disk.given('ls /etc/x')).toBe('/etc/x\n')
    expect(await own.leftovers()).toEqual([])
  })

  it('hides secrets in what a line prints', async () => {
    await using scene = await opened()
    const { own } = scene

    const { output } = await send(own, 'printf "password=%s\\n" hunter2')

    expect(output).toBe('password=••••••\n')
  })

  it('gives a line that asks for input an empty one', async () => {
    await using scene = await opened()
    const { own } = scene

    expect(await send(own, 'read answer || echo "nothing to read"')).toMatchObject({ output: 'nothing to read\n' })
  })

  it('interrupts a line that never ends, tells what it has said, and takes the next one', async () => {
    await using scene = await opened({ shellLineMs: 1500 })
    const { own } = scene

    expect(await send(own, 'echo begun; sleep 1000; echo never')).toMatchObject({
      how: 'interrupted',
      output: 'begun\n',
    })
    expect(await send(own, 'echo next')).toMatchObject({ how: 'ended', output: 'next\n' })
  })

  it('interrupts a line as soon as somebody asks for it, not at its limit, and takes the next one', async () => {
    await using scene = await opened({ shellLineMs: 600_000, workLimitMs: 600_000 })
    const { own } = scene
    const { line, answer } = await begin(own, 'echo begun', 'sleep 1000; echo never')
    await own.append(APPROVER, { type: 'interrupt-asked', line })

    expect(await answer).toMatchObject({ how: 'interrupted', output: 'begun\n' })
    const { shell } = await own.state()
    expect(shell?.lines.at(-1)?.interrupt?.by).toEqual(APPROVER)
    expect(await send(own, 'echo next')).toMatchObject({ how: 'ended', output: 'next\n' })
  })

  it('lets a line that minds no Ctrl-C go on, and keeps the machine', async () => {
    await using scene = await opened()
    const { own } = scene
    const loop = 'for i in 1 2 3 4; do sleep 1; done; echo done'
    const { line, answer } = await begin(own, 'trap "echo no" INT', loop)
    await own.append(REQUESTER, { type: 'interrupt-asked', line })

    expect(await answer).toMatchObject({ output: expect.stringMatching(/no\n(?:.*\n)*done\n$/) })
    expect(await send(own, 'echo alive')).toMatchObject({ output: 'alive\n' })
  })

  it('does not interrupt a line for a wish that came when it had ended', async () => {
    await using scene = await opened()
    const { own } = scene
    const line = newTicket()
    await send(own, 'true', line)
    await own.append(REQUESTER, { type: 'interrupt-asked', line })

    expect(await send(own, 'sleep 1; echo whole')).toMatchObject({ how: 'ended', output: 'whole\n' })
    expect((await own.state()).shell?.lines.map(({ interrupt }) => interrupt)).toEqual([undefined, undefined])
  })

  it('cuts what a line prints without end', async () => {
    await using scene = await opened()
    const { own } = scene

    const { output, isCut, exitCode } = await send(own, 'seq 1 100000; exit 3')

    expect({ isCut, exitCode }).toEqual({ isCut: true, exitCode: 3 })
    expect(output.slice(0, 6)).toBe('1\n2\n3\n')
    expect(output.length).toBe(200_000)
  })

  it('does not die of a line that ends the shell it runs in', async () => {
    await using scene = await opened()
    const { own } = scene

    expect(await send(own, 'kill -9 $$; exec true; set -e; false')).toMatchObject({ how: 'ended' })
    expect(await send(own, 'echo alive')).toMatchObject({ output: 'alive\n' })
  })

  it('runs a line that is delivered twice once', async () => {
    await using scene = await opened()
    const { own } = scene
    await send(own, 'mount -o remount,rw /')
    const line = newTicket()
    await send(own, 'echo once >>/etc/x', line)

    await own.append(REQUESTER, { type: 'line-sent', line, text: 'echo once >>/etc/x' })
    await send(own, 'true')

    expect(await own.machine.disk.given('cat /etc/x')).toBe('once\n')
  })

  it('goes on over a new line when the old one has dropped meanwhile', async () => {
    await using scene = await opened()
    const { own } = scene
    await send(own, 'cd /etc')
    own.machine.pull()

    expect(await send(own, 'pwd')).toMatchObject({ output: '/etc\n', exitCode: 0 })
    expect((await own.events('noticed')).map(({ code }) => code)).toContain('line-back')
  })

  it('boots the machine normally when nobody types for a while', async () => {
    await using scene = await opened({ shellIdleMs: 300 })
    const { own, worker } = scene

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'done', code: 'shell-idle', machine: 'up' })
    expect(await own.events('shell-closed')).toEqual([{ type: 'shell-closed', why: 'idle' }])
    expect(await own.leftovers()).toEqual([])
  })

  it('can be stopped while a line runs: the machine boots normally', async () => {
    await using scene = await opened()
    const { own, worker } = scene
    await own.append(REQUESTER, { type: 'line-sent', line: newTicket(), text: 'sleep 1000' })
    await own.machine.hears(/sleep 1000/)

    await own.askToStop()
    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'stopped', machine: 'up' })
    expect(await own.leftovers()).toEqual([])
  })

  it('is gone with its worker: the next one boots the machine normally, and runs nothing again', async () => {
    await using scene = await opened()
    const { own, worker } = scene
    await send(own, 'echo one')
    worker.freeze()

    await own.startWorker('next').done
    worker.thaw()

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'worker-lost', machine: 'up' })
    expect(await own.events('line-answered')).toHaveLength(1)
    expect(worker.actsOutOfTurn).toBe(0)
    expect(await own.leftovers()).toEqual([])
  })

  it('is not opened when gate 1 is denied', async () => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name: 'shell' } })
    const worker = own.startWorker()
    await own.decide(1, 'denied')
    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'denied', machine: 'untouched' })
    expect(await own.events('shell-opened')).toEqual([])
  })
})
