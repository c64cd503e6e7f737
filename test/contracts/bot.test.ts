/** The bot as production runs it, against Slack's rules and a real Redis; the worker is scripted, the log is not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change } from '../../core/record/changes.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { askForKey, says, untilWhispered } from '../helpers/asking.ts'
import {
  APPROVER,
  type BotProcess,
  CHANNEL,
  type Office,
  OUTSIDER,
  openOffice,
  REQUESTER,
  startBot,
} from '../helpers/bot.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import { INSTANCE, KEYS_FILE, ScriptedWorker } from '../helpers/scripted-rescue.ts'

let office: Office
let bot: BotProcess
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice())
  bot = await startBot(office.environment)
  parts.defer(() => bot.kill())
})
afterAll(() => parts.disposeAsync())

const soon = () => AbortSignal.timeout(30_000)
const person = (id: string) => office.slack.person(id)

const ask = (instance: string) => askForKey(office, instance)

function reply(card: Message, words: string | RegExp, description = `a reply with ${words}`): Promise<Message> {
  return person(APPROVER).until(
    description,
    (sight) => sight.thread(CHANNEL, card.ts).find((message) => says(message, words)),
    soon(),
  )
}

/** Presses Deny; the form asks why. */
async function denial(user: string, ts: string) {
  await person(user).click(CHANNEL, ts, 'deny')
  return await person(user).until('the form that asks why', (sight) => sight.views().at(-1), soon())
}

const whispered = (user: string, words: string | RegExp) => untilWhispered(office, user, words)

describe('commands', () => {
  it('answers help, and what it does not know', async () => {
    const olga = person(OUTSIDER)
    await olga.command(CHANNEL, '/oci-rescue help')
    await whispered(OUTSIDER, 'replace-key &lt;instance')
    await olga.command(CHANNEL, '/oci-rescue revive <!channel>')
    await whispered(OUTSIDER, 'There is no command `revive`')
    await olga.command(CHANNEL, '/oci-rescue diagonse web-1')
    await whispered(OUTSIDER, 'Did you mean `/oci-rescue diagnose`?')
    const askForOne = async (typed: string, about: string) => {
      await olga.command(CHANNEL, typed)
      await olga.until(
        'the help for one command',
        (sight) => sight.ephemerals(CHANNEL).find((message) => says(message, about) && !says(message, 'replace-key')),
        soon(),
      )
    }
    await askForOne('/oci-rescue help fsck', 'mends damaged file systems')
    // No rescue of an instance of that name.
    await askForOne('/oci-rescue fstab --help', 'without file systems that are missing')
    await askForOne('/oci-rescue kernel web-1 --help', 'boots the previous kernel')
  })

  it('answers in the language of whoever asks', async () => {
    await person('U0HARUKA').command(CHANNEL, '/oci-rescue help')
    await whispered('U0HARUKA', '誰もログインできない')
    await person('U0HARUKA').command(CHANNEL, '/oci-rescue replace-key web-1')
    await whispered('U0HARUKA', '開始できる人の一覧にあなたが含まれていません')
  })

  it('refuses those who may not ask, and says whom to ask', async () => {
    await person(APPROVER).command(CHANNEL, '/oci-rescue replace-key web-1')
    await whispered(APPROVER, 'not on the list of people who may start a rescue')
    expect(person(APPROVER).views()).toEqual([])
  })

  it('refuses user names that are none before it opens a form', async () => {
    await person(REQUESTER).command(CHANNEL, '/oci-rescue replace-key web-1 0day;reboot')
    await whispered(REQUESTER, 'is not a user name')
  })

  it('is answered while Slack has one of its connections made anew', async () => {
    const { unacknowledged, sockets } = office.slack.statistics()
    expect(sockets).toBe(2)
    office.slack.refreshConnection()
    await expect.poll(() => office.slack.statistics().sockets, { interval: 5 }).toBe(1)
    for (let command = 0; command < 10; command += 1) {
      expect(await person(OUTSIDER).command(CHANNEL, '/oci-rescue status')).toMatchObject({ kind: 'done' })
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(office.slack.statistics()).toMatchObject({ unacknowledged, sockets: 2 })
  })

  it.each([
    ['stop R-000000 now', '`now`', '`stop &lt;rescue&gt;` stops one'],
    ['status of web-1', '`of web-1`', '`status` lists what is under way'],
    ['shell web-1 uptime -p', '`uptime -p`', 'type lines as root'],
    ['sudoers web-1 opc', '`opc`', 'repairs sudo'],
    ['reboot web-1 fast', '`fast`', '[hard]` reboots it'],
    ['connect web-1 hourly', '`hourly`', 'for your own key'],
  ])('begins nothing for %s, and says what it can not use', async (typed, said, usage) => {
    const before = await office.log.live()

    await person(REQUESTER).command(CHANNEL, `/oci-rescue ${typed}`)

    const answer = await whispered(REQUESTER, `I do not understand ${said} here, so nothing was done`)
    expect(JSON.stringify(answer.blocks)).toContain(usage)
    expect(await office.log.live()).toEqual(before)
    expect(person(REQUESTER).views()).toEqual([])
  })

  it('knows no rescue that is not there', async () => {
    await person(REQUESTER).command(CHANNEL, '/oci-rescue stop r-zzzzzz')
    await whispered(REQUESTER, 'There is no rescue `R-ZZZZZZ` under way')
  })
})

describe('the form', () => {
  it('refuses a private key, and neither stores nor logs it', async () => {
    const riya = person(REQUESTER)
    const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ'
    await riya.command(CHANNEL, '/oci-rescue replace-key web-1 opc')
    const form = await riya.until('the form', (sight) => sight.views().at(-1), soon())

    const answer = await riya.submit(form.id, { key: `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}` })

    expect(answer).toMatchObject({ kind: 'errors', errors: { key: expect.stringContaining('consider it burned') } })
    expect(bot.log()).not.toContain(secret)
    expect(await office.log.live()).toEqual([])
    await riya.closeView(form.id)
  })
})

describe('a rescue', () => {
  it('is told in its thread from the request to the recording, with no answer of 429', async () => {
    const old = makePublicKey('old@laptop')
    const { card, rescue } = await ask('web-1')
    const worker = await ScriptedWorker.claim(office.log, rescue, soon())
    await worker.find()
    const first = worker.gate(worker.requestPlan())
    const gate1 = await reply(card, '"action_id":"approve"')
    expect(gate1.text).toContain('may web-1 go down')
    await person(APPROVER).click(CHANNEL, gate1.ts, 'approve')
    expect(await first).toBe('approved')
    await reply(card, /Approved by <@U0APPROVER>.*today|Approved by <@U0APPROVER>/)

    await worker.reachShell()
    const plan = worker.changePlan(`${old.line}\n`)
    const second = worker.gate(plan)
    const gate2 = await reply(card, old.fingerprint)
    expect(says(gate2, 'AAAA')).toBe(false)
    await person(APPROVER).click(CHANNEL, gate2.ts, 'approve')
    expect(await second).toBe('approved')

    await worker.apply(plan)
    await worker.bootNormally()
    await worker.prove()
    await worker.cleanUp()
    await worker.append({
      type: 'ended',
      outcome: 'recovered',
      code: 'recovered',
      details: {},
      machine: 'up',
      changed: [{ path: KEYS_FILE, backup: backupOf(plan.changes) }],
    })
    const recording = await person(APPROVER).until(
      'the recording',
      (sight) => sight.thread(CHANNEL, card.ts).find(({ files }) => files?.some(({ name }) => name.endsWith('.cast'))),
      soon(),
    )

    const thread = office.slack.thread(CHANNEL, card.ts)
    expect(thread.filter(({ blocks }) => JSON.stringify(blocks ?? []).includes('rich_text_preformatted'))).toHaveLength(
      4,
    )
    expect(thread.flatMap(({ files }) => files ?? []).map(({ name }) => name.replace(rescue, 'R'))).toEqual([
      'R-screen-15.png',
      'R-console.log',
      'R-console.cast',
    ])
    const transcript = office.slack.file(recording.files?.[0]?.id ?? '')
    expect(Buffer.from(transcript?.bytes ?? []).toString()).toContain('GNU GRUB')
    await person(APPROVER).until(
      'the end on the card',
      (sight) => {
        const parent = sight.thread(CHANNEL, card.ts)[0]
        return parent !== undefined && says(parent, 'Recovered') && !says(parent, '"action_id":"stop"')
      },
      soon(),
    )
    expect(office.slack.statistics()).toMatchObject({ rateLimited: 0, refusals: {}, unacknowledged: 0 })
  })

  it('takes one decision, from one who may, and tells the others why theirs was none', async () => {
    const { card, rescue } = await ask('db-1')
    const worker = await ScriptedWorker.claim(office.log, rescue, soon())
    await worker.find({ ...INSTANCE, id: `${INSTANCE.id}-db`, name: 'db-1' })
    const gate = worker.gate(worker.requestPlan())
    const message = await reply(card, '"action_id":"approve"')

    await person(OUTSIDER).click(CHANNEL, message.ts, 'approve')
    await whispered(OUTSIDER, 'not on the list of people who may approve')
    await person(REQUESTER).click(CHANNEL, message.ts, 'approve')
    await whispered(REQUESTER, 'not on the list of people who may approve')
    await person(OUTSIDER).click(CHANNEL, message.ts, 'deny')
    expect(person(OUTSIDER).views()).toEqual([])
    const form = await denial(REQUESTER, message.ts)
    expect(worker.state.gates[1]?.decision).toBeUndefined()
    const [, denied] = await Promise.all([
      person(APPROVER).click(CHANNEL, message.ts, 'approve'),
      person(REQUESTER).submit(form.id, { reason: 'I have found <!channel> the key.' }),
    ])

    const decision = await gate
    if (decision === 'approved') {
      expect(JSON.stringify(denied)).toContain('This was approved by')
      await person(REQUESTER).closeView(form.id)
    } else await whispered(APPROVER, 'This was denied by')
    await reply(card, decision === 'approved' ? 'Approved by' : 'I have found &lt;!channel&gt; the key.')
    const { entries } = await office.log.read(rescue, 0)
    expect(entries.filter(({ event }) => event.type === 'decided')).toHaveLength(1)
    await end(worker)
  })

  it('is stopped from its card and from the command, by those who may', async () => {
    const { card, rescue } = await ask('stop-1')
    const worker = await ScriptedWorker.claim(office.log, rescue, soon())

    await person(OUTSIDER).command(CHANNEL, `/oci-rescue stop ${rescue}`)
    await whispered(OUTSIDER, `can stop it`)
    await person(REQUESTER).click(CHANNEL, card.ts, 'stop')
    expect(await worker.until((state) => state.stopRequested?.by)).toMatchObject({ user: REQUESTER })
    await person(REQUESTER).command(CHANNEL, `/oci-rescue stop ${rescue.toLowerCase()}`)
    await whispered(REQUESTER, `${rescue} is being stopped already`)
    await reply(card, 'asked to stop')
    await end(worker, 'stopped')
    await person(REQUESTER).command(CHANNEL, `/oci-rescue stop ${rescue}`)
    await whispered(REQUESTER, `${rescue} has ended already`)
  })

  it('says in the thread why it was stopped, if that was said', async () => {
    const { card, rescue } = await ask('stop-3')
    const worker = await ScriptedWorker.claim(office.log, rescue, soon())

    await person(REQUESTER).command(CHANNEL, `/oci-rescue stop ${rescue} -- it is <web-2> & not this`)
    await reply(card, 'asked to stop. Why: “it is &lt;web-2&gt; &amp; not this”')
    await end(worker, 'stopped')
  })

  it('lets the one who asked choose between two instances of one name', async () => {
    const { card, rescue } = await ask('twin')
    const worker = await ScriptedWorker.claim(office.log, rescue, soon())
    const candidates = ['a', 'b'].map((end) => ({ ...INSTANCE, id: `${INSTANCE.id}-${end}`, name: 'twin' }))
    await worker.append({ type: 'choice-offered', candidates, expiresAt: new Date(Date.now() + 60_000).toISOString() })
    const message = await reply(card, 'choose-1')

    await person(OUTSIDER).click(CHANNEL, message.ts, 'choose-0')
    await whispered(OUTSIDER, 'can choose the instance')
    await person(REQUESTER).click(CHANNEL, message.ts, 'choose-1')

    expect(await worker.until((state) => state.chosenId)).toBe(candidates[1]?.id)
    await reply(card, 'Chosen:')
    await end(worker)
  })

  it('goes on in the same messages when the bot was killed, and tells what happened meanwhile', async () => {
    const { card, rescue } = await ask('web-2')
    const worker = await ScriptedWorker.claim(office.log, rescue, soon())
    await worker.find({ ...INSTANCE, id: `${INSTANCE.id}-2`, name: 'web-2' })
    const gate = worker.gate(worker.requestPlan())
    const message = await reply(card, '"action_id":"approve"')

    await bot.kill()
    await worker.append({ type: 'noticed', code: 'connection-active', details: {} })
    bot = await startBot(office.environment)
    await reply(card, 'The serial console is open')
    const form = await denial(APPROVER, message.ts)
    expect(await person(APPROVER).submit(form.id, { reason: '  ' })).toMatchObject({
      kind: 'errors',
      errors: { reason: expect.stringContaining('why') },
    })
    await person(APPROVER).submit(form.id, { reason: 'Not during the sale.' })

    expect(await gate).toBe('denied')
    await reply(card, 'denied it')
    await reply(card, 'Not during the sale.')
    await bot.kill()
    await end(worker, 'denied')
    bot = await startBot(office.environment)
    await reply(card, 'The rescue was denied')
    const thread = office.slack.thread(CHANNEL, card.ts)
    const keys = thread.map(({ metadata }) => metadata?.event_payload.key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('is listed while it is under way', async () => {
    const { rescue } = await ask('listed-1')
    await person(REQUESTER).command(CHANNEL, '/oci-rescue status')
    await whispered(REQUESTER, new RegExp(`\\*${rescue}\\* replace-key on \\*listed-1\\*.*Waiting for a worker`))
    await end(await ScriptedWorker.claim(office.log, rescue, soon()))
  })
})

it('ends cleanly when it is told to', async () => {
  expect(await bot.stop()).toBe(0)
})

function end(worker: ScriptedWorker, outcome: 'denied' | 'stopped' = 'stopped'): Promise<void> {
  return worker.append({ type: 'ended', outcome, code: outcome, details: {}, machine: 'untouched', changed: [] })
}

function backupOf(changes: readonly Change[]): string | null {
  return changes.flatMap((change) => (change.kind === 'replace-file' ? change.backup : []))[0] ?? null
}
