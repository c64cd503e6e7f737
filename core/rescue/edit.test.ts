/** A file that a person edits, from its question to the login prompt: the text comes around the log, sealed. */
import { describe, expect, it } from 'vitest'
import { useHandOver } from '../../test/helpers/hand-over.ts'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { REQUESTER, SimulatedRescue, type Wishes } from '../../test/helpers/simulated-rescue.ts'
import type { PlaybookRequest } from '../record/playbooks.ts'
import { openAsk } from '../record/state.ts'

const desk = useHandOver()
const PATH = '/etc/app.conf'

async function editing(disk: string, path = PATH, settings: Wishes['settings'] = {}): Promise<SimulatedRescue> {
  const playbook = { name: 'edit', path } as const
  const own = await SimulatedRescue.requested(desk().log, { playbook, disk, settings })
  own.cloud.takeAnswer = (place) => desk().answers.take(place)
  return own
}

/** Gives what stands there, edited so. */
async function send(own: SimulatedRescue, edited: (text: string) => string): Promise<string> {
  const ask = await own.until((state) => openAsk(state) ?? state.ended)
  if (!('file' in ask)) return ''
  const { path, text } = ask.file ?? { path: '', text: '' }
  await desk().answer(own.id, ask, REQUESTER, { text: edited(text) })
  return path
}

async function run(own: SimulatedRescue, edited: (text: string) => string) {
  const worker = own.startWorker()
  await Promise.all([own.approve(1), send(own, edited), own.approve(2), worker.done])
  return await own.ended()
}

describe.runIf(canHaveSandbox).concurrent('editing a file', () => {
  it('replaces it with what came back and was approved; its mode stays, and the old one is kept', async () => {
    await using own = await editing(`printf 'a=1\\nb=2\\n' >${PATH}; chmod 0640 ${PATH}`)

    expect(await run(own, (text) => text.replace('b=2', 'b=3'))).toMatchObject({
      outcome: 'recovered',
      code: 'edited',
      machine: 'up',
      changed: [{ path: PATH, backup: `${PATH}.old-${own.id}` }],
    })

    expect(await own.machine.disk.given(`cat ${PATH} ${PATH}.old-*; stat -c %a ${PATH}`)).toBe(
      'a=1\nb=3\na=1\nb=2\n640\n',
    )
    expect(await desk().left(own.id)).toEqual([])
    expect(await own.leftovers()).toEqual([])
  })

  it('is undone by another rescue', async () => {
    await using own = await editing(`printf 'a=1\\n' >${PATH}`)
    await run(own, () => 'a=2\n')
    const { changed } = await own.state()

    const playbook: PlaybookRequest = { name: 'undo', of: own.id, changes: [...changed] }
    await using next = await SimulatedRescue.requested(desk().log, {
      playbook,
      disk: `printf 'a=2\\n' >${PATH}; printf 'a=1\\n' >${PATH}.old-${own.id}`,
    })

    expect(await next.run()).toMatchObject({ outcome: 'recovered', code: 'undone', machine: 'up' })
    expect(await next.machine.disk.given(`cat ${PATH}`)).toBe('a=1\n')
    expect(await next.leftovers()).toEqual([])
  })

  it('keeps the line ends of the file, and how it ends', async () => {
    await using own = await editing(`printf 'a=1\\r\\nb=2' >${PATH}`)

    await run(own, () => 'a=1\nb=3\n')

    expect(await own.machine.disk.given(`cat ${PATH}`)).toBe('a=1\r\nb=3')
  })

  it('says so when nothing was changed, and opens no second gate', async () => {
    await using own = await editing(`printf 'a=1\\n' >${PATH}`)
    const worker = own.startWorker()
    await Promise.all([own.approve(1), send(own, (text) => text), worker.done])

    expect(await own.ended()).toMatchObject({ code: 'nothing-edited', machine: 'up', changed: [] })
    expect((await own.state()).gates[2]).toBeUndefined()
  })

  it('boots normally, unchanged, when nobody edits it in time', async () => {
    await using own = await editing(`printf 'a=1\\n' >${PATH}`, PATH, { gate2ExpiryMs: 300 })
    const worker = own.startWorker()
    await Promise.all([own.approve(1), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'text-not-sent', machine: 'up', changed: [] })
    expect(await own.leftovers()).toEqual([])
  })

  it('follows a link within /etc, and changes the file that it leads to', async () => {
    await using own = await editing(`mkdir /etc/real; echo a >/etc/real/app; ln -s real/app ${PATH}`)

    expect(await run(own, () => 'b\n')).toMatchObject({ changed: [{ path: '/etc/real/app' }] })
    expect(await own.machine.disk.given(`cat ${PATH}; readlink ${PATH}`)).toBe('b\nreal/app\n')
  })

  it.each([
    ['edit-secret', '/etc/shadow', 'echo root:x: >/etc/shadow'],
    ['edit-secret', '/etc/shadow-', 'echo root:x: >/etc/shadow-'],
    ['edit-secret', '/etc/ssh/ssh_host_ed25519_key', 'echo x >/etc/ssh/ssh_host_ed25519_key'],
    ['edit-secret', '/etc/tls.txt', 'echo "-----BEGIN PRIVATE KEY-----" >/etc/tls.txt'],
    ['edit-secret', PATH, `echo root:x: >/etc/shadow; ln -s shadow ${PATH}`],
    ['edit-link', PATH, `echo x >/home/opc/x; ln -s /home/opc/x ${PATH}`],
    ['edit-link', '/home/opc/x', 'echo x >/home/opc/y; ln -s y /home/opc/x'],
    ['edit-not-there', PATH, 'true'],
    ['edit-not-a-file', '/etc/ssh', 'true'],
    ['edit-not-a-file', PATH, `mkfifo ${PATH}`],
    ['edit-too-large', PATH, `head -c 70000 /dev/zero | tr '\\0' x >${PATH}`],
    ['edit-not-text', PATH, `printf 'a\\0b\\n' >${PATH}`],
    ['edit-not-text', PATH, `printf '\\377\\n' >${PATH}`],
    ['edit-not-text', PATH, `printf 'a\\r\\nb\\n' >${PATH}`],
    ['edit-long-line', PATH, `head -c 2500 /dev/zero | tr '\\0' x >${PATH}`],
  ])('refuses with %s: %s', async (code, path, disk) => {
    await using own = await editing(disk, path)
    const worker = own.startWorker()
    await Promise.all([own.approve(1), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code, machine: 'up', changed: [] })
    expect(await own.events('asked')).toEqual([])
  })
})
