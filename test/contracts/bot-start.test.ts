/** The ways in, as people in Slack see them: the form that asks what is wrong, its type-ahead, and the shortcut of a message. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ticketOf } from '../../bot/instances/directory.ts'
import { catalogues } from '../../core/i18n/catalogue.ts'
import type { Origin } from '../../core/record/events.ts'
import type { Inventory, ListedInstance } from '../../core/record/inventory.ts'
import type { PlaybookRequest } from '../../core/record/playbooks.ts'
import { replay } from '../../core/record/state.ts'
import { Inventories } from '../../core/store/inventories.ts'
import { INVENTORY } from '../../core/store/keys.ts'
import type { OpenView } from '../../deploy/local/slack/server/views.ts'
import { type BotProcess, CHANNEL, type Office, OUTSIDER, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import { inventoryOf, listed, manyInstances } from '../helpers/inventory.ts'
import { makePublicKey } from '../helpers/public-keys.ts'

const OTHER = { id: 'C0OTHER', name: 'other-rescues', members: [REQUESTER], botIsMember: true }
/** Where alarms come; no rescues are asked for there, and the bot is not in it. */
const ALARMS = { id: 'C0ALARMS', name: 'alarms', members: [REQUESTER, OUTSIDER], botIsMember: false }
const WEB = listed('web-1', { addresses: ['203.0.113.7', '10.0.0.7'] })
const DB = listed('db-1', { state: 'STOPPED', compartment: 'data/prod', addresses: ['10.0.0.8'] })

let office: Office
let bot: BotProcess
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice({ channels: [OTHER, ALARMS] }))
  bot = await startBot(office.environment)
  parts.defer(() => bot.kill())
})
afterAll(() => parts.disposeAsync())

/** What a test leaves open is not the next one's, and there is no list but its own. */
beforeEach(async () => {
  for (const { id } of riya().views()) await riya().closeView(id)
  await office.redis.del(INVENTORY)
})

const soon = () => AbortSignal.timeout(30_000)
const riya = () => office.slack.person(REQUESTER)

async function list(...instances: readonly ListedInstance[]): Promise<void> {
  await listAt(new Date(), inventoryOf(...(instances.length > 0 ? instances : [WEB, DB])))
}

async function listAt(listedAt: Date, inventory: Inventory): Promise<void> {
  expect(await new Inventories(office.redis).replace({ inventory, listedAt })).toBe(true)
}

/** The form on top, once it is as it should be. */
function formWith(what: string, ...words: readonly string[]): Promise<OpenView> {
  const isIt = (view: OpenView) => words.every((one) => JSON.stringify(view).includes(one))
  return riya().until(what, (sight) => sight.views().find(isIt), soon())
}

/** Whoever types has no form open: one that was answered late still says what came of it. */
async function openForm(line = '/oci-rescue', channel = CHANNEL): Promise<OpenView> {
  for (const { id } of riya().views()) await riya().closeView(id)
  await riya().command(channel, line)
  return await formWith('the form', '"callback_id"')
}

async function choose(form: OpenView, action: string, value: string, ...words: readonly string[]): Promise<OpenView> {
  expect(await riya().clickInView(form.id, action, { value })).toMatchObject({ kind: 'done' })
  return await formWith(`the form after ${value}`, ...words)
}

async function suggested(form: OpenView, typed: string) {
  const answer = await riya().suggest(form.id, 'choose-instance', typed)
  if (answer.kind !== 'options') throw new Error(`no options: ${JSON.stringify(answer)}`)
  return answer.options
}

/** The one option that is there for what was typed. */
async function optionFor(form: OpenView, typed: string) {
  const [option, ...others] = await suggested(form, typed)
  expect(others).toEqual([])
  return option
}

async function rescueThis(text: string, channel: string): Promise<OpenView> {
  const said = await riya().say(channel, text)
  if (said.kind !== 'done') throw new Error(said.error)
  expect(await riya().shortcut(channel, 'rescue-instance', said.ts)).toMatchObject({ kind: 'done' })
  return await formWith('the form', '"callback_id"')
}

const Filled = z.object({
  block_id: z.string(),
  element: z.object({
    initial_value: z.string().optional(),
    initial_option: z.object({ value: z.string() }).optional(),
  }),
})

/** What stands in a form that was just opened, by its field. */
function filledIn(form: OpenView): Record<string, string | undefined> {
  const filled = form.blocks.flatMap((block) => Filled.safeParse(block).data ?? [])
  const values = filled.map(({ block_id, element }) => [
    block_id,
    element.initial_value ?? element.initial_option?.value,
  ])
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

function blockIds(form: OpenView): readonly string[] {
  return form.blocks.flatMap((block) => (block.type === 'input' ? [block.block_id ?? ''] : []))
}

/** What is asked for in the log of the rescue that this begins. */
async function begunBy<T>(act: () => Promise<T>): Promise<{
  answer: T
  playbook: PlaybookRequest
  target: string
  channel: string
  why?: string | undefined
  from: Origin | undefined
}> {
  const before = new Set(await office.log.live())
  const answer = await act()
  const isNew = async () => (await office.log.live()).find((rescue) => !before.has(rescue))
  await expect.poll(isNew).toBeDefined()
  const { entries } = await office.log.read((await isNew()) ?? '', 0)
  const { request } = replay(entries)
  if (request === undefined) throw new Error('nothing was asked for')
  return { ...request, answer, from: entries[0]?.from }
}

async function whispered(user: string, words: string, channel = CHANNEL): Promise<void> {
  await office.slack
    .person(user)
    .until(
      `a whisper with ${words}`,
      (sight) => sight.ephemerals(channel).find((one) => `${one.text}${JSON.stringify(one.blocks)}`.includes(words)),
      soon(),
    )
}

async function closed(form: OpenView): Promise<void> {
  await riya().closeView(form.id)
}

describe('before a worker has made a list', () => {
  it('the instance is typed, and it is said why', async () => {
    const form = await openForm()

    expect(JSON.stringify(form.blocks)).toContain('no worker has made one yet')
    expect(blockIds(form)).toEqual(['wrong', 'instance', 'why'])
    const diagnose = await choose(form, 'wrong', 'no-boot', '"callback_id":"task"')
    expect(await begunBy(() => riya().submit(diagnose.id, { instance: 'web-1' }))).toMatchObject({
      answer: { kind: 'closed' },
      ...{ playbook: { name: 'diagnose' }, target: 'web-1', channel: CHANNEL },
    })
  })

  it('an OCID in a message is found all the same', async () => {
    const id = 'ocid1.instance.oc1.phx.abuw4ljrnew'
    const said = await riya().say(ALARMS.id, `resourceId ${id} is down`)
    if (said.kind !== 'done') throw new Error(said.error)

    await riya().shortcut(ALARMS.id, 'rescue-instance', said.ts)

    await formWith('the form', `"initial_value":"${id}"`, 'Its OCID stands in that message')
  })
})

describe('the form', () => {
  it('asks what is wrong, and then only for what that needs', async () => {
    await list()
    const form = await openForm()
    expect(blockIds(form)).toEqual(['wrong', 'instance', 'why'])

    const lostKey = await choose(form, 'wrong', 'lost-key', '"callback_id":"replace-key"')
    expect(blockIds(lostKey)).toEqual(['wrong', 'task-lost-key', 'instance', 'user', 'key', 'keep', 'why'])
    const change = await choose(lostKey, 'wrong', 'change', '"block_id":"path"')
    expect(blockIds(change)).toEqual(['wrong', 'task-change', 'instance', 'path', 'why'])
    const shell = await choose(change, 'task', 'shell', 'you type lines as root')
    expect(blockIds(shell)).toEqual(['wrong', 'task-change', 'instance', 'why'])
    const console = await choose(shell, 'wrong', 'console', '"callback_id":"connect"')
    expect(blockIds(console)).toEqual(['wrong', 'task-console', 'instance', 'key', 'minutes', 'why'])
    const history = await choose(console, 'task', 'history', 'is posted to the thread')
    expect(blockIds(history)).toEqual(['wrong', 'task-console', 'instance', 'why'])
    expect(history.id).toBe(form.id)
  })

  it('is not set back by a choice that Slack delivers again', async () => {
    await list()
    const form = await openForm()
    await choose(form, 'wrong', 'lost-key', '"callback_id":"replace-key"')
    const earlier = office.slack.lastInteraction()
    await choose(form, 'wrong', 'change', '"block_id":"path"')

    await office.slack.deliver(earlier)

    await riya().command(CHANNEL, '/oci-rescue stop R-00TWICE')
    await whispered(REQUESTER, 'R-00TWICE')
    expect(JSON.stringify(riya().views())).toContain('"block_id":"path"')
    await closed(form)
  })

  it('starts what was chosen on the instance that was chosen, by its OCID', async () => {
    await list()
    const form = await choose(await openForm(), 'wrong', 'lost-key', '"callback_id":"replace-key"')
    const { line } = makePublicKey('riya@laptop')
    const instance = await optionFor(form, '10.0.0.7')
    expect(instance).toMatchObject({
      text: { text: 'web-1' },
      description: { text: 'RUNNING · 203.0.113.7 · 10.0.0.7 · apps/prod · VM.Standard.E4.Flex' },
    })

    const submit = () => riya().submit(form.id, { key: line, 'choose-instance': instance })

    expect(await begunBy(submit)).toMatchObject({
      answer: { kind: 'closed' },
      playbook: { name: 'replace-key', user: 'opc', publicKey: line, keepExisting: false },
      target: WEB.id,
    })
  })

  it.each<[string, string, Record<string, string>, PlaybookRequest]>([
    ['lost-key', 'reset-password', { user: 'deploy' }, { name: 'reset-password', user: 'deploy' }],
    ['lost-key', 'unlock', {}, { name: 'unlock', user: 'opc' }],
    ['lost-key', 'sshd', { user: 'deploy' }, { name: 'sshd', user: 'deploy' }],
    ['lost-key', 'sudoers', {}, { name: 'sudoers' }],
    ['no-boot', 'fsck', { only: '/dev/sdb1 /var' }, { name: 'fsck', only: ['/dev/sdb1', '/var'] }],
    ['no-boot', 'fstab', {}, { name: 'fstab', only: [] }],
    ['no-boot', 'kernel', {}, { name: 'kernel' }],
    ['change', 'edit', { path: '/etc/fstab' }, { name: 'edit', path: '/etc/fstab' }],
    ['change', 'shell', {}, { name: 'shell' }],
    ['console', 'screenshot', {}, { name: 'screenshot' }],
    ['console', 'reboot', {}, { name: 'reboot', how: 'graceful' }],
    ['console', 'reboot-hard', {}, { name: 'reboot', how: 'hard' }],
    ['console', 'interrupt', {}, { name: 'interrupt' }],
  ])('%s: %s', async (wrong, task, filled, playbook) => {
    await list()
    const asked = await choose(await openForm(), 'wrong', wrong, `"block_id":"task-${wrong}"`)
    const form = await choose(asked, 'task', task, introOf(task))
    const instance = await optionFor(form, 'web-1')

    const begun = await begunBy(() => riya().submit(form.id, { ...filled, 'choose-instance': instance }))

    expect(begun).toMatchObject({ playbook, target: WEB.id })
  })

  it('for undo asks for the rescue, and says what comes of it', async () => {
    await list()
    const change = await choose(await openForm(), 'wrong', 'change', '"block_id":"path"')
    const form = await choose(change, 'task', 'undo', introOf('undo'))
    expect(blockIds(form)).toEqual(['wrong', 'task-change', 'of', 'why'])
    expect(await riya().submit(form.id, { of: 'web-1' })).toMatchObject({
      ...{ kind: 'errors', errors: { of: expect.stringContaining('This is no rescue') } },
    })

    const answer = await riya().submit(form.id, { of: 'r-000000' })

    expect(answer).toMatchObject({ kind: 'shown' })
    expect(JSON.stringify(answer)).toContain('There is no rescue `R-000000`')
  })

  it('says beside the field what is wrong with it', async () => {
    await list()
    const form = await choose(await openForm(), 'wrong', 'change', '"block_id":"path"')
    const instance = await optionFor(form, 'db')

    expect(await riya().submit(form.id, { path: 'etc/fstab', 'choose-instance': instance })).toMatchObject({
      kind: 'errors',
      errors: { path: expect.stringContaining('A path from /') },
    })
  })

  it('does not take an instance that has gone from the list meanwhile', async () => {
    await list()
    const form = await choose(await openForm(), 'wrong', 'no-boot', '"callback_id":"task"')
    const instance = await optionFor(form, 'db-1')
    await list(WEB)

    expect(await riya().submit(form.id, { 'choose-instance': instance })).toMatchObject({
      kind: 'errors',
      errors: { instance: expect.stringContaining('no longer in the list') },
    })
  })

  it('lets an instance be typed that is in no list, and chosen after all', async () => {
    await list()
    const form = await choose(await openForm(), 'wrong', 'no-boot', '"callback_id":"task"')

    await riya().clickInView(form.id, 'type-instance')
    const typed = await formWith('a text field', '"plain_text_input"', 'Choose from the list')
    await riya().clickInView(typed.id, 'type-instance')
    const again = await formWith('the list', '"external_select"')
    await riya().clickInView(again.id, 'type-instance')
    const last = await formWith('a text field', '"plain_text_input"', 'Choose from the list')

    expect(await begunBy(() => riya().submit(last.id, { instance: 'new-1' }))).toMatchObject({
      ...{ playbook: { name: 'diagnose' }, target: 'new-1' },
    })
  })

  it('sent before its fields came shows them instead of starting something else', async () => {
    await list()
    const form = await openForm()
    const instance = await optionFor(form, 'web-1')
    const live = await office.log.live()

    const answer = await riya().submit(form.id, { wrong: 'console', 'choose-instance': instance })

    expect(answer).toMatchObject({ kind: 'shown', view: { callback_id: 'connect' } })
    expect(JSON.stringify(answer)).toContain('"initial_option":{"text":{"type":"plain_text","text":"web-1"')
    expect(await office.log.live()).toEqual(live)
  })

  it('says how old its list is, and when it is too old, and what is not in it', async () => {
    await list()
    const fresh = JSON.stringify((await openForm()).blocks)
    expect(fresh).toContain('2 instances, as OCI had them <!date^')
    expect(fresh).not.toMatch(/this list is old|are not in it/)

    await office.redis.del(INVENTORY)
    await listAt(new Date(Date.now() - 16 * 60_000), { ...inventoryOf(WEB), leftOut: 7 })
    await riya().command(CHANNEL, '/oci-rescue')
    await formWith('an old list', '*this list is old*', '7 more are not in it')
  })

  it.each([
    ['replace-key', ['wrong', 'task-lost-key', 'instance', 'user', 'key', 'keep', 'why']],
    ['unlock', ['wrong', 'task-lost-key', 'instance', 'user', 'why']],
    ['fsck', ['wrong', 'task-no-boot', 'instance', 'only', 'why']],
    ['diagnose', ['wrong', 'task-no-boot', 'instance', 'why']],
    ['edit', ['wrong', 'task-change', 'instance', 'path', 'why']],
    ['shell', ['wrong', 'task-change', 'instance', 'why']],
    ['undo', ['wrong', 'task-change', 'of', 'why']],
    ['connect', ['wrong', 'task-console', 'instance', 'key', 'minutes', 'why']],
  ])('opens for %s, too, when it is typed without an instance', async (command, blocks) => {
    await list()
    const form = await openForm(`/oci-rescue ${command}`)

    expect(blockIds(form)).toEqual(blocks)
    expect(Object.values(filledIn(form))).toContain(command)
  })

  it('is not for those who may not start a rescue', async () => {
    const olga = office.slack.person(OUTSIDER)
    await olga.command(CHANNEL, '/oci-rescue')
    await whispered(OUTSIDER, 'not on the list of people who may start a rescue')
    await olga.command(CHANNEL, '/oci-rescue web-1')
    await whispered(OUTSIDER, 'There is no command `web-1`')
    await olga.command(CHANNEL, '/oci-rescue nowhere fsck')
    await whispered(OUTSIDER, 'not on the list of people who may start a rescue')
    await riya().command(ALARMS.id, '/oci-rescue')
    await whispered(REQUESTER, `Use one of: <#${CHANNEL}>`, ALARMS.id)
    expect([...olga.views(), ...riya().views()]).toEqual([])
  })
})

function introOf(task: string): string {
  const intros: Readonly<Record<string, string>> = catalogues.en.commands.start.intros
  return intros[task] ?? ''
}

describe('type-ahead', () => {
  it('offers at most a hundred of ten thousand, those that run first', async () => {
    await listAt(new Date(), manyInstances(10_000))
    const form = await openForm()

    expect(await suggested(form, '')).toHaveLength(100)
    const found = await suggested(form, 'web-tokyo')
    expect(found).toHaveLength(100)
    expect(found.every(({ description }) => description?.text.startsWith('RUNNING'))).toBe(true)
    expect((await suggested(form, '09999')).map(({ text }) => text.text)).toEqual(['search-tokyo-09999'])
    expect(await suggested(form, 'nowhere')).toEqual([])
  })
})

describe('words after the command', () => {
  it('that name one instance choose it', async () => {
    await list()
    const form = await openForm('/oci-rescue WEB-1')
    expect(JSON.stringify(form.blocks)).toContain('"initial_option":{"text":{"type":"plain_text","text":"web-1"')
    await closed(form)
    const byAddress = await openForm('/oci-rescue please look at 10.0.0.8')
    expect(JSON.stringify(byAddress.blocks)).toContain('"initial_option":{"text":{"type":"plain_text","text":"db-1"')
    await closed(byAddress)
  })

  it('are followed by what for, which stands in the form then, and in the request', async () => {
    await list()
    const form = await openForm('/oci-rescue web-1 -- it hangs since noon')
    const diagnose = await choose(form, 'wrong', 'no-boot', '"callback_id":"task"')
    expect(JSON.stringify(diagnose.blocks)).toContain('"initial_value":"it hangs since noon"')

    expect(await begunBy(() => riya().submit(diagnose.id, {}))).toMatchObject({
      ...{ target: WEB.id, why: 'it hangs since noon' },
    })
    const alone = await openForm('/oci-rescue -- the power was cut')
    expect(JSON.stringify(alone.blocks)).toContain('"initial_value":"the power was cut"')
  })

  const why = 'down since noon'
  const instance = ticketOf(WEB)
  it.each<[string, Record<string, string>]>([
    ['web-1 fsck', { wrong: 'no-boot', 'task-no-boot': 'fsck', instance, why }],
    ['fsck /dev/sdb1 /var', { wrong: 'no-boot', 'task-no-boot': 'fsck', only: '/dev/sdb1 /var', why }],
    ['edit web-1', { wrong: 'change', 'task-change': 'edit', instance, why }],
    ['web-1 edit /etc/fstab', { wrong: 'change', 'task-change': 'edit', instance, path: '/etc/fstab', why }],
    ['edit /etc/fstab 10.0.0.7', { wrong: 'change', 'task-change': 'edit', instance, path: '/etc/fstab', why }],
    ['deploy unlock web-1', { wrong: 'lost-key', 'task-lost-key': 'unlock', instance, user: 'deploy', why }],
    ['web-1 replace-key deploy', { wrong: 'lost-key', 'task-lost-key': 'replace-key', instance, user: 'deploy', why }],
    ['new-1 kernel', { wrong: 'no-boot', 'task-no-boot': 'kernel', instance: 'new-1', why }],
    ['web-1 reboot hard', { wrong: 'console', 'task-console': 'reboot-hard', instance, why }],
    ['R-ABC123 undo', { wrong: 'change', 'task-change': 'undo', of: 'R-ABC123', why }],
  ])('that say more stand in the form, too: %s', async (typed, filled) => {
    await list()
    const form = await openForm(`/oci-rescue ${typed} -- ${why}`)

    expect(filledIn(form)).toEqual(filled)
    expect(JSON.stringify(form.blocks)).not.toContain('Not understood')
  })

  it('that nobody understands are named in the form', async () => {
    await list()
    const form = await openForm('/oci-rescue web-1 sudoers `now` please')
    expect(JSON.stringify(form.blocks)).toContain("Not understood, and left out: `'now' please`")

    const shell = await choose(form, 'wrong', 'change', '"block_id":"path"')
    expect(JSON.stringify(shell.blocks)).toContain('Not understood')
  })

  it('name people, channels and addresses, and point to none of them', async () => {
    await list()
    const form = await openForm(
      '/oci-rescue web-1 fsck /dev/sdb1 -- as @anand says in #ops-rescue: https://example.com/a?b=1&c=2',
    )

    expect(await begunBy(() => riya().submit(form.id, {}))).toMatchObject({
      playbook: { name: 'fsck', only: ['/dev/sdb1'] },
      target: WEB.id,
      why: 'as @anand says in #ops-rescue: https://example.com/a?b=1&c=2',
    })
  })

  it('that say all in their order begin it at once', async () => {
    await list()
    expect(await begunBy(() => riya().command(CHANNEL, '/oci-rescue fsck web-1 /dev/sdb1'))).toMatchObject({
      ...{ playbook: { name: 'fsck', only: ['/dev/sdb1'] }, target: 'web-1' },
    })
    expect(riya().views()).toEqual([])
  })

  it('that fit several offer those first', async () => {
    await list(listed('aaa'), WEB, DB)
    const form = await openForm('/oci-rescue -1')

    expect((await suggested(form, '')).map(({ text }) => text.text)).toEqual(['web-1', 'db-1', 'aaa'])
  })

  it('that are a mistyped command are still guessed at', async () => {
    await list()
    await riya().command(CHANNEL, '/oci-rescue diagonse web-1')
    await whispered(REQUESTER, 'Did you mean `/oci-rescue diagnose`?')
    await riya().command(CHANNEL, '/oci-rescue revive nowhere')
    await whispered(REQUESTER, 'There is no command `revive`')
    expect(riya().views()).toEqual([])
  })
})

describe('the shortcut of a message', () => {
  it('chooses the one instance that it speaks of, and says where its thread will be', async () => {
    await list()
    const form = await rescueThis('CRITICAL: ssh on 203.0.113.7 (web-1) does not answer', ALARMS.id)
    expect(JSON.stringify(form.blocks)).toContain('"initial_option":{"text":{"type":"plain_text","text":"web-1"')
    expect(JSON.stringify(form.blocks)).toContain(`gets its thread in <#${CHANNEL}>`)
    const diagnose = await choose(form, 'wrong', 'no-boot', '"callback_id":"task"')
    expect(JSON.stringify(diagnose.blocks)).toContain('Recognised in that message')

    const { answer, ...begun } = await begunBy(() => riya().submit(diagnose.id, {}))

    expect(JSON.stringify(answer)).toMatch(new RegExp(`Rescue R-[0-9A-Z]{6} begins. Its thread is in <#${CHANNEL}>`))
    expect(begun).toMatchObject({ playbook: { name: 'diagnose' }, target: WEB.id, channel: CHANNEL })
    expect(begun.from).toMatchObject({ channel: ALARMS.id, message: expect.stringMatching(/^\d+\.\d+$/) })
  })

  it('offers several first, and says when there is none', async () => {
    await list(listed('aaa'), WEB, DB)
    const several = await rescueThis('db-1 cannot reach web-1', CHANNEL)
    expect(JSON.stringify(several.blocks)).toContain('Several were recognised')
    expect((await suggested(several, '')).map(({ text }) => text.text)).toEqual(['db-1', 'web-1', 'aaa'])
    await closed(several)

    const none = await rescueThis('good morning', CHANNEL)
    expect(JSON.stringify(none.blocks)).toContain('No instance was recognised')
    expect(JSON.stringify(none.blocks)).not.toContain('initial_option')
  })

  it('is refused privately to those who may not start a rescue', async () => {
    const olga = office.slack.person(OUTSIDER)
    const said = await olga.say(ALARMS.id, 'web-1 is down')
    if (said.kind !== 'done') throw new Error(said.error)

    await olga.shortcut(ALARMS.id, 'rescue-instance', said.ts)

    await whispered(OUTSIDER, 'not on the list of people who may start a rescue', ALARMS.id)
    expect(olga.views()).toEqual([])
  })
})

// A bot that has just started does not know what the one before it has posted: from here on, Slack may have it wait.
it('no answer was late, and nothing that was sent was unfit', () => {
  expect(office.slack.statistics()).toMatchObject({ rateLimited: 0, refusals: {}, unacknowledged: 0 })
})

it('the shortcut asks in which of several channels the thread shall be', async () => {
  await list()
  await bot.stop()
  bot = await startBot({ ...office.environment, RESCUE_CHANNELS: `${CHANNEL},${OTHER.id}` })
  const form = await rescueThis('web-1 is down', ALARMS.id)
  const diagnose = await choose(form, 'wrong', 'no-boot', '"callback_id":"task"')
  expect(blockIds(diagnose)).toEqual(['wrong', 'task-no-boot', 'instance', 'channel', 'why'])
  expect(await riya().submit(diagnose.id, {})).toMatchObject({
    kind: 'errors',
    errors: { channel: expect.any(String) },
  })

  expect(await begunBy(() => riya().submit(diagnose.id, { channel: CHANNEL }))).toMatchObject({
    ...{ answer: { kind: 'shown' }, target: WEB.id, channel: CHANNEL },
  })
})

describe('with a policy of its own', () => {
  const POLICY = `
rules:
  - name: consoles
    playbooks: [history, reboot]
    channels: [${CHANNEL}, ${OTHER.id}]
    request: { groups: [S0APPROVERS] }
    approve: { by: { users: [${OUTSIDER}] } }
  - name: boots
    playbooks: [diagnose, history]
    channels: [${OTHER.id}]
    request: { users: [${REQUESTER}] }
    approve: { by: { users: [${OUTSIDER}] } }
`
  /** An answer of Slack's about a group is good for seconds: a bot that has just started has none. */
  async function restart(): Promise<void> {
    await bot.stop()
    bot = await startBot({ ...office.policyEnvironment, RESCUE_POLICY: join(office.directory, 'policy.yaml') })
  }

  beforeAll(async () => {
    await writeFile(join(office.directory, 'policy.yaml'), POLICY)
    await restart()
  })

  it('the form offers what somebody may ask for where it was opened, and no more', async () => {
    const form = await openForm('/oci-rescue', OTHER.id)
    const offered = JSON.stringify(form.blocks)
    expect(offered).toContain('"value":"no-boot"')
    expect(offered).not.toMatch(/"value":"(?:lost-key|change|console)"/)
    await closed(form)

    await riya().command(CHANNEL, '/oci-rescue')
    await whispered(REQUESTER, 'not on the list of people who may start a rescue')
    await riya().command(OTHER.id, '/oci-rescue web-1 reboot')
    await whispered(REQUESTER, 'not on the list of people who may start a rescue', OTHER.id)
    await riya().command(OTHER.id, '/oci-rescue shell')
    await whispered(REQUESTER, 'The policy has no rule for this in this channel', OTHER.id)
    expect(riya().views()).toEqual([])
  })

  it('whoever comes into a group may open it, and what is sent is judged by what was chosen, then', async () => {
    office.slack.regroup('S0APPROVERS', [REQUESTER])
    await restart()
    const form = await choose(await openForm(), 'wrong', 'console', '"block_id":"task-console"')
    expect(JSON.stringify(form.blocks)).not.toMatch(/"value":"(?:no-boot|connect|screenshot)"/)
    const live = await office.log.live()

    office.slack.regroup('S0APPROVERS', [OUTSIDER])
    await restart()
    expect(await riya().submit(form.id, { instance: 'web-1' })).toMatchObject({
      kind: 'errors',
      errors: { instance: expect.stringContaining('no longer') },
    })
    expect(await office.log.live()).toEqual(live)

    office.slack.regroup('S0APPROVERS', [REQUESTER])
    await restart()
    expect(await begunBy(() => riya().submit(form.id, { instance: 'web-1' }))).toMatchObject({
      ...{ playbook: { name: 'history' }, channel: CHANNEL },
    })
  })

  it('the shortcut lets channels be chosen in which that may be asked for', async () => {
    const form = await rescueThis('web-1 is down', ALARMS.id)
    expect(blockIds(form)).toEqual(['wrong', 'instance', 'channel', 'why'])

    const diagnose = await choose(form, 'wrong', 'no-boot', '"callback_id":"task"')

    expect(blockIds(diagnose)).toEqual(['wrong', 'task-no-boot', 'instance', 'why'])
    expect(await begunBy(() => riya().submit(diagnose.id, { instance: 'web-1' }))).toMatchObject({
      ...{ playbook: { name: 'diagnose' }, channel: OTHER.id },
    })
  })
})

it('no answer was late, to the end', () => {
  expect(office.slack.statistics()).toMatchObject({ unacknowledged: 0 })
})
