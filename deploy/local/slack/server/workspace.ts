/** The workspace: its people, its channels, the installed app, and everything that was said and opened. */
import { z } from 'zod'
import { Changes } from './changes.ts'
import type { Clock, MovableClock } from './clock.ts'
import { Files } from './files.ts'
import { digits, secret, slackId } from './ids.ts'
import { type Message, Messages } from './messages.ts'
import {
  type DirectConversation,
  defaultWorkspace,
  SlackChannel,
  SlackManifest,
  type SlackOptions,
  SlackUser,
  SlackUserGroup,
} from './options.ts'
import { SlackRefusal } from './refusal.ts'
import { Views } from './views.ts'
import { Violations } from './violations.ts'

export interface InstalledApp {
  readonly id: string
  readonly name: string
  readonly botId: string
  readonly botUserId: string
  readonly botName: string
  readonly manifest: SlackManifest
  readonly scopes: readonly string[]
  readonly botToken: string
  readonly appToken: string
  /** The old verification token that payloads still carry. */
  readonly verificationToken: string
}

export class Workspace {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string }
  readonly app: InstalledApp
  readonly users: readonly SlackUser[]
  readonly channels: readonly SlackChannel[]
  #userGroups: readonly SlackUserGroup[]
  readonly directs: readonly DirectConversation[]
  readonly clock: Clock
  readonly movableClock: MovableClock | undefined
  readonly changes: Changes
  readonly messages: Messages
  readonly files = new Files()
  readonly views: Views
  readonly violations: Violations
  #lastTs = 0
  #notices = 0

  constructor(options: SlackOptions, clock: Clock) {
    const name = options.teamName ?? defaultWorkspace.teamName
    this.team = { id: slackId('T'), name, domain: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') }
    this.users = z.array(SlackUser).parse(options.users ?? defaultWorkspace.users)
    this.channels = z.array(SlackChannel).parse(options.channels ?? defaultWorkspace.channels)
    this.#userGroups = z.array(SlackUserGroup).parse(options.userGroups ?? defaultWorkspace.userGroups)
    this.app = install(SlackManifest.parse(options.manifest))
    this.directs = this.users.map((user) => directWith(user, this.app.botName))
    this.clock = clock
    this.movableClock = options.movableClock
    this.changes = new Changes(() => clock.now())
    options.movableClock?.onMoved(({ ahead }) => this.changes.tell({ kind: 'clock', ahead }))
    this.messages = new Messages(this.changes)
    for (const channel of this.channels) if (channel.isArchived) this.#archive(channel)
    this.violations = new Violations({
      pictureExists: (file) => this.files.pictureExists(file),
      mayMention: (id) => this.#isHere(id),
    })
    const owner = { team_id: this.team.id, app_id: this.app.id, app_installed_team_id: this.team.id }
    this.views = new Views(
      { ...owner, bot_id: this.app.botId },
      () => clock.now(),
      (user, views) => this.changes.tell({ kind: 'views', user, views }),
    )
  }

  get userGroups(): readonly SlackUserGroup[] {
    return this.#userGroups
  }

  /** From now on these people are in the group. */
  regroup(id: string, users: readonly string[]): void {
    this.#userGroups = this.#userGroups.map((group) => (group.id === id ? { ...group, users } : group))
  }

  /** Whom the app may ring by id: those who are here. */
  #isHere(id: string): boolean {
    return (
      id === this.app.botUserId || [...this.users, ...this.channels, ...this.userGroups].some((one) => one.id === id)
    )
  }

  /** Slack writes it into the channel itself, as its last message. */
  #archive({ id, members: [user = this.app.botUserId] }: SlackChannel): void {
    const said = { subtype: 'channel_archive', user, team: this.team.id, text: 'archived the channel' } as const
    this.messages.post(id, { type: 'message', ts: this.nextTs(), ...said })
  }

  /** The next message timestamp: seconds with six decimals, unique and rising. */
  nextTs(): string {
    this.#lastTs = Math.max(this.clock.now() * 1000, this.#lastTs + 1)
    return `${Math.floor(this.#lastTs / 1e6)}.${String(this.#lastTs % 1e6).padStart(6, '0')}`
  }

  user(id: string): SlackUser | undefined {
    return this.users.find((user) => user.id === id)
  }

  /** By id, or by `#name` as chat.postMessage also takes it. */
  channel(idOrName: string): SlackChannel {
    const named = (one: SlackChannel) => one.id === idOrName || `#${one.name}` === idOrName
    const channel = this.channels.find(named) ?? this.directs.find(({ id }) => id === idOrName)
    if (channel === undefined) throw new SlackRefusal('channel_not_found')
    return channel
  }

  /** A channel that the app was invited to. */
  joinedChannel(idOrName: string): SlackChannel {
    const channel = this.channel(idOrName)
    if (!channel.botIsMember) throw new SlackRefusal('not_in_channel')
    return channel
  }

  /** The app's conversation with one person. */
  direct(user: string): DirectConversation {
    const direct = this.directs.find((one) => one.user === user)
    if (direct === undefined) throw new SlackRefusal('user_not_found')
    return direct
  }

  isDirect(channel: string): boolean {
    return this.directs.some(({ id }) => id === channel)
  }

  /** A message by the app, not yet posted. */
  botMessage(content: Pick<Message, 'text'> & Partial<Message>): Message {
    const author = { user: this.app.botUserId, bot_id: this.app.botId, app_id: this.app.id, team: this.team.id }
    return { type: 'message', ts: this.nextTs(), ...author, ...content }
  }

  /** Tells one person something in Slack's own name. */
  notify(user: string, channel: string, threadTs: string | undefined, error: string, text: string): void {
    this.#notices += 1
    const notice = { id: `N${this.#notices}`, ts: this.nextTs(), channel, threadTs, error, text }
    this.changes.tell({ kind: 'notice', user, notice })
  }
}

/** Slack's id of it begins with D; the page calls it by the app's name. */
function directWith({ id: user }: SlackUser, name: string): DirectConversation {
  return { id: slackId('D'), name, user, members: [user], botIsMember: true, isArchived: false }
}

function install(manifest: SlackManifest): InstalledApp {
  const id = slackId('A')
  return {
    id,
    name: manifest.display_information.name,
    botId: slackId('B'),
    botUserId: slackId('U'),
    botName: manifest.features.bot_user.display_name,
    manifest,
    scopes: manifest.oauth_config.scopes.bot,
    botToken: `xoxb-${digits(12)}-${digits(13)}-${secret(12)}`,
    appToken: `xapp-1-${id}-${digits(13)}-${secret(32)}`,
    verificationToken: secret(12),
  }
}
