/** The form for what needs to know no more than the instance, and sometimes a file: its look, and reading what was filled in. */
import type { KnownBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { AbsolutePath, type PlaybookRequest } from '../../core/record/playbooks.ts'
import type { Directory } from '../instances/directory.ts'
import { context, plainText } from '../slack/blocks.ts'
import { TASK_FORM } from '../slack/names.ts'
import { Text, textInput, whyInput } from './inputs.ts'
import { type FilledStart, readStart, type Start, startFields, startMetadata } from './start-fields.ts'

/** Slack's own limit for a text input is far above it. */
const LONGEST_PATH = 1024

/** Those besides the path, if there is one. */
const REQUESTS = {
  diagnose: { name: 'diagnose' },
  shell: { name: 'shell' },
  history: { name: 'history' },
  screenshot: { name: 'screenshot' },
  reboot: { name: 'reboot', how: 'graceful' },
  'reboot-hard': { name: 'reboot', how: 'hard' },
} as const satisfies Readonly<Record<string, PlaybookRequest>>

export type PlainTask = keyof typeof REQUESTS | 'edit'

export function taskForm(text: Catalogue, start: Start, task: PlainTask): ModalView {
  const { start: words, modal } = text.commands
  return {
    type: 'modal',
    callback_id: TASK_FORM,
    private_metadata: startMetadata(start),
    title: plainText(words.title, 24),
    submit: plainText(modal.submit, 24),
    close: plainText(modal.close, 24),
    blocks: [
      context(words.intros[task]),
      ...startFields(text, start),
      ...pathFields(words, task),
      whyInput(text, start.why),
    ],
  }
}

function pathFields(words: Catalogue['commands']['start'], task: PlainTask): readonly KnownBlock[] {
  return task === 'edit' ? [textInput('path', words.path, words.pathHint, LONGEST_PATH, '')] : []
}

const Submitted = z.object({
  state: z.object({ values: z.object({ path: z.object({ path: Text }).optional() }) }),
})

export function readTaskForm(
  text: Catalogue,
  view: unknown,
  directory: Directory | undefined,
  task: PlainTask,
): FilledStart {
  const { errors, ...place } = readStart(text, view, directory)
  const typed = (Submitted.parse(view).state.values.path?.path.value ?? '').trim()
  const path = AbsolutePath.safeParse(typed)
  const isWrong = task === 'edit' && !path.success
  const all = { ...errors, ...(isWrong ? { path: text.commands.start.badPath } : {}) }
  if (Object.keys(all).length > 0) return { kind: 'bad', errors: all }
  return {
    kind: 'good',
    playbook: task === 'edit' ? { name: 'edit', path: path.data ?? '' } : REQUESTS[task],
    ...place,
  }
}
