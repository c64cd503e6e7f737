/** The manifest is one that Slack takes, and asks for the scopes that the bot needs and for no other. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { SlackManifest } from '../local/slack/server/options.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')

/**
 * Slack's own schema: github.com/slackapi/manifest-schema, schemas/manifest.schema.2.0.0.json of commit a936b12 (MIT), as it
 * stands there. In the parts that this app has, 1.0.0 says the same.
 */
const schema = new Ajv({ strict: false, allErrors: true, formats: { uri: true } }).compile(
  JSON.parse(read('manifest.schema.json')),
)

/**
 * Which scopes each method takes (docs.slack.dev/reference/methods). For conversations there is one for public and one
 * for private channels: the bot works in both. In conversations with one person it looks for messages, and at nothing else.
 */
const SCOPES_OF_METHODS: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'bots.info': ['users:read'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.getPermalink': [],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
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

const file: unknown = parse(read('manifest.yaml'))
const manifest = SlackManifest.parse(file)

it('is one by the schema of Slack', () => {
  expect(faults(file)).toEqual([])
})

it.each([
  { words: 'a name that is too long', path: ['display_information', 'name'], value: 'x'.repeat(36) },
  { words: 'a word that Slack does not know', path: ['settings', 'socket_mode'], value: true },
  { words: 'a command without its slash', path: ['features', 'slash_commands', 0, 'command'], value: 'oci-rescue' },
  { words: 'scopes that are no list', path: ['oauth_config', 'scopes', 'bot'], value: 'chat:write' },
])('would be none with $words', ({ path, value }) => {
  const altered = parseDocument(read('manifest.yaml'))
  altered.setIn(path, value)

  expect(faults(altered.toJS())).not.toEqual([])
})

it('has a scope for everything the bot calls and hears, and no scope besides', () => {
  const needed = new Set([
    'commands',
    ...calledMethods().flatMap((method) => scopesOf(SCOPES_OF_METHODS, method)),
    // docs.slack.dev/reference/block-kit/block-elements/file-input-element: what was given can not be read without.
    ...(sourcesOfBot().some((text) => text.includes("type: 'file_input'")) ? ['files:read'] : []),
    ...manifest.settings.event_subscriptions.bot_events.flatMap((event) => scopesOf(SCOPES_OF_EVENTS, event)),
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

function faults(manifest: unknown): readonly string[] {
  schema(manifest)
  return (schema.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

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
