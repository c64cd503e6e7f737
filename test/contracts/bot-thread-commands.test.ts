/** Commands in a rescue's thread: the bot as production runs it, Slack's rules, a real Redis; the worker is scripted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { askFor, takeUp } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, type Office, OUTSIDER, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import { STOPPED } from '../helpers/thread-events.ts'

let office: Office
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice())
  parts.use(await startBot(office.environment))
})
afterAll(() => parts.disposeAsync())

const soon = () => AbortSignal.timeout(30_000)
const person = (id: string) => office.slack.person(id)

/** A rescue of this kind in the hands of a worker, and its card. */
async function underWay(instance: string, command = 'sudoers') {
  const { card, rescue } = await askFor(office, `${command} ${instance}`)
  return { card, rescue, worker: await takeUp(office, rescue, instance) }
}

async function withShell(instance: string) {
  const own = await underWay(instance, 'shell')
  await own.worker.append({ type: 'phase-began', phase: 'shell' })
  await own.worker.append({ type: 'shell-opened', idleSeconds: 900, lineSeconds: 60 })
  return own
}

/** Writes a reply in the thread of the card; gives its time stamp. */
async function reply(user: string, card: Message, text: string): Promise<string> {
  const said = await person(user).say(CHANNEL, text, card.ts)
  if (said.kind === 'refused') throw new Error(said.error)
  return said.ts
}

/** What only that person reads, in that thread. */
function whispers(user: string, card: Message): readonly string[] {
  const ephemerals = person(user).ephemerals(CHANNEL)
  return ephemerals.filter(({ thread_ts }) => thread_ts === card.ts).map(({ blocks }) => JSON.stringify(blocks))
}

async function whispered(user: string, card: Message, words: string): Promise<void> {
  const isSaid = () => whispers(user, card).some((whisper) => whisper.includes(words))
  await person(user).until(`a whisper: ${words}`, isSaid, soon())
}

function inThread(card: Message, words: string): Promise<Message> {
  const says = ({ text, blocks, files }: Message) => `${text} ${JSON.stringify([blocks, files])}`.includes(words)
  return person(APPROVER).until(
    `a message with ${words}`,
    (sight) => sight.thread(CHANNEL, card.ts).find((message) => message.bot_id !== undefined && says(message)),
    soon(),
  )
}

/** What is written after something else is also heard after it: by then that had no effect. */
async function heardOut(card: Message): Promise<void> {
  await reply(OUTSIDER, card, '!help')
  await whispered(OUTSIDER, card, 'What you can write in this thread')
}

const eventsOf = async (rescue: string) => (await office.log.read(rescue, 0)).entries.map(({ event }) => event.type)

describe('!stop', () => {
  it('stops the rescue whose thread it is, for those who may, and tells the others privately', async () => {
    const { card, worker } = await underWay('stop-1')
    const { worker: other } = await underWay('stop-2')

    await reply(OUTSIDER, card, '!stop')
    await whispered(OUTSIDER, card, 'can stop it')
    await reply(REQUESTER, card, '!stop doing this')
    await whispered(REQUESTER, card, '`!stop` is written alone')
    expect(worker.state.stopRequested).toBeUndefined()
    await reply(APPROVER, card, '！Stop — the wrong machine')

    expect(await worker.until((state) => state.stopRequested?.by)).toMatchObject({ user: APPROVER })
    await inThread(card, 'asked to stop. Why: “the wrong machine”')
    expect(other.state.stopRequested).toBeUndefined()
    await reply(REQUESTER, card, '!stop')
    await whispered(REQUESTER, card, 'is being stopped already')
    await worker.append(STOPPED)
    await reply(REQUESTER, card, '!stop')
    await whispered(REQUESTER, card, 'has ended already')
  })

  it('is heard nowhere else: not in the channel, not in other threads, not from a sentence', async () => {
    const { card, rescue } = await underWay('quiet-1')
    const elsewhere = await person(REQUESTER).say(CHANNEL, 'A thread of people.')
    if (elsewhere.kind === 'refused') throw new Error(elsewhere.error)
    const isBegun = ({ blocks }: Message) => JSON.stringify(blocks).includes(`Rescue ${rescue} begins`)
    await person(REQUESTER).until('the answer', (sight) => sight.ephemerals(CHANNEL).some(isBegun), soon())
    const before = new Set(
      person(REQUESTER)
        .ephemerals(CHANNEL)
        .map(({ ts }) => ts),
    )

    await person(REQUESTER).say(CHANNEL, '!stop')
    await person(REQUESTER).say(CHANNEL, '!stop', elsewhere.ts)
    for (const text of ['please !stop', '`!stop`', '!!!', 'stop', '!?']) await reply(REQUESTER, card, text)
    await heardOut(card)

    expect(await eventsOf(rescue)).not.toContain('stop-requested')
    expect(
      person(REQUESTER)
        .ephemerals(CHANNEL)
        .filter(({ ts }) => !before.has(ts)),
    ).toEqual([])
  })
})

describe('an unknown word', () => {
  it('is answered privately, in the language of whoever wrote it, with what there is', async () => {
    const { card } = await underWay('help-1')

    await reply(OUTSIDER, card, '!reboot <!channel>')
    await whispered(OUTSIDER, card, 'There is no command `!reboot`')
    await whispered(OUTSIDER, card, '`!keys ctrl-c` interrupts')
    await reply('U0HARUKA', card, '!ヘルプ')
    await whispered('U0HARUKA', card, '`!ヘルプ` というコマンドはありません')
  })
})

describe('!screen', () => {
  const blank = { columns: 80, rows: [[{ text: 'web-1 login: ' }]], cursor: null }

  it('asks the worker for a picture, once however often the message is delivered, and shows it with who asked', async () => {
    const { card, rescue, worker } = await underWay('screen-1')
    await reply(REQUESTER, card, '!screen')
    await whispered(REQUESTER, card, 'no serial console open now')
    await worker.append({ type: 'noticed', code: 'connection-active', details: {} })
    await reply(OUTSIDER, card, '!screen')
    await whispered(OUTSIDER, card, 'can have a picture of the screen')

    const asked = await reply(REQUESTER, card, '!screen')
    expect(await worker.until((state) => state.screenAsk?.by)).toMatchObject({ user: REQUESTER })
    await reply(APPROVER, card, '!screen')
    await whispered(APPROVER, card, 'A picture was asked for a moment ago')
    await worker.append({ type: 'saw', state: 'login-prompt', because: '', picture: blank, why: 'asked' })
    await inThread(card, '.png')
    await office.slack.repeatEvent(asked)
    await heardOut(card)

    expect((await eventsOf(rescue)).filter((type) => type === 'screen-asked')).toHaveLength(1)
    expect(whispers(REQUESTER, card)).toHaveLength(1)
    expect((await inThread(card, '.png')).text).toMatch(
      new RegExp(`^The screen at .*, for <@${REQUESTER}>: a login prompt.$`),
    )
  })

  it('is a button on the card, too, while a console is open', async () => {
    const { card, worker } = await underWay('screen-2')
    const showsButton = (isThere: boolean) =>
      person(REQUESTER).until(
        `the button ${isThere}`,
        (sight) => {
          const shown = JSON.stringify(sight.thread(CHANNEL, card.ts)[0]?.blocks)
          return shown.includes('"action_id":"screen"') === isThere && shown.includes('"action_id":"stop"')
        },
        soon(),
      )
    await showsButton(false)
    await worker.append({ type: 'noticed', code: 'connection-active', details: {} })
    await showsButton(true)

    await person(OUTSIDER).click(CHANNEL, card.ts, 'screen')
    await person(OUTSIDER).until(
      'the refusal',
      (sight) =>
        sight
          .ephemerals(CHANNEL)
          .some(({ blocks }) => JSON.stringify(blocks).includes('can have a picture of the screen')),
      soon(),
    )
    await person(APPROVER).click(CHANNEL, card.ts, 'screen')
    expect(await worker.until((state) => state.screenAsk?.by)).toMatchObject({ user: APPROVER })
    await worker.append({ type: 'phase-began', phase: 'clean-up' })
    await showsButton(false)
  })

  it('shows the screen at a failure without being asked', async () => {
    const { card, worker } = await underWay('screen-3')
    await worker.append({ type: 'saw', state: 'kernel-panic', because: '', picture: blank, why: 'failed' })

    expect((await inThread(card, '.png')).text).toMatch(
      /^The screen as it stood when it failed, at .*: a kernel panic\.$/,
    )
  })
})

describe('!say', () => {
  it('types the line as it was typed, once however often the message is delivered', async () => {
    const { card, rescue, worker } = await withShell('say-1')

    const said = await reply(REQUESTER, card, '!say curl http://x.example/?a=1&b=2 | grep “example.com” >/tmp/x')
    const line = await worker.until(({ shell }) => shell?.lines[0])
    expect(line).toMatchObject({
      text: 'curl http://x.example/?a=1&b=2 | grep "example.com" >/tmp/x',
      by: { user: REQUESTER },
    })
    await worker.append({ type: 'line-answered', line: line.id, how: 'ended', exitCode: 0, output: 'ok', isCut: false })
    await inThread(card, 'Exit code 0.')
    await office.slack.repeatEvent(said)
    await reply(APPROVER, card, '!say ```echo "“`date`”" — <x```')

    expect(await worker.until(({ shell }) => shell?.lines[1])).toMatchObject({
      text: 'echo "“`date`”" — <x',
      by: { user: APPROVER },
    })
    expect((await eventsOf(rescue)).filter((type) => type === 'line-sent')).toHaveLength(2)
  })

  it('runs nothing where there is no shell, nothing that is unclear, and nothing for those who may not', async () => {
    const { card: other } = await underWay('say-2')
    await reply(REQUESTER, other, '!say uptime')
    await whispered(REQUESTER, other, 'No root shell is open in this rescue now. Nothing was run.')
    const { card, worker } = await withShell('say-3')

    await reply(OUTSIDER, card, '!say uptime')
    await whispered(OUTSIDER, card, 'can type into its shell')
    await reply(REQUESTER, card, '!say rm `cat list`')
    await whispered(REQUESTER, card, "how you typed `'cat list'`")
    await reply(REQUESTER, card, '!say one\ntwo')
    await whispered(REQUESTER, card, 'One line of text')
    await reply(REQUESTER, card, '!say')
    await whispered(REQUESTER, card, 'Write the line behind it')
    await reply(REQUESTER, card, '!say sleep 100')
    await worker.until(({ shell }) => shell?.lines[0])
    await reply(APPROVER, card, '!say uptime')
    await whispered(APPROVER, card, 'has not ended yet')

    expect(worker.state.shell?.lines.map(({ text }) => text)).toEqual(['sleep 100'])
  })
})

describe('!keys', () => {
  it('interrupts the line that runs, and says by whom', async () => {
    const { card, worker } = await withShell('keys-1')
    await reply(REQUESTER, card, '!keys ctrl-c')
    await whispered(REQUESTER, card, 'No line runs now')
    await reply(REQUESTER, card, '!say sleep 100')
    const { id: line } = await worker.until(({ shell }) => shell?.lines[0])

    await reply(OUTSIDER, card, '!keys ctrl-c')
    await whispered(OUTSIDER, card, 'can type into its shell')
    await reply(REQUESTER, card, '!keys ctrl-alt-del')
    await whispered(REQUESTER, card, '`ctrl-alt-del` was not pressed')
    expect(worker.state.shell?.lines[0]?.interrupt).toBeUndefined()
    await reply(APPROVER, card, '!keys Ctrl+C')
    expect(await worker.until(({ shell }) => shell?.lines[0]?.interrupt?.by)).toMatchObject({ user: APPROVER })
    await inThread(card, `Ctrl-C is pressed, as <@${APPROVER}> asked`)
    await worker.append({ type: 'line-answered', line, how: 'interrupted', exitCode: 130, output: '', isCut: false })

    await inThread(card, `*Interrupted by Ctrl-C*, as <@${APPROVER}> asked`)
  })

  it('is a button under the line that runs, too, and means that line', async () => {
    const { card, worker } = await withShell('keys-2')
    await reply(REQUESTER, card, '!say sleep 100')
    const { id: line } = await worker.until(({ shell }) => shell?.lines[0])
    const running = await inThread(card, '"action_id":"interrupt-line"')

    await person(REQUESTER).click(CHANNEL, running.ts, 'interrupt-line')

    expect(await worker.until(({ shell }) => shell?.lines[0]?.interrupt?.by)).toMatchObject({ user: REQUESTER })
    await worker.append({ type: 'line-answered', line, how: 'interrupted', exitCode: 130, output: '', isCut: false })
    const answered = await inThread(card, `*Interrupted by Ctrl-C*, as <@${REQUESTER}> asked`)
    expect(JSON.stringify(answered.blocks)).not.toContain('interrupt-line')
    expect(JSON.stringify(answered.blocks)).toContain('type-line')
  })
})

it('is told of by the help', async () => {
  await person(OUTSIDER).command(CHANNEL, '/oci-rescue help keys')
  await person(OUTSIDER).until(
    'the help',
    (sight) =>
      sight
        .ephemerals(CHANNEL)
        .some(({ blocks }) => JSON.stringify(blocks).includes('`!keys ctrl-c` interrupts the one')),
    soon(),
  )
})
