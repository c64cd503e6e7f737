/**
 * The one way in: what is wrong, on which instance, and then only the fields that this needs. The fields are those of the
 * form that does it; here the two questions are put on top of it.
 */
import type { InputBlock, ModalView, PlainTextOption } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Directory } from '../instances/directory.ts'
import { DEFAULT_USER } from '../read-request.ts'
import { context, plainText } from '../slack/blocks.ts'
import { ACTIONS, CONNECT_FORM, REPLACE_KEY_FORM, START_FORM, TASK_FORM, UNDO_FORM } from '../slack/names.ts'
import { connectForm, readConnectForm } from './connect-form.ts'
import { whyInput } from './inputs.ts'
import { Chosen } from './instance-field.ts'
import { readReplaceKeyForm, replaceKeyForm } from './replace-key-form.ts'
import { type FilledStart, readMetadata, type Start, startFields, startFor, startModal } from './start-fields.ts'
import { hasFieldOf, readTaskForm, taskForm } from './task-form.ts'
import { isWrong, type Offer, type Task, tasksOffered, type Wish, type Wrong, wrongsOffered } from './tasks.ts'
import { undoForm } from './undo-form.ts'

/** The same block would keep what was chosen in it, which is none of the other tasks. */
function taskBlock(wrong: Wrong): string {
  return `task-${wrong}`
}

/** Offers only what stands in the offer of `start`. */
export function startForm(text: Catalogue, start: Start, wish: Wish | undefined): ModalView {
  const words = text.commands.start
  const { offer } = start
  if (wish === undefined)
    return startModal(text, START_FORM, start, [
      context(text.commands.modal.intro),
      wrongInput(words, offer, undefined),
      ...startFields(text, start),
      whyInput(text, start.why),
    ])
  const form = formFor(text, startFor(start, wish.task), wish.task)
  return {
    ...form,
    title: plainText(words.title, 24),
    blocks: [wrongInput(words, offer, wish.wrong), taskInput(words, offer, wish), ...form.blocks],
  }
}

function formFor(text: Catalogue, start: Start, task: Task): ModalView {
  switch (task) {
    case 'replace-key':
      return replaceKeyForm(text, start, start.said.user ?? DEFAULT_USER)
    case 'connect':
      return connectForm(text, start)
    case 'undo':
      return undoForm(text, start)
    default:
      return taskForm(text, start, task)
  }
}

function wrongInput(words: Catalogue['commands']['start'], offer: Offer, wrong: Wrong | undefined): InputBlock {
  const option = (one: Wrong): PlainTextOption => ({
    text: plainText(words.wrongs[one].name, 75),
    description: plainText(words.wrongs[one].about, 75),
    value: one,
  })
  return {
    type: 'input',
    block_id: 'wrong',
    dispatch_action: true,
    label: plainText(words.wrong, 2000),
    element: {
      type: 'radio_buttons',
      action_id: ACTIONS.wrong,
      options: wrongsOffered(offer).map(option),
      ...(wrong === undefined ? {} : { initial_option: option(wrong) }),
    },
  }
}

function taskInput(words: Catalogue['commands']['start'], offer: Offer, { wrong, task }: Wish): InputBlock {
  const option = (one: Task): PlainTextOption => ({ text: plainText(words.taskNames[one], 75), value: one })
  return {
    type: 'input',
    block_id: taskBlock(wrong),
    dispatch_action: true,
    label: plainText(words.task, 2000),
    element: {
      type: 'static_select',
      action_id: ACTIONS.task,
      options: tasksOffered(offer, wrong).map(option),
      initial_option: option(task),
    },
  }
}

const Shown = z.object({
  callback_id: z.string(),
  private_metadata: z.string(),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }),
})

/** What is chosen in a form of what it offers; undefined when nothing is yet, or when the form does not ask. */
export function readWish(view: unknown): Wish | undefined {
  const { private_metadata, state } = Shown.parse(view)
  const { values } = state
  const choice = (block: string, action: string) =>
    Chosen.safeParse(values[block]?.[action]).data?.selected_option?.value
  const wrong = choice('wrong', ACTIONS.wrong)
  if (wrong === undefined || !isWrong(wrong)) return undefined
  const tasks = tasksOffered(readMetadata({ private_metadata }).offer, wrong)
  const chosen = choice(taskBlock(wrong), ACTIONS.task)
  const task = tasks.find((one) => one === chosen) ?? tasks[0]
  return task && { wrong, task }
}

/** True: the fields are still those of what was chosen before; whoever is quick can send them like that. */
export function isBehind(view: unknown, wish: Wish): boolean {
  return Shown.parse(view).callback_id !== formNameOf(wish.task) || !hasFieldOf(wish.task, view)
}

function formNameOf(task: Task): string {
  switch (task) {
    case 'replace-key':
      return REPLACE_KEY_FORM
    case 'connect':
      return CONNECT_FORM
    case 'undo':
      return UNDO_FORM
    default:
      return TASK_FORM
  }
}

/** Of a form that asks what is wrong, and has the fields for what was chosen. */
export function readStartForm(
  text: Catalogue,
  view: unknown,
  directory: Directory | undefined,
  task: Exclude<Task, 'undo'>,
): FilledStart {
  switch (task) {
    case 'replace-key':
      return readReplaceKeyForm(text, view, directory)
    case 'connect':
      return readConnectForm(text, view, directory)
    default:
      return readTaskForm(text, view, directory, task)
  }
}
