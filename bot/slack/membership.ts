/**
 * Who is in a user group or a channel, asked of Slack when it matters. An answer is good for seconds; no answer is an
 * error, and never a yes.
 */
import type { WebClient } from '@slack/web-api'
import type { Members } from '../../core/approvals/people.ts'
import type { Who } from '../../core/approvals/policy.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Allowance, Allowances } from '../../core/store/allowances.ts'

/** Long enough for the second click of somebody in a hurry. */
const KEPT_MS = 5000
/** While Slack may not be asked again yet, an answer that is no older than this is taken once more: for as long as it is kept. */
const STILL_GOOD_MS = 15_000
/** usergroups.users.list is tier 2: 20 a minute for all groups and all bots of a workspace; a few are left free. */
const GROUP_LOOKUPS: readonly Allowance[] = [{ calls: 18, milliseconds: 61_000 }]
/** Anybody can ask for a form, as often as they like: some are kept for whoever decides about a machine that is down. */
const REQUEST_LOOKUPS: readonly Allowance[] = [{ calls: 10, milliseconds: 61_000 }]
const LOOKUPS = { decision: GROUP_LOOKUPS, request: REQUEST_LOOKUPS } as const
/** The most that one call gives (docs: conversations.members). */
const MEMBERS_PER_PAGE = 1000
/** A channel with more members than these pages hold says nothing about who is trusted. */
const MOST_PAGES = 5

type Places = Pick<Who, 'groups' | 'channels'>

/** What the answer is for: whether somebody may ask for a rescue, or may decide about one. */
export type Purpose = keyof typeof LOOKUPS

interface Kind {
  readonly ask: (id: string) => Promise<ReadonlySet<string>>
  /** Channels are tier 4: nobody clicks so often. */
  readonly mayAsk: () => Promise<boolean>
}

interface Answer {
  readonly members: ReadonlySet<string>
  /** When Slack was asked. */
  readonly at: number
}

interface Known {
  readonly asked: Promise<Answer>
  readonly until: number
}

export class Membership {
  readonly #client: WebClient
  readonly #now: () => number
  readonly #lookups: Pick<Allowances, 'take'>
  readonly #known = new Map<string, Known>()

  /**
   * `client` must neither retry nor wait: somebody has pressed a button. `lookups` are shared by all bots, and are of
   * nothing else. `now` in milliseconds, only ever growing.
   */
  constructor(client: WebClient, lookups: Pick<Allowances, 'take'>, now: () => number) {
    this.#client = client
    this.#lookups = lookups
    this.#now = now
  }

  /** @throws RescueError `membership-unknown`: Slack did not say, so nobody can tell who may do what. */
  async of({ groups, channels }: Places, purpose: Purpose): Promise<Members> {
    const [ofGroups, ofChannels] = await Promise.all([
      this.#each(groups, { ask: (id) => this.#inGroup(id), mayAsk: () => this.#mayAskOfGroup(purpose) }),
      this.#each(channels, { ask: (id) => this.#inChannel(id), mayAsk: async () => true }),
    ])
    return { groups: ofGroups, channels: ofChannels }
  }

  async #each(ids: readonly string[], kind: Kind): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    return new Map(await Promise.all(ids.map(async (id) => [id, await this.#ask(id, kind)] as const)))
  }

  /** Several who ask at once get one answer; a failure is not kept. */
  async #ask(id: string, kind: Kind): Promise<ReadonlySet<string>> {
    const known = this.#known.get(id)
    const now = this.#now()
    if (known !== undefined && known.until > now) return (await known.asked).members
    const asked = this.#answer(id, kind, known).catch((cause) => {
      if (known === undefined) this.#known.delete(id)
      else this.#known.set(id, known)
      throw new RescueError('cloud', 'membership-unknown', `Slack did not say who is in ${id}`, { cause })
    })
    this.#known.set(id, { asked, until: now + KEPT_MS })
    return (await asked).members
  }

  async #answer(id: string, { ask, mayAsk }: Kind, known: Known | undefined): Promise<Answer> {
    const at = this.#now()
    if (await mayAsk()) return { members: await ask(id), at }
    const before = await known?.asked
    if (before !== undefined && at < before.at + STILL_GOOD_MS) return before
    throw new Error('Slack was asked as often as it allows in a minute')
  }

  async #mayAskOfGroup(purpose: Purpose): Promise<boolean> {
    const { wait } = await this.#lookups.take([{ name: 'groups', allowances: LOOKUPS[purpose] }])
    return wait === 0
  }

  /** Scope usergroups:read. */
  async #inGroup(usergroup: string): Promise<ReadonlySet<string>> {
    const { users = [] } = await this.#client.usergroups.users.list({ usergroup })
    return new Set(users)
  }

  /** Scope channels:read, or groups:read for a private one, which the bot has to be in. */
  async #inChannel(channel: string): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    let cursor: string | undefined
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const paging = { channel, limit: MEMBERS_PER_PAGE, ...(cursor === undefined ? {} : { cursor }) }
      const { members = [], response_metadata } = await this.#client.conversations.members(paging)
      for (const member of members) found.add(member)
      cursor = response_metadata?.next_cursor
      if (cursor === undefined || cursor === '') return found
    }
    throw new Error(`${channel} has more members than ${MOST_PAGES * MEMBERS_PER_PAGE}`)
  }
}
