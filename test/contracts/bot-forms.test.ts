/**
 * Whatever instances are called and whatever was typed, the forms are ones that Slack opens, and nothing in them acts: each
 * of them, in all languages. A new form needs a line here.
 */

import type { ModalView } from '@slack/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusedAnswer } from '../../bot/actions/refused-answer.ts'
import { type Directory, directoryOf } from '../../bot/instances/directory.ts'
import { mentioned } from '../../bot/instances/mentioned.ts'
import { connectForm } from '../../bot/modals/connect-form.ts'
import { editForm } from '../../bot/modals/edit-form.ts'
import { grubPasswordForm } from '../../bot/modals/grub-password-form.ts'
import { reasonForm, type WithReason } from '../../bot/modals/reason-form.ts'
import { noticeView, replaceKeyForm } from '../../bot/modals/replace-key-form.ts'
import { sendFileForm } from '../../bot/modals/send-file-form.ts'
import { shellLineForm } from '../../bot/modals/shell-line-form.ts'
import { otherWay, type Start, startTyped, startWith } from '../../bot/modals/start-fields.ts'
import { startForm } from '../../bot/modals/start-form.ts'
import { taskForm } from '../../bot/modals/task-form.ts'
import { isWrong, type Offer, TASKS, Task, type Wish } from '../../bot/modals/tasks.ts'
import { undoForm } from '../../bot/modals/undo-form.ts'
import * as names from '../../bot/slack/names.ts'
import { clean, mentionChannel, say } from '../../bot/slack/text.ts'
import { type Catalogue, catalogues } from '../../core/i18n/catalogue.ts'
import { fitsForm } from '../../core/record/file-text.ts'
import { type Hostile, hostile, TAME } from '../helpers/hostile.ts'
import { inventoryOf, listed } from '../helpers/inventory.ts'
import { RESCUE } from '../helpers/thread-events.ts'
import { unfitView } from '../helpers/unfit.ts'

type Views = (text: Catalogue, facts: Hostile) => readonly ModalView[]

const PLACE = { channel: 'C0OPS', message: '1700000000.000100' }
const ASK = { rescue: RESCUE, ask: '0'.repeat(16), ...PLACE }
const NOW = new Date('2026-11-01T03:00:00.000Z')

/** By the name under which Slack sends it back; several where it has several looks. */
const FORMS: Readonly<Record<string, Views>> = {
  [names.START_FORM]: (text, facts) =>
    startsOf(facts)
      .filter(isOffering)
      .flatMap((start, index) =>
        [undefined, WISHES[(facts.which + index) % WISHES.length]].map((wish) => startForm(text, start, wish)),
      ),
  [names.TASK_FORM]: (text, facts) =>
    startsOf(facts).flatMap((start) =>
      (['diagnose', 'unlock', 'fstab', 'edit'] as const).map((task) => taskForm(text, start, task)),
    ),
  [names.UNDO_FORM]: (text, facts) => startsOf(facts).map((start) => undoForm(text, start)),
  [names.REPLACE_KEY_FORM]: (text, facts) => startsOf(facts).map((start) => replaceKeyForm(text, start, 'opc')),
  [names.CONNECT_FORM]: (text, facts) => startsOf(facts).map((start) => connectForm(text, start)),
  [names.SHELL_LINE_FORM]: (text) => [shellLineForm(text, { rescue: RESCUE, ...PLACE })],
  [names.EDIT_FORM]: (text, { path, file }) => [editForm(text, ASK, { path, text: editable(file) })],
  [names.SEND_FILE_FORM]: (text, { path }) => [sendFileForm(text, ASK, path)],
  [names.GRUB_PASSWORD_FORM]: (text) => [
    grubPasswordForm(text, ASK, 'grub-password'),
    grubPasswordForm(text, ASK, 'grub-legacy-password'),
  ],
  [names.DENY_FORM]: (text, facts) => reasonForms(text, 'denied', facts),
  [names.BREAK_GLASS_FORM]: (text, facts) => reasonForms(text, 'broke-glass', facts),
}

/** In place of a form. */
const notices: Views = (text, { name, target }) => {
  const by = { kind: 'person', enterprise: null, team: name, user: name } as const
  return [
    refusedAnswer(text, { kind: 'already-answered', by, at: target }),
    say(text.commands.start.begun, { rescue: RESCUE, channel: mentionChannel(target) }),
  ].map((mrkdwn) => noticeView(text, text.commands.start.title, mrkdwn))
}

const offer: Offer = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`C0OPS${index}`, [...Task.options]]))
const WISHES: readonly Wish[] = Object.entries(TASKS).flatMap(([wrong, tasks]) =>
  isWrong(wrong) ? tasks.map((task) => ({ wrong, task })) : [],
)

function directoryWith({ name, target, line, rows, code }: Hostile): Directory {
  const instances = [name, target, ...rows].map((one, index) =>
    listed(one, {
      ...{ id: `ocid1.instance.oc1.ap-tokyo-1.${index}`, state: code, shape: line, compartment: name },
      addresses: [line, one],
    }),
  )
  return directoryOf({ inventory: { ...inventoryOf(...instances), leftOut: 3 }, listedAt: NOW })
}

/** As commands and messages open them: typed, chosen from the list, and without one. */
function startsOf(facts: Hostile): readonly Start[] {
  const { name, line, target } = facts
  const directory = directoryWith(facts)
  const place = { offer, isElsewhere: facts.isSo }
  const [first] = directory.listing.inventory.instances
  const chosen = { instances: first === undefined ? [] : [first], unlisted: undefined }
  const unlisted = { instances: [], unlisted: name }
  const starts = [
    startTyped(name, 'C0OPS', line),
    startWith(directory, NOW, chosen, place, line),
    startWith(directory, NOW, mentioned(directory, `${line} ${name} ${target}`), place, line),
    startWith(directory, NOW, unlisted, place, line),
    startWith(undefined, NOW, unlisted, place, line),
  ]
  const said = { user: name, only: [line, target], path: facts.path, of: target }
  const told = starts.map((start): Start => ({ ...start, said, unclear: clean(line) }))
  return [...starts, ...told.map((start) => otherWay(start, directory, NOW))]
}

/** One that was opened for one thing asks for nothing else. */
function isOffering(start: Start): boolean {
  return Object.keys(start.offer).length > 0
}

/** What of it is shown in a form; the rest is sent as a file. */
function editable(lines: readonly string[]): string {
  const text = lines.map((line) => line.slice(0, 2000)).join('\n')
  return fitsForm(text) ? text : editable(lines.slice(1))
}

function reasonForms(text: Catalogue, decision: WithReason, { name, which }: Hostile): readonly ModalView[] {
  const [channel, message] = ['C'.repeat(50), '1'.repeat(50)]
  return ([1, 2] as const).map((gate) => {
    const reference = { rescue: RESCUE, gate, planHash: 'a'.repeat(64), opened: 999_999_999, channel, message }
    return reasonForm(text, decision, reference, { instance: name, least: which % 500 })
  })
}

/** What has got through once: what looks like a mention, and an instance of which nothing can be said. */
const EXAMPLES: readonly Hostile[] = [
  { ...TAME, name: '<!channel>' },
  { ...TAME, name: '', line: '', code: '\u0000', rows: [] },
]

function areTaken(views: Views): void {
  fc.assert(
    fc.property(hostile, (facts) => {
      for (const text of Object.values(catalogues))
        for (const form of views(text, facts)) expect(unfitView(form)).toEqual([])
    }),
    { numRuns: 30, examples: EXAMPLES.map((facts) => [facts]) },
  )
}

describe('a form', () => {
  it.each(Object.entries(FORMS))('is one that Slack opens, whatever is in it: %s', (_, views) => areTaken(views))

  it('is one that Slack opens also when it only says something', () => areTaken(notices))

  it('is among those here', () => {
    const all = Object.entries(names).flatMap(([name, id]) => (name.endsWith('_FORM') ? [id] : []))

    expect(Object.keys(FORMS)).toEqual(expect.arrayContaining(all))
    for (const [id, views] of Object.entries(FORMS))
      expect(views(catalogues.en, TAME).map(({ callback_id }) => callback_id)).toContain(id)
  })
})
