/** The modals each person has open: a stack of at most three, the last one on top. */
import type { ViewRequest } from './check-blocks.ts'
import { secret, slackId } from './ids.ts'
import type { StateValues } from './input-values.ts'
import { SlackRefusal } from './refusal.ts'

/** Slack's view object, field by field as it goes to the app. */
export interface OpenView {
  readonly id: string
  readonly team_id: string
  readonly type: 'modal'
  readonly title: ViewRequest['title']
  readonly blocks: ViewRequest['blocks']
  readonly submit: NonNullable<ViewRequest['submit']> | null
  readonly close: NonNullable<ViewRequest['close']> | null
  readonly private_metadata: string
  readonly callback_id: string
  readonly external_id: string
  readonly state: { readonly values: StateValues }
  readonly hash: string
  readonly clear_on_close: boolean
  readonly notify_on_close: boolean
  readonly submit_disabled: boolean
  readonly root_view_id: string
  readonly previous_view_id: string | null
  readonly app_id: string
  readonly app_installed_team_id: string
  readonly bot_id: string
}

/** Whose views these are; the same in each of them. */
export interface ViewOwner {
  readonly team_id: string
  readonly app_id: string
  readonly app_installed_team_id: string
  readonly bot_id: string
}

/** Slack's `push_limit_reached`. */
const DEEPEST_STACK = 3

export class Views {
  readonly #owner: ViewOwner
  readonly #tell: (user: string, views: readonly OpenView[]) => void
  readonly #now: () => number
  readonly #stacks = new Map<string, readonly OpenView[]>()

  constructor(owner: ViewOwner, now: () => number, tell: (user: string, views: readonly OpenView[]) => void) {
    this.#owner = owner
    this.#now = now
    this.#tell = tell
  }

  /** What `user` has open, the bottom first. */
  of(user: string): readonly OpenView[] {
    return this.#stacks.get(user) ?? []
  }

  /** Opens a new stack, closing what that person had open. */
  open(user: string, request: ViewRequest): OpenView {
    this.#refuseUsedExternalId(request)
    const view = this.#make(request, undefined)
    this.#set(user, [view])
    return view
  }

  push(user: string, request: ViewRequest): OpenView {
    this.#refuseUsedExternalId(request)
    const stack = this.of(user)
    if (stack.length >= DEEPEST_STACK) throw new SlackRefusal('push_limit_reached')
    const view = this.#make(request, stack.at(-1))
    this.#set(user, [...stack, view])
    return view
  }

  /** Replaces an open view in place; a `hash` that is not the current one means somebody else was faster. */
  update(id: string, request: ViewRequest, hash?: string): OpenView {
    const found = this.find(id)
    if (found === undefined) throw new SlackRefusal('not_found')
    if (hash !== undefined && hash !== found.view.hash) throw new SlackRefusal('hash_conflict')
    const view = { ...this.#make(request, undefined), id, ...placeOf(found.view) }
    this.#set(
      found.user,
      this.of(found.user).map((other) => (other.id === id ? view : other)),
    )
    return view
  }

  /** Removes it and everything above it. */
  close(id: string): void {
    const found = this.find(id)
    if (found === undefined) return
    const stack = this.of(found.user)
    this.#set(found.user, stack.slice(0, stack.indexOf(found.view)))
  }

  clear(user: string): void {
    this.#set(user, [])
  }

  find(id: string): { user: string; view: OpenView } | undefined {
    return this.#findBy((view) => view.id === id)
  }

  findByExternalId(externalId: string): { user: string; view: OpenView } | undefined {
    return this.#findBy((view) => view.external_id === externalId)
  }

  #findBy(matches: (view: OpenView) => boolean): { user: string; view: OpenView } | undefined {
    for (const [user, stack] of this.#stacks) {
      const view = stack.find(matches)
      if (view !== undefined) return { user, view }
    }
    return undefined
  }

  #set(user: string, stack: readonly OpenView[]): void {
    this.#stacks.set(user, stack)
    this.#tell(user, stack)
  }

  #refuseUsedExternalId({ external_id: id }: ViewRequest): void {
    if (id !== undefined && id !== '' && this.findByExternalId(id) !== undefined)
      throw new SlackRefusal('duplicate_external_id')
  }

  #make(request: ViewRequest, below: OpenView | undefined): OpenView {
    const id = slackId('V')
    return {
      ...this.#owner,
      id,
      type: 'modal',
      title: request.title,
      blocks: request.blocks,
      submit: request.submit ?? null,
      close: request.close ?? null,
      private_metadata: request.private_metadata ?? '',
      callback_id: request.callback_id ?? '',
      external_id: request.external_id ?? '',
      state: { values: {} },
      hash: `${Math.floor(this.#now() / 1000)}.${secret(4)}`,
      clear_on_close: request.clear_on_close ?? false,
      notify_on_close: request.notify_on_close ?? false,
      submit_disabled: request.submit_disabled ?? false,
      root_view_id: below?.root_view_id ?? id,
      previous_view_id: below?.id ?? null,
    }
  }
}

function placeOf({ root_view_id, previous_view_id }: OpenView) {
  return { root_view_id, previous_view_id }
}

/** An open view of that person; refuses with `not_found` for somebody else's. */
export function ownView(views: Views, user: string, id: string): OpenView {
  const found = views.find(id)
  if (found === undefined || found.user !== user) throw new SlackRefusal('not_found')
  return found.view
}
