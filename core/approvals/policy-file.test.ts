import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PolicyError, readPolicy } from './policy-file.ts'

const EXAMPLE = join(import.meta.dirname, '..', '..', 'deploy', 'slack', 'policy.example.yaml')

const RULE = `
  - name: all
    playbooks: all
    channels: [C1]
    request: { users: [U1] }
    approve: { by: { users: [U1, U2] } }
`

function mistakes(text: string): readonly string[] {
  try {
    readPolicy(text, 'policy.yaml')
  } catch (error) {
    if (error instanceof PolicyError) return error.mistakes
    throw error
  }
  return []
}

describe('the example', () => {
  const policy = readPolicy(readFileSync(EXAMPLE, 'utf8'), 'policy.example.yaml')

  it('is a policy, with one of everything', () => {
    expect(policy.audit).toEqual({ channel: 'C0SECURITY', mention: 'S0SECURITY' })
    expect(policy.reminders).toEqual([{ passed: 0.5 }, { leftMs: 300_000 }])
    expect(policy.rules.map(({ name }) => name)).toEqual(['production, root', 'production', 'sandbox', 'others'])
    expect(policy.rules[0]).toMatchObject({
      playbooks: ['shell', 'edit', 'connect', 'reset-password'],
      tags: { env: 'prod' },
      request: { users: [], groups: ['S0ONCALL'], channels: [] },
      gates: { 1: { count: 2, expiresInMs: 1_800_000 }, 2: { count: 2, requesterCounts: false } },
    })
    expect(policy.rules[1]?.gates).toMatchObject({
      1: { expiresInMs: 3_600_000, breakGlass: { requester: true, leastReason: 30 } },
      2: { expiresInMs: 900_000, breakGlass: null },
    })
    expect(policy.rules[2]).toMatchObject({
      compartments: ['ocid1.compartment.oc1..sandbox'],
      request: { channels: ['C0SANDBOX'] },
      gates: { 2: { requesterCounts: true, expiresInMs: null } },
    })
  })
})

it('is shown in the README as it may be written', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
  const shown = /```yaml\n(?<policy>[^`]*^rules:[^`]*)```/m.exec(readme)?.groups?.policy ?? ''

  expect(readPolicy(shown, 'README.md').rules.map(({ name }) => name)).toEqual(['production', 'the rest'])
})

describe('mistakes', () => {
  it('are told all at once, each with its line', () => {
    const text = `
audit: { channel: "#security" }
reminders: [50%, soon]
rule: []
rules:
  - name: one
    playbooks: [replace-keys]
    channels: [ops]
    request: { users: [] }
    approve: { by: { users: [U1] }, count: 2, expires: 3 hours }
  - name: two
    playbooks: all
    channels: [C1]
    request:
      people: [U1]
    gate-1:
      by: { groups: [U1] }
`
    expect(mistakes(text)).toEqual([
      'policy.yaml:2: channel: must be a channel id (C…)',
      'policy.yaml:3: reminders: must be a share such as 50%, or a time before the end such as 5m',
      'policy.yaml:4: rule is not known here',
      expect.stringMatching(/^policy\.yaml:7: playbooks: must be all, or a list of: replace-key, unlock, /),
      'policy.yaml:8: channels: must be a channel id (C…)',
      'policy.yaml:9: request: nobody is named here: give users, groups or members-of',
      'policy.yaml:10: count: 2 must approve, but fewer are named',
      'policy.yaml:10: expires: must be a time such as 90s, 30m or 2h',
      'policy.yaml:14: request: nobody is named here: give users, groups or members-of',
      'policy.yaml:15: people is not known here',
      'policy.yaml:17: groups: must be a user group id (S…)',
    ])
  })

  it.each([
    ['YAML itself', 'rules:\n  - name: one\n   playbooks: all\n', 'policy.yaml:3: '],
    ['a key that stands twice', `rules:${RULE}    name: other\n`, 'policy.yaml:7: Map keys must be unique'],
    ['an empty file', '', 'policy.yaml:1: '],
    ['no rule at all', '# nothing\nrules: []\n', 'policy.yaml:2: rules: '],
    ['a missing part', `rules:${RULE.replace(/ {4}request.*\n/, '')}`, 'policy.yaml:2: request is missing'],
    [
      'nobody who approves gate 2',
      `rules:${RULE.replace('approve', 'gate-1')}`,
      'policy.yaml:2: must say who approves',
    ],
    [
      'more approvals than people',
      `rules:${RULE.replace('} }', '}, count: 3 }')}`,
      'policy.yaml:6: count: 3 must approve, but fewer are named',
    ],
    [
      'a glass for nobody',
      `rules:${RULE.replace('} }', '}, break-glass: { reason: 20 } }')}`,
      'policy.yaml:6: break-glass: nobody may break this glass',
    ],
    ['two rules of one name', `rules:${RULE}${RULE}`, 'policy.yaml:8: there is another rule called all'],
    [
      'a rule that never applies',
      `rules:${RULE}${RULE.replace('name: all', 'name: late').replace('playbooks: all', 'playbooks: [fsck]')}`,
      'policy.yaml:8: late never applies: whatever it matches, all has matched before',
    ],
  ])('are found: %s', (_, text, expected) => {
    expect(mistakes(text)[0]).toContain(expected)
  })

  const tagged = (name: string, tag: string) =>
    RULE.replace('name: all', `name: ${name}`).replace('channels: [C1]', `channels: [C1]\n    tags: { ${tag}: prod }`)

  it('are none where a later rule is only partly hidden', () => {
    expect(mistakes(`rules:${tagged('strict', 'env')}${RULE}`)).toEqual([])
  })

  it('are found also where keys of tags differ only in capitals, which OCI takes as the same', () => {
    const [mistake] = mistakes(`rules:${tagged('strict', 'env')}${tagged('late', 'Env')}`)
    expect(mistake).toContain('late never applies: whatever it matches, strict has matched before')
  })
})

describe('values', () => {
  it('are what OCI has: text', () => {
    const rule = RULE.replace(
      'channels: [C1]',
      "channels: [C1]\n    tags: { tier: 1, live: true }\n    defined-tags: { Ops.Cost: '042' }",
    )

    expect(readPolicy(`rules:${rule}`, 'p').rules[0]).toMatchObject({
      tags: { tier: '1', live: 'true' },
      definedTags: { 'Ops.Cost': '042' },
    })
  })

  it('may be written once and named again', () => {
    const rule = RULE.replace('request: { users: [U1] }', 'request: &ops { users: [U1] }').replace(
      'by: { users: [U1, U2] }',
      'by: *ops',
    )

    expect(readPolicy(`rules:${rule}`, 'p').rules[0]?.gates[1].approve.users).toEqual(['U1'])
  })
})
