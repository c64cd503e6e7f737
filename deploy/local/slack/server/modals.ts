/** What people do in a modal: act in it, submit it, close it; and what the app's answer then does to the stack of views. */
import { z } from 'zod'
import { checkView } from './check-blocks.ts'
import { actedOn, type Click, type Means, type Outcome } from './deeds.ts'
import { clientErrors, type Entered, stateValues } from './input-values.ts'
import type { SlackUser } from './options.ts'
import { closedPayload, submissionPayload, viewActionPayload } from './payloads.ts'
import { SlackRefusal } from './refusal.ts'
import { type OpenView, ownView } from './views.ts'

/** What a person sees after pressing the submit button. */
export type Submission =
  | { kind: 'closed'; milliseconds: number }
  /** The modal stays, or another one is shown: `view` is on top now. */
  | { kind: 'shown'; view: OpenView; milliseconds: number }
  /** By block id: said by Slack's own client, or by the app. */
  | { kind: 'errors'; errors: Readonly<Record<string, string>> }
  /** "We had some trouble connecting. Try again?" */
  | { kind: 'failed'; error: string }

const ViewResponse = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('push'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
])

export async function submit(means: Means, user: SlackUser, viewId: string, entered: Entered): Promise<Submission> {
  const view = ownView(means.workspace.views, user.id, viewId)
  if (view.submit === null) throw new SlackRefusal('view_has_no_submit')
  const values = stateValues(view.blocks, entered, (id) => means.workspace.files.find(id)?.object)
  const errors = clientErrors(view.blocks, values)
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors }
  const submitted = { ...view, state: { values } }
  const triggerId = means.triggers.issue({ user: user.id, view: view.id })
  const payload = submissionPayload({ workspace: means.workspace, user }, submitted, triggerId)
  const delivery = await means.sockets.deliver('interactive', payload)
  if (delivery.kind === 'failed') return delivery
  means.acknowledged(delivery.milliseconds)
  return follow(means, user, view, delivery.payload, delivery.milliseconds)
}

/** A button or a choice inside a modal. */
export async function actInView(
  means: Means,
  user: SlackUser,
  viewId: string,
  given: Click,
  entered: Entered,
): Promise<Outcome> {
  const { workspace, triggers } = means
  const view = ownView(means.workspace.views, user.id, viewId)
  const values = stateValues(
    view.blocks,
    given.value === undefined ? entered : { ...entered, [given.actionId]: given.value },
    (id) => workspace.files.find(id)?.object,
  )
  const acted = actedOn(view.blocks, given, values, workspace.nextTs())
  const shown = { ...view, state: { values } }
  const triggerId = triggers.issue({ user: user.id, view: view.id })
  const delivery = await means.sockets.deliver(
    'interactive',
    viewActionPayload({ workspace, user }, shown, acted, triggerId),
  )
  if (delivery.kind === 'failed') return delivery
  means.acknowledged(delivery.milliseconds)
  return { kind: 'done', milliseconds: delivery.milliseconds }
}

/** The X or the close button; with `all`, the whole stack. Apps that asked for it get `view_closed`. */
export async function closeView(means: Means, user: SlackUser, viewId: string, all = false): Promise<void> {
  const { workspace, sockets } = means
  const view = ownView(means.workspace.views, user.id, viewId)
  const isCleared = all || view.clear_on_close
  const closed = isCleared ? workspace.views.of(user.id) : [view]
  if (isCleared) workspace.views.clear(user.id)
  else workspace.views.close(view.id)
  const told = closed.filter((one) => one.notify_on_close)
  await Promise.all(
    told.map((one) => sockets.deliver('interactive', closedPayload({ workspace, user }, one, isCleared))),
  )
}

/** Carries out a `response_action`; an answer Slack could not use leaves the modal open with a complaint. */
function follow(
  { workspace }: Means,
  user: SlackUser,
  view: OpenView,
  answer: unknown,
  milliseconds: number,
): Submission {
  const { views, files, violations } = workspace
  if (isEmpty(answer)) {
    views.close(view.id)
    return shownNow(views.of(user.id).at(-1), milliseconds)
  }
  const parsed = ViewResponse.safeParse(answer)
  if (!parsed.success) return { kind: 'failed', error: 'invalid_response_action' }
  const check = (given: unknown) => {
    violations.view(given)
    return checkView(given, (file) => files.pictureExists(file))
  }
  try {
    switch (parsed.data.response_action) {
      case 'errors':
        return errorsFor(view, parsed.data.errors)
      case 'update':
        return { kind: 'shown', view: views.update(view.id, check(parsed.data.view)), milliseconds }
      case 'push':
        return { kind: 'shown', view: views.push(user.id, check(parsed.data.view)), milliseconds }
      case 'clear':
        views.clear(user.id)
        return { kind: 'closed', milliseconds }
      default:
        return parsed.data satisfies never
    }
  } catch (error) {
    if (error instanceof SlackRefusal) return { kind: 'failed', error: error.error }
    throw error
  }
}

function isEmpty(answer: unknown): boolean {
  return answer === undefined || answer === null || (typeof answer === 'object' && Object.keys(answer).length === 0)
}

function shownNow(view: OpenView | undefined, milliseconds: number): Submission {
  return view === undefined ? { kind: 'closed', milliseconds } : { kind: 'shown', view, milliseconds }
}

/** Slack refuses errors for blocks that are not inputs of this view. */
function errorsFor(view: OpenView, errors: Readonly<Record<string, string>>): Submission {
  const inputs = new Set(view.blocks.flatMap((block) => (block.type === 'input' ? [block.block_id] : [])))
  const areKnown = Object.keys(errors).length > 0 && Object.keys(errors).every((id) => inputs.has(id))
  return areKnown ? { kind: 'errors', errors } : { kind: 'failed', error: 'invalid_response_action' }
}
