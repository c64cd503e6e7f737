/** The manifest is one that Slack takes (limits: docs.slack.dev, app manifest reference), and asks for no more than it needs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { SlackManifest } from '../local/slack/server/options.ts'

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, 'manifest.json'), 'utf8'))

const Limits = z.object({
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#(?:[0-9a-f]{3}){1,2}$/i),
  }),
  features: z.object({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
        description: z.string().max(2000),
        usage_hint: z.string().max(1000),
        should_escape: z.boolean(),
      }),
    ),
  }),
})

it('keeps to the limits of Slack', () => {
  expect(Limits.safeParse(manifest).error).toBeUndefined()
  expect(SlackManifest.safeParse(manifest).error).toBeUndefined()
})

it('asks for commands, messages also to one person, uploads and the history it needs to find its own posts, and for no public address', () => {
  expect(manifest.oauth_config.scopes).toEqual({
    bot: ['commands', 'chat:write', 'files:write', 'channels:history', 'groups:history', 'im:write'],
  })
  expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } })
  expect(manifest.features.slash_commands).toMatchObject([{ command: '/oci-rescue', should_escape: true }])
})
