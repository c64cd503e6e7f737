/** The form for what needs to know little more than the instance: its look, and reading what was filled in. */
import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Directory } from '../instances/directory.ts'
import { asTyped, DEFAULT_USER, readRequest, type Said, takenBy } from '../read-request.ts'
import { context } from '../slack/blocks.ts'
import { TASK_FORM } from '../slack/names.ts'
import { clean } from '../slack/text.ts'
import { LONGEST_USER, textInput, whyInput } from './inputs.ts'
import { type FilledStart, readStart, type Start, saidIn, startFields, startModal } from './start-fields.ts'
import { playbookOf, type Task } from './tasks.ts'

/** Slack's own limit for a text input is far above it. */
const LONGEST_PATH = 1024
const LONGEST_LIST = 2000

export type PlainTask = Exclude<Task, 'replace-key' | 'connect' | 'undo'>

export function taskForm(text: Catalogue, start: Start, task: PlainTask): ModalView {
  return startModal(text, TASK_FORM, start, [
    context(text.commands.start.intros[task]),
    ...startFields(text, start),
    ...ownFields(text, start, task),
    whyInput(text, start.why),
  ])
}

function ownFields({ commands }: Catalogue, { said }: Start, task: PlainTask): readonly InputBlock[] {
  const { start: words, modal } = commands
  switch (ownField(task)) {
    case 'user':
      return [textInput('user', modal.user, words.userHint, LONGEST_USER, said.user ?? DEFAULT_USER)]
    case 'only': {
      const hint = task === 'fsck' ? words.onlyHints.fsck : words.onlyHints.fstab
      const value = clean(asTyped(said.only ?? []), LONGEST_LIST)
      return [{ ...textInput('only', words.only, hint, LONGEST_LIST, value), optional: true }]
    }
    case 'path':
      return [textInput('path', words.path, words.pathHint, LONGEST_PATH, said.path ?? '')]
    default:
      return []
  }
}

function ownField(task: Task) {
  return takenBy(playbookOf(task)).field
}

const Shown = z.object({ state: z.object({ values: z.record(z.string(), z.unknown()) }) })

/** Whether the form that is shown has the field that this task needs. */
export function hasFieldOf(task: Task, view: unknown): boolean {
  const field = ownField(task)
  return field === undefined || Object.hasOwn(Shown.parse(view).state.values, field)
}

export function readTaskForm(
  text: Catalogue,
  view: unknown,
  directory: Directory | undefined,
  task: PlainTask,
): FilledStart {
  const { errors: startErrors, ...place } = readStart(text, view, directory)
  const playbook = readRequest(playbookOf(task), wordsOf(saidIn(view), task))
  const errors = { ...startErrors, ...(playbook === undefined ? fieldError(text, task) : {}) }
  if (playbook === undefined || Object.keys(errors).length > 0) return { kind: 'bad', errors }
  return { kind: 'good', playbook, ...place }
}

/** As they would be typed behind the instance. */
function wordsOf({ user = '', only = [], path = '' }: Said, task: PlainTask): readonly string[] {
  switch (ownField(task)) {
    case 'user':
      return [user.trim()]
    case 'only':
      return only
    case 'path':
      return [path.trim()]
    default:
      return task === 'reboot-hard' ? ['hard'] : []
  }
}

function fieldError({ commands }: Catalogue, task: PlainTask): Readonly<Record<string, string>> {
  switch (ownField(task)) {
    case 'user':
      return { user: commands.modal.badUser }
    case 'only':
      return { only: commands.start.badOnly }
    case 'path':
      return { path: commands.start.badPath }
    default:
      return { task: commands.start.nothingWrong }
  }
}
