/**
 * What comes of a form that was sent. Slack waits three seconds for it; what takes longer is shown in the form's place
 * once it is known, so that nobody is told that it failed when it did not.
 */
import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { escapeMrkdwn } from '../slack/text.ts'

/** From when the form has come, for all that is asked before Slack is answered; the rest of the three seconds is the way there and back. */
export const ANSWER_WITHIN_MS = 2000
/** What is shown later must not overtake the answer that it takes the place of. */
const ANSWER_ARRIVES_MS = 500

export type FormAnswer =
  /** `done`: what to say where it is too late for just closing the form. */
  | { readonly kind: 'closed'; readonly done: string }
  /** Sentences by the input they belong to. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'notice'; readonly mrkdwn: string }
  /** Another form in its place. */
  | { readonly kind: 'form'; readonly view: ModalView }

export interface OpenForm {
  readonly ack: (response?: ViewResponseAction) => Promise<void>
  /** Shows another view in its place, after it was acknowledged. */
  readonly show: (view: ModalView) => Promise<void>
  readonly notice: (mrkdwn: string) => ModalView
  /** Stands in its place until the answer is known. */
  readonly working: string
}

export async function giveAnswer(form: OpenForm, answer: Promise<FormAnswer>, withinMs: number): Promise<void> {
  const inTime = await Promise.race([answer, later(withinMs)])
  if (inTime !== undefined) return await form.ack(...responseTo(form, inTime))
  await form.ack({ response_action: 'update', view: form.notice(form.working) })
  const [known] = await Promise.all([answer, later(ANSWER_ARRIVES_MS)])
  await form.show(viewOf(form, known))
}

function responseTo(form: OpenForm, answer: FormAnswer): [] | [ViewResponseAction] {
  if (answer.kind === 'closed') return []
  if (answer.kind === 'errors') return [{ response_action: 'errors', errors: { ...answer.errors } }]
  return [{ response_action: 'update', view: viewOf(form, answer) }]
}

function viewOf({ notice }: OpenForm, answer: FormAnswer): ModalView {
  switch (answer.kind) {
    case 'closed':
      return notice(answer.done)
    case 'errors':
      return notice(Object.values(answer.errors).map(escapeMrkdwn).join('\n'))
    case 'notice':
      return notice(answer.mrkdwn)
    case 'form':
      return answer.view
    default:
      return answer satisfies never
  }
}

function later(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds), undefined))
}
