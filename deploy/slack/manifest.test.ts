/** The manifest is one that Slack takes, and asks for the scopes that the bot needs and for no other. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { SlackManifest } from '../local/slack/server/options.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const text = (most: number, least = 1) => z.string().min(least).max(most)

/** The parts a Socket Mode app of one workspace has, with the limits of Slack's schema (slackapi/manifest-schema, 1.0.0). */
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.int(), minor_version: z.int() }),
  display_information: z.strictObject({
    name: text(35),
    description: text(140),
    long_description: text(4000, 175).optional(),
    background_color: z.string().regex(/^#(?:[0-9a-f]{3}){1,2}$/i),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: text(80), always_online: z.boolean() }),
    shortcuts: z
      .array(
        z.strictObject({
          name: text(24),
          type: z.enum(['message', 'global']),
          callback_id: text(255),
          description: text(150),
        }),
      )
      .min(1)
      .max(10)
      .optional(),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
          description: text(2000),
          usage_hint: text(1000).optional(),
          should_escape: z.boolean(),
        }),
      )
      .min(1)
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(text(50)).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(text(50)).max(100) }).optional(),
    interactivity: z.strictObject({ is_enabled: z.boolean() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
})

/**
 * Which scopes each method takes (docs.slack.dev/reference/methods). For conversations there is one for public and one
 * for private channels: the bot works in both.
 */
const SCOPES_OF_METHODS: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'bots.info': ['users:read'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.getPermalink': [],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.members': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
  'files.info': ['files:read'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.push': [],
  'views.update': [],
}

/** docs.slack.dev/reference/events, the column "required scopes". */
const SCOPES_OF_EVENTS: Readonly<Record<string, readonly string[]>> = {
  app_home_opened: [],
  app_uninstalled: [],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  tokens_revoked: [],
}

const FAMILIES = 'auth|bots|chat|conversations|files|reactions|team|usergroups|users|views'
const CALL = new RegExp(
  `\\bclient\\s*\\.\\s*(?<method>(?:${FAMILIES})(?:\\.\\w+)+)\\(|\\.(?<upload>filesUploadV2)\\(`,
  'g',
)
const UPLOAD = ['files.getUploadURLExternal', 'files.completeUploadExternal']

const file: unknown = parse(readFileSync(join(import.meta.dirname, 'manifest.yaml'), 'utf8'))
const manifest = Manifest.parse(file)

it('keeps to the limits of Slack, and to what the stand-in reads', () => {
  expect(Manifest.safeParse(file).error).toBeUndefined()
  expect(SlackManifest.safeParse(file).error).toBeUndefined()
})

it('has a scope for everything the bot calls and hears, and no scope besides', () => {
  const needed = new Set([
    'commands',
    ...calledMethods().flatMap((method) => scopesOf(SCOPES_OF_METHODS, method)),
    // docs.slack.dev/reference/block-kit/block-elements/file-input-element: what was given can not be read without.
    ...(sourcesOfBot().some((text) => text.includes("type: 'file_input'")) ? ['files:read'] : []),
    ...(manifest.settings.event_subscriptions?.bot_events ?? []).flatMap((event) => scopesOf(SCOPES_OF_EVENTS, event)),
  ])

  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...needed].sort())
})

it('finds the calls it knows of', () => {
  expect(calledMethods()).toEqual(expect.arrayContaining(['chat.postMessage', 'chat.update', 'views.open', ...UPLOAD]))
})

it('wants no public address, and people and channels as ids', () => {
  expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } })
  expect(manifest.features.slash_commands).toMatchObject([{ command: '/oci-rescue', should_escape: true }])
})

function sourcesOfBot(): readonly string[] {
  const names = globSync('bot/**/*.ts', { cwd: ROOT }).filter((name) => !name.endsWith('.test.ts'))
  return names.map((name) => readFileSync(join(ROOT, name), 'utf8'))
}

/** By name, from the sources of the bot. */
function calledMethods(): string[] {
  const calls = sourcesOfBot().flatMap((text) => [...text.matchAll(CALL)])
  const names = calls.flatMap(({ groups }) => (groups?.method === undefined ? UPLOAD : [groups.method]))
  return [...new Set(names)]
}

function scopesOf(table: Readonly<Record<string, readonly string[]>>, name: string): readonly string[] {
  const scopes = table[name]
  if (scopes === undefined) throw new Error(`${name} is not in this test: look its scopes up`)
  return scopes
}
