/** The manifest is one that Slack takes: checked with Slack's own schema (manifest-schema/, MIT licence). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'))
const Manifest = z.fromJSONSchema(read('manifest-schema/manifest.schema.json'), { defaultTarget: 'draft-7' })

it('is a manifest as Slack defines them', () => {
  expect(Manifest.safeParse(read('manifest.json')).error).toBeUndefined()
})

it('would not be one with a longer name, or with a setting Slack does not know', () => {
  const manifest = read('manifest.json')

  const longName = { ...manifest, display_information: { ...manifest.display_information, name: 'x'.repeat(36) } }
  const unknownSetting = { ...manifest, settings: { ...manifest.settings, works_offline: true } }

  expect(Manifest.safeParse(longName).error?.issues[0]?.path).toEqual(['display_information', 'name'])
  expect(Manifest.safeParse(unknownSetting).error?.issues[0]?.path).toEqual(['settings'])
})

it('asks for no more than commands, messages and uploads, over a socket and not a public address', () => {
  const { oauth_config, settings, features } = read('manifest.json')

  expect(oauth_config.scopes).toEqual({
    bot: ['commands', 'chat:write', 'files:write', 'channels:history', 'groups:history'],
  })
  expect(settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } })
  expect(features.slash_commands).toMatchObject([{ command: '/oci-rescue', should_escape: true }])
})
