/** What a stand-in workspace is made of, and the one used when nothing else is asked for. */
import { z } from 'zod'
import type { Clock, MovableClock } from './clock.ts'

/** The part of an app manifest that decides what Slack lets the app do. */
export const SlackManifest = z.object({
  display_information: z.object({ name: z.string().min(1).max(35) }),
  features: z.object({
    app_home: z.object({ messages_tab_enabled: z.boolean().default(false) }).prefault({}),
    bot_user: z.object({ display_name: z.string().min(1).max(80) }),
    slash_commands: z
      .array(
        z.object({
          command: z.string().regex(/^\/\S{1,31}$/),
          description: z.string(),
          usage_hint: z.string().optional(),
          should_escape: z.boolean().default(false),
        }),
      )
      .default([]),
    shortcuts: z
      .array(
        z.object({
          name: z.string().min(1).max(24),
          type: z.enum(['global', 'message']),
          callback_id: z.string().min(1).max(255),
          description: z.string().min(1).max(150),
        }),
      )
      .default([]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    interactivity: z.object({ is_enabled: z.boolean() }).default({ is_enabled: false }),
    event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).prefault({}),
    socket_mode_enabled: z.boolean().default(false),
  }),
})
export type SlackManifest = z.infer<typeof SlackManifest>

export const SlackUser = z.object({
  id: z.string().regex(/^[UW][A-Z0-9]{2,}$/),
  /** The handle after the @. */
  name: z.string().regex(/^[a-z0-9._-]{1,80}$/),
  realName: z.string().min(1),
  /** Only a label on the page's user switch: who may do what is the app's business. */
  role: z.enum(['requester', 'approver', 'outsider']).optional(),
  /** As users.info gives it, e.g. `ja-JP`. */
  locale: z
    .string()
    .regex(/^[a-z]{2}-[A-Z]{2}$/)
    .default('en-US'),
  /** IANA name of the time zone. */
  tz: z.string().default('Etc/UTC'),
  /** Somebody who has left: still known by id, and gone everywhere else. */
  isDeactivated: z.boolean().default(false),
})
export type SlackUser = z.infer<typeof SlackUser>

export const SlackChannel = z.object({
  id: z.string().regex(/^C[A-Z0-9]{2,}$/),
  name: z.string().regex(/^[a-z0-9_-]{1,80}$/),
  members: z.array(z.string()).readonly(),
  botIsMember: z.boolean(),
  /** Can be read, and takes no message any more. */
  isArchived: z.boolean().default(false),
})
export type SlackChannel = z.infer<typeof SlackChannel>

export const SlackUserGroup = z.object({
  id: z.string().regex(/^S[A-Z0-9]{2,}$/),
  /** After the @. */
  handle: z.string().regex(/^[a-z0-9._-]{1,80}$/),
  name: z.string().min(1),
  users: z.array(z.string()).readonly(),
})
export type SlackUserGroup = z.infer<typeof SlackUserGroup>

/** A conversation of one person with the app; there from the beginning, and empty until something is said. */
export interface DirectConversation extends SlackChannel {
  readonly user: string
}

export interface SlackOptions {
  /** The app's manifest as it would be given to api.slack.com: scopes and commands come from here. */
  readonly manifest: unknown
  /** Loopback port; 0, the default, takes a free one. */
  readonly port?: number
  readonly teamName?: string
  readonly users?: readonly z.input<typeof SlackUser>[]
  readonly channels?: readonly z.input<typeof SlackChannel>[]
  readonly userGroups?: readonly SlackUserGroup[]
  /** Decides rate windows, triggers, acknowledgement limits and message timestamps. */
  readonly clock?: Clock
  /** In its place: one that the page can move. */
  readonly movableClock?: MovableClock | undefined
}

/** Three people for three parts, a second approver who reads Japanese, and the channel they share with the app. */
export const defaultWorkspace = {
  teamName: 'Harbor Cloud',
  users: [
    { id: 'U0REQUESTER', name: 'riya', realName: 'Riya Raman', role: 'requester' },
    { id: 'U0APPROVER', name: 'anand', realName: 'Anand Okafor', role: 'approver' },
    { id: 'U0OUTSIDER', name: 'olga', realName: 'Olga Lindqvist', role: 'outsider' },
    { id: 'U0HARUKA', name: 'haruka', realName: 'Haruka Sato', role: 'approver', locale: 'ja-JP', tz: 'Asia/Tokyo' },
  ],
  channels: [
    {
      id: 'C0OPSRESCUE',
      name: 'ops-rescue',
      members: ['U0REQUESTER', 'U0APPROVER', 'U0OUTSIDER', 'U0HARUKA'],
      botIsMember: true,
    },
  ],
  userGroups: [
    { id: 'S0APPROVERS', handle: 'rescue-approvers', name: 'Rescue approvers', users: ['U0APPROVER', 'U0HARUKA'] },
  ],
} as const satisfies {
  teamName: string
  users: readonly z.input<typeof SlackUser>[]
  userGroups: readonly SlackUserGroup[]
  channels: readonly { id: string; name: string; members: readonly string[]; botIsMember: boolean }[]
}
