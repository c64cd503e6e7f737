import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalogues } from '../../core/i18n/catalogue.ts'
import type { PlaybookRequest } from '../../core/record/playbooks.ts'
import { checkView } from '../../deploy/local/slack/server/check-blocks.ts'
import { inventoryOf, listed } from '../../test/helpers/inventory.ts'
import { directoryOf } from '../instances/directory.ts'
import type { Mentioned } from '../instances/mentioned.ts'
import { readMetadata, startMetadata, startSeen, startWith } from './start-fields.ts'
import { isBehind, readStartForm, readWish, startForm } from './start-form.ts'
import type { PlainTask } from './task-form.ts'
import { isWrong, type Offer, TASKS, Task, type Wish } from './tasks.ts'
import { readUndoForm } from './undo-form.ts'

const WISHES: readonly Wish[] = Object.keys(TASKS)
  .filter(isWrong)
  .flatMap((wrong) => TASKS[wrong].map((task) => ({ wrong, task })))
const NOBODY: Mentioned = { instances: [], unlisted: undefined }
const HERE = { offer: { C0OPS: Task.options }, isElsewhere: false }

const nasty = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })

describe.each(Object.entries(catalogues))('the form in %s', (_, text) => {
  it('is one that Slack takes, whatever instances are called', () => {
    const field = fc.record({ name: nasty, state: nasty, shape: nasty, compartment: nasty, address: nasty })
    const channels = fc.array(fc.stringMatching(/^C[A-Z0-9]{8}$/), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(field, channels, fc.constantFrom(undefined, ...WISHES), ({ name, address, ...more }, all, wish) => {
        const instance = listed(name, { ...more, addresses: [address] })
        const directory = directoryOf({ inventory: inventoryOf(instance), listedAt: new Date(0) })
        const place = { offer: Object.fromEntries(all.map((one) => [one, Task.options])), isElsewhere: true }
        for (const found of [NOBODY, { instances: [instance], unlisted: undefined }, { ...NOBODY, unlisted: name }]) {
          for (const list of [directory, undefined]) {
            const start = { ...startWith(list, new Date(), found, place, name), recognised: 'one' as const }
            checkView(JSON.parse(JSON.stringify(startForm(text, start, wish))), () => true)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('says nothing that Slack would cut off', () => {
    const { title, wrongs, taskNames, search, typeIt, chooseIt } = text.commands.start
    const names = Object.values(wrongs).flatMap(({ name, about }) => [name, about])
    for (const option of [...names, ...Object.values(taskNames), typeIt, chooseIt])
      expect(option.length, option).toBeLessThanOrEqual(75)
    expect(title.length).toBeLessThanOrEqual(24)
    expect(search.length).toBeLessThanOrEqual(150)
  })
})

describe('what was chosen', () => {
  const start = startWith(undefined, new Date(), NOBODY, HERE, '')
  /** What Slack sends back of it when nothing else is filled in. */
  const sent = (wish: Wish | undefined, values: Record<string, Record<string, unknown>> = {}) => ({
    ...startForm(catalogues.en, start, wish),
    state: { values },
  })
  const chosen = (value: string) => ({ selected_option: { value } })

  it('is nothing at first, then what is wrong with the first task for it, then the task', () => {
    expect(readWish(sent(undefined))).toBeUndefined()
    const wrong = { wrong: { wrong: chosen('console') } }
    expect(readWish(sent(undefined, wrong))).toEqual({ wrong: 'console', task: 'connect' })
    const task = { ...wrong, 'task-console': { task: chosen('reboot') } }
    expect(readWish(sent({ wrong: 'console', task: 'connect' }, task))).toEqual({ wrong: 'console', task: 'reboot' })
  })

  it('has no task of what was wrong before', () => {
    const values = { wrong: { wrong: chosen('change') }, 'task-console': { task: chosen('reboot') } }
    expect(readWish(sent({ wrong: 'console', task: 'reboot' }, values))).toEqual({ wrong: 'change', task: 'edit' })
  })

  it('is nothing that there is not', () => {
    for (const name of ['constructor', 'everything', ''])
      expect(readWish(sent(undefined, { wrong: { wrong: chosen(name) } }))).toBeUndefined()
  })

  it('is ahead of the fields until the form was shown again', () => {
    const edit: Wish = { wrong: 'change', task: 'edit' }
    expect(isBehind(sent(undefined), edit)).toBe(true)
    expect(isBehind(sent({ wrong: 'change', task: 'shell' }), edit)).toBe(true)
    expect(isBehind(sent(edit, { path: { path: { value: '/etc/fstab' } } }), edit)).toBe(false)
    expect(isBehind(sent({ wrong: 'change', task: 'shell' }), { wrong: 'console', task: 'history' })).toBe(false)
    expect(isBehind(sent({ wrong: 'console', task: 'connect' }), { wrong: 'console', task: 'history' })).toBe(true)
    expect(isBehind(sent({ wrong: 'lost-key', task: 'sudoers' }), { wrong: 'lost-key', task: 'unlock' })).toBe(true)
    expect(isBehind(sent({ wrong: 'no-boot', task: 'kernel' }), { wrong: 'no-boot', task: 'fsck' })).toBe(true)
    expect(isBehind(sent(edit), { wrong: 'change', task: 'undo' })).toBe(true)
  })
})

describe('what is filled in', () => {
  const start = startWith(undefined, new Date(), NOBODY, HERE, '')
  /** What is read of it, on `web-1`; a field is `null` where Slack sends it empty. */
  const read = (task: PlainTask, values: Record<string, string | null> = {}) => {
    const fields = Object.entries({ instance: 'web-1', ...values })
    const wish = WISHES.find((one) => one.task === task)
    const view = {
      ...startForm(catalogues.en, start, wish),
      id: 'V1',
      state: { values: Object.fromEntries(fields.map(([id, value]) => [id, { [id]: { value } }])) },
    }
    return readStartForm(catalogues.en, view, undefined, task)
  }

  it.each<[PlainTask, Record<string, string | null>, PlaybookRequest]>([
    ['reset-password', { user: ' deploy ' }, { name: 'reset-password', user: 'deploy' }],
    ['unlock', { user: 'opc' }, { name: 'unlock', user: 'opc' }],
    ['sshd', { user: 'opc' }, { name: 'sshd', user: 'opc' }],
    ['sudoers', {}, { name: 'sudoers' }],
    ['diagnose', {}, { name: 'diagnose' }],
    ['fsck', { only: null }, { name: 'fsck', only: [] }],
    ['fsck', { only: '/dev/sdb1  "/mnt/my disk"' }, { name: 'fsck', only: ['/dev/sdb1', '/mnt/my disk'] }],
    ['fstab', { only: 'UUID=1-2 nofial' }, { name: 'fstab', only: ['UUID=1-2', 'nofial'] }],
    ['kernel', {}, { name: 'kernel' }],
    ['edit', { path: ' /etc/my file ' }, { name: 'edit', path: '/etc/my file' }],
    ['shell', {}, { name: 'shell' }],
    ['reboot', {}, { name: 'reboot', how: 'graceful' }],
    ['reboot-hard', {}, { name: 'reboot', how: 'hard' }],
    ['interrupt', {}, { name: 'interrupt' }],
  ])('for %s, %j, is what the command would ask for', (task, values, playbook) => {
    expect(read(task, values)).toMatchObject({ kind: 'good', playbook, target: 'web-1', channel: 'C0OPS' })
  })

  it.each<[PlainTask, string, string | null, RegExp]>([
    ['unlock', 'user', '0day;reboot', /Not a user name/],
    ['sshd', 'user', null, /Not a user name/],
    ['fsck', 'only', 'a b c d e f g h i', /name fewer/],
    ['edit', 'path', 'etc/fstab', /A path from/],
  ])('for %s is told at %s what is wrong with %j', (task, field, value, words) => {
    expect(read(task, { [field]: value })).toEqual({ kind: 'bad', errors: { [field]: expect.stringMatching(words) } })
  })

  it('stays when the form is shown again for something that has the field, too', () => {
    const shown = (task: Task) =>
      startForm(
        catalogues.en,
        start,
        WISHES.find((wish) => wish.task === task),
      )
    const values = { instance: { instance: { value: 'web-1' } }, user: { user: { value: 'deploy' } } }
    const seen = startSeen({ ...shown('unlock'), id: 'V1', state: { values } }, undefined, new Date())

    for (const task of ['sshd', 'replace-key'] as const)
      expect(JSON.stringify(startForm(catalogues.en, seen, { wrong: 'lost-key', task }))).toContain(
        '"initial_value":"deploy"',
      )
  })

  it('is, for undo, a rescue and no instance', () => {
    const private_metadata = startMetadata(startWith(undefined, new Date(), NOBODY, HERE, ''))
    const undo = (value: string | null) => ({
      id: 'V1',
      private_metadata,
      state: { values: { of: { of: { value } } } },
    })
    expect(readUndoForm(catalogues.en, undo(' r-abc123 '))).toEqual({
      ...{ kind: 'good', rescue: 'R-ABC123', submission: 'V1', why: '', from: { channel: 'C0OPS' } },
    })
    for (const value of ['web-1', '', null])
      expect(readUndoForm(catalogues.en, undo(value))).toMatchObject({
        kind: 'bad',
        errors: { of: expect.any(String) },
      })
  })
})

describe('what is offered', () => {
  const offer: Offer = { C0OPS: ['diagnose', 'shell'], C0SANDBOX: ['shell', 'history', 'reboot'] }
  const start = startWith(undefined, new Date(), NOBODY, { offer, isElsewhere: true }, '')
  const show = (wish: Wish | undefined) => startForm(catalogues.en, start, wish)
  /** The values of an input's options, by its block. */
  const options = (wish: Wish | undefined) => {
    const Shown = z.object({
      block_id: z.string(),
      element: z.object({ options: z.array(z.object({ value: z.string() })) }),
    })
    const inputs = show(wish).blocks.flatMap((block) => Shown.safeParse(block).data ?? [])
    return Object.fromEntries(
      inputs.map(({ block_id, element }) => [block_id, element.options.map(({ value }) => value)]),
    )
  }
  const chosen = (wrong: string) => ({
    ...show(undefined),
    state: { values: { wrong: { wrong: { selected_option: { value: wrong } } } } },
  })

  it('is only what may be asked for somewhere', () => {
    expect(options(undefined)).toEqual({
      wrong: ['no-boot', 'change', 'console'],
      channel: ['C0OPS', 'C0SANDBOX'],
    })
  })

  it('is, once it is known what shall be done, only where that may be asked for', () => {
    const wrong = ['no-boot', 'change', 'console']
    expect(options({ wrong: 'change', task: 'shell' })).toEqual({
      ...{ wrong, channel: ['C0OPS', 'C0SANDBOX'] },
      'task-change': ['shell'],
    })
    const history: Wish = { wrong: 'console', task: 'history' }
    expect(options(history)).toEqual({ wrong, 'task-console': ['history', 'reboot'] })
    const filled = { ...show(history), id: 'V1', state: { values: { instance: { instance: { value: 'web-1' } } } } }
    expect(readStartForm(catalogues.en, filled, undefined, 'history')).toMatchObject({
      ...{ kind: 'good', target: 'web-1', channel: 'C0SANDBOX' },
    })
  })

  it('fits into what may travel with a form, whatever it is, and comes back', () => {
    const channels = Array.from({ length: 30 }, (_, n) => `C${String(n).padStart(20, '0')}`)
    const many = Array.from({ length: 30 }, (_, n) => listed(`web-${n}`))
    const all = Object.fromEntries(channels.map((channel) => [channel, Task.options]))
    const everything = {
      ...startWith(undefined, new Date(), { ...NOBODY, instances: many }, { offer: all, isElsewhere: true }, ''),
      recognised: 'unlisted' as const,
      unclear: '"'.repeat(200),
    }
    for (const wish of WISHES) {
      const form = startForm(catalogues.en, everything, wish)
      expect(form.private_metadata?.length).toBeLessThanOrEqual(3000)
      const { offer } = readMetadata({ private_metadata: form.private_metadata ?? '' })
      expect(offer).toEqual(Object.fromEntries(Object.entries(all).slice(0, 10)))
    }
  })

  it('is all that can be chosen', () => {
    expect(readWish(chosen('change'))).toEqual({ wrong: 'change', task: 'shell' })
    expect(readWish(chosen('console'))).toEqual({ wrong: 'console', task: 'history' })
    expect(readWish(chosen('lost-key'))).toBeUndefined()
  })
})
