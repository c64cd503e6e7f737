/** A file that a person edits, from its question to the login prompt: the text comes around the log, sealed. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { useHandOver } from '../../test/helpers/hand-over.ts'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { REQUESTER, SimulatedRescue, type Wishes } from '../../test/helpers/simulated-rescue.ts'
import { sha256 } from '../base/sha256.ts'
import { sumOf } from '../record/file-text.ts'
import type { PlaybookRequest } from '../record/playbooks.ts'
import { keptText, openAsk } from '../record/state.ts'

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
  if (!('file' in ask) || ask.file === undefined) return ''
  const { path } = ask.file
  const text = 'text' in ask.file ? ask.file.text : (keptText(await own.state(), ask.file.sha256) ?? '')
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
    ['edit-too-large', PATH, `head -c 1048577 /dev/zero | tr '\\0' x >${PATH}`],
    ['edit-not-text', PATH, `printf 'a\\0b\\n' >${PATH}`],
    ['edit-not-text', PATH, `printf '\\377\\n' >${PATH}`],
    ['edit-not-text', PATH, `printf 'a\\r\\nb\\n' >${PATH}`],
    ['edit-not-text', PATH, `seq 1 30000 >${PATH}; printf 'a\\0b\\n' >>${PATH}`],
    ['edit-secret', PATH, `seq 1 30000 >${PATH}; echo "-----BEGIN PRIVATE KEY-----" >>${PATH}`],
  ])('refuses with %s: %s', async (code, path, disk) => {
    await using own = await editing(disk, path)
    const worker = own.startWorker()
    await Promise.all([own.approve(1), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code, machine: 'up', changed: [] })
    expect(await own.events('asked')).toEqual([])
  })
})

/** Numbers, one in a line: 168,894 bytes, of which gzip leaves more than one part. */
const LONG = `seq 1 30000 >${PATH}; chmod 0640 ${PATH}`

describe.runIf(canHaveSandbox).concurrent('editing a file that is too long for a form', () => {
  it('replaces it as a short one; each text stands in the log once, and everywhere else by its sum', async () => {
    await using own = await editing(LONG)

    expect(await run(own, (text) => text.replace('\n15000\n', '\nfifteen thousand\n'))).toMatchObject({
      ...{ outcome: 'recovered', code: 'edited', machine: 'up' },
      changed: [{ path: PATH, backup: `${PATH}.old-${own.id}` }],
    })

    const differs = `diff ${PATH}.old-${own.id} ${PATH} | grep '^[<>]'; stat -c %a ${PATH}; ls ${PATH}*`
    expect(await own.machine.disk.given(differs)).toBe(
      `< 15000\n> fifteen thousand\n640\n${PATH}\n${PATH}.old-${own.id}\n`,
    )
    const kept = await own.events('text-kept')
    expect(kept.map(({ text }) => text.length)).toEqual([168_894, 168_905])
    const others = (await own.entries()).filter(({ event }) => !['text-kept', 'console', 'typed'].includes(event.type))
    for (const entry of others) expect(JSON.stringify(entry).length, entry.event.type).toBeLessThan(20_000)
    const [gate] = await own.events('gate-opened').then((gates) => gates.filter(({ plan }) => plan.gate === 2))
    expect(gate?.plan).toMatchObject({
      changes: [{ before: sumOf(kept[0]?.text ?? ''), after: sumOf(kept[1]?.text ?? '') }],
    })
    expect(await desk().left(own.id)).toEqual([])
    expect(await own.leftovers()).toEqual([])
  })

  it('says how much of it has come, and how long the rest will take', async () => {
    await using own = await editing(LONG)
    await run(own, (text) => text.replace('15000', 'x'))

    const transfers = await own.events('transferring')
    expect(transfers.at(0)).toMatchObject({ way: 'from-machine', path: PATH, done: 0 })
    expect(transfers.at(0)?.secondsLeft).toBeGreaterThan(0)
    expect(transfers.at(-1)).toMatchObject({ way: 'from-machine', done: transfers[0]?.all, secondsLeft: 0 })
    expect(transfers.length).toBeGreaterThan(2)
  })

  it('does so for what is sent, too, when much of it is new', async () => {
    await using own = await editing(LONG)
    const text = Array.from({ length: 12_000 }, () => randomUUID()).join('\n')
    expect(await run(own, () => text)).toMatchObject({ code: 'edited' })

    const sent = (await own.events('transferring')).filter(({ way }) => way === 'to-machine')
    expect(sent.at(-1)).toMatchObject({ done: sent[0]?.all })
    expect(await own.machine.disk.given(`sha256sum <${PATH}`)).toContain(sha256(`${text}\n`))
    expect(await own.leftovers()).toEqual([])
  })

  it('takes a short file with a line that no input of a form holds the same way', async () => {
    await using own = await editing(`head -c 2500 /dev/zero | tr '\\0' x >${PATH}; echo >>${PATH}`)

    expect(await run(own, (text) => `${text}more\n`)).toMatchObject({ code: 'edited' })
    expect(await own.machine.disk.given(`tail -n 1 ${PATH}`)).toBe('more\n')
  })

  it('refuses when the file is another one by the time that it is approved', async () => {
    await using own = await editing(LONG)
    const worker = own.startWorker()
    await Promise.all([own.approve(1), send(own, (text) => `${text}more\n`)])
    await own.until(({ gates }) => gates[2])
    await own.machine.disk.given(`mount -o remount,rw / 2>/dev/null; sed -i 's/^15000$/x/' ${PATH}`)
    await Promise.all([own.approve(2), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'file-changed', changed: [], machine: 'up' })
    expect(await own.machine.disk.given(`ls ${PATH}*`)).toBe(`${PATH}\n`)
  })

  it.each([
    ['edit-secret', (text: string) => `${text}-----BEGIN OPENSSH PRIVATE KEY-----\n`],
    ['edit-not-text', (text: string) => `${text}\u0007\n`],
    ['edit-too-large', () => 'ä\n'.repeat(400_000)],
  ])('does not take what a file must not be: %s', async (code, edited) => {
    await using own = await editing(LONG)
    const worker = own.startWorker()
    await Promise.all([own.approve(1), send(own, edited), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code, machine: 'up', changed: [] })
    expect(await own.events('text-kept')).toHaveLength(1)
  })

  it('is undone out of its backup: nothing of the text goes over the line again, and people see the difference', async () => {
    await using own = await editing(LONG)
    await run(own, (text) => text.replace('\n15000\n', '\nx\n'))
    const playbook: PlaybookRequest = { name: 'undo', of: own.id, changes: [...(await own.state()).changed] }
    const disk = `${LONG}; mv ${PATH} ${PATH}.old-${own.id}; sed 's/^15000$/x/' ${PATH}.old-${own.id} >${PATH}`

    await using next = await SimulatedRescue.requested(desk().log, { playbook, disk })
    expect(await next.run()).toMatchObject({ outcome: 'recovered', code: 'undone', machine: 'up' })

    expect(await next.machine.disk.given(`sed -n 15000p ${PATH}; stat -c %a ${PATH}; ls ${PATH}* | wc -l`)).toBe(
      '15000\n640\n3\n',
    )
    expect((await next.events('text-kept')).map(({ text }) => text.length)).toEqual([168_890, 168_894])
    expect(await next.events('transferring')).toEqual([])
    expect(await next.leftovers()).toEqual([])
  })
})
