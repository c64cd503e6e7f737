/**
 * Who is in a user group or a channel, asked of Slack when it matters. An answer is good for seconds; no answer is an
 * error, and never a yes.
 */
import type { WebClient } from '@slack/web-api'
import type { Members } from '../../core/approvals/people.ts'
import type { Who } from '../../core/approvals/policy.ts'
import { RescueError } from '../../core/base/errors.ts'

/** Long enough for the second click of somebody in a hurry; usergroups.users.list may be called 20 times a minute. */
const KEPT_MS = 5000
/** The most that one call gives (docs: conversations.members). */
const MEMBERS_PER_PAGE = 1000
/** A channel with more members than these pages hold says nothing about who is trusted. */
const MOST_PAGES = 5

type Places = Pick<Who, 'groups' | 'channels'>

export class Membership {
  readonly #client: WebClient
  readonly #now: () => number
  readonly #known = new Map<string, { readonly asked: Promise<ReadonlySet<string>>; readonly until: number }>()

  /** `client` must neither retry nor wait: somebody has pressed a button. `now` in milliseconds, only ever growing. */
  constructor(client: WebClient, now: () => number) {
    this.#client = client
    this.#now = now
  }

  /** @throws RescueError `membership-unknown`: Slack did not say, so nobody can tell who may do what. */
  async of({ groups, channels }: Places): Promise<Members> {
    const [ofGroups, ofChannels] = await Promise.all([
      this.#each(groups, (id) => this.#inGroup(id)),
      this.#each(channels, (id) => this.#inChannel(id)),
    ])
    return { groups: ofGroups, channels: ofChannels }
  }

  async #each(
    ids: readonly string[],
    ask: (id: string) => Promise<ReadonlySet<string>>,
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    return new Map(await Promise.all(ids.map(async (id) => [id, await this.#ask(id, ask)] as const)))
  }

  /** Several who ask at once get one answer; a failure is not kept. */
  async #ask(id: string, ask: (id: string) => Promise<ReadonlySet<string>>): Promise<ReadonlySet<string>> {
    const known = this.#known.get(id)
    if (known !== undefined && known.until > this.#now()) return await known.asked
    const asked = ask(id).catch((cause) => {
      this.#known.delete(id)
      throw new RescueError('cloud', 'membership-unknown', `Slack did not say who is in ${id}`, { cause })
    })
    this.#known.set(id, { asked, until: this.#now() + KEPT_MS })
    return await asked
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
