/** Whatever stands in a log, the messages made of it are ones that Slack takes, and nothing in them acts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replaceKeyForm } from '../../bot/modals/replace-key-form.ts'
import { startTyped } from '../../bot/modals/start-fields.ts'
import { emptyThread, follow } from '../../bot/thread/thread.ts'
import { isMessage, view } from '../../bot/thread/view.ts'
import type { Voice } from '../../bot/thread/words.ts'
import { catalogues } from '../../core/i18n/catalogue.ts'
import type { Change } from '../../core/record/changes.ts'
import type { RescueEvent } from '../../core/record/events.ts'
import { planHash } from '../../core/record/plan.ts'
import { checkMessageBlocks, checkView } from '../../deploy/local/slack/server/check-blocks.ts'
import { listed } from '../helpers/policy.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import {
  changePlan,
  decided,
  entriesOf,
  INSTANCE,
  opened,
  RESCUE,
  requested,
  requestPlan,
} from '../helpers/thread-events.ts'

const voice: Voice = {
  text: catalogues.en,
  policy: listed({ channels: ['C0OPS'], approvers: Array.from({ length: 30 }, (_, index) => `U0APPROVER${index}`) }),
  commandPrefix: '!',
}

/** What people and machines have put into names, comments and consoles, and worse. */
const nasty = fc.oneof(
  fc.constantFrom(
    ...['<!channel>', '<!here|x>', '<@U0ADMIN>', '<https://evil.example|web-1>', '```', '&lt;', '', ' ', '\u0000'],
    ...['\u202egnp.exe', '\u001b[2J\u001b]0;x\u0007', '😀'.repeat(400), '&'.repeat(3000), 'a'.repeat(100_000)],
    '*Approved by* you\n_really_',
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
)

const key = makePublicKey('x')
const owner = { uid: 0, gid: 0 }

/** One of each other kind, with words that may be anything. */
function otherChanges(words: string): readonly Change[] {
  const [before, after, sha256] = [{ mode: '0666', owner }, { mode: '0600', owner }, 'a'.repeat(64)]
  return [
    {
      kind: 'set-attributes',
      path: words,
      before,
      after,
      why: [{ code: 'takes-back', details: { command: words, rescue: words } }],
    },
    {
      kind: 'move-aside',
      path: words,
      sha256,
      backup: words,
      why: [{ code: 'takes-back', details: { command: words, rescue: words } }],
    },
    {
      kind: 'set-password',
      path: '/etc/shadow',
      user: words,
      sha256,
      backup: words,
      why: [{ code: 'takes-back', details: { command: words, rescue: words } }],
    },
    {
      ...{ kind: 'run', command: [words, words], succeeds: [0], destructive: true, device: words, evidence: words },
      ...{ undo: [words], why: [{ code: 'takes-back', details: { command: words, rescue: words } }] },
    },
    {
      kind: 'replace-file',
      path: words,
      before: words,
      after: `${words}\n${words}`,
      backup: null,
      ...after,
      why: [{ code: 'takes-back', details: { command: words, rescue: words } }],
    },
  ]
}

const events = fc
  .record({
    target: nasty,
    name: nasty,
    comment: nasty,
    line: nasty,
    path: nasty,
    rows: fc.array(nasty, { maxLength: 40 }),
    file: fc.array(
      fc.oneof(
        nasty,
        fc.constant(key.line),
        nasty.map((comment) => `${key.line} ${comment}`),
      ),
      { maxLength: 60 },
    ),
    code: fc.oneof(nasty, fc.constantFrom(...Object.keys(catalogues.en.problems))),
    details: fc.dictionary(fc.constantFrom('user', 'instance', 'reason', 'message', 'by', 'saw', 'inDoubt'), nasty),
  })
  .map((bad): readonly RescueEvent[] => {
    const instance = { ...INSTANCE, id: bad.name, name: bad.name, shape: bad.line, region: bad.line }
    const first = { ...requestPlan(`${key.line} ${bad.comment}`), instance: { id: bad.name, name: bad.name } }
    const plan = changePlan(bad.file.join('\n'), bad.rows.join('\n'))
    const second = {
      ...plan,
      user: bad.name,
      instance: first.instance,
      changes: [...plan.changes, ...plan.changes, ...plan.changes, ...otherChanges(bad.path)].map((change) =>
        'path' in change && change.kind !== 'set-password' ? { ...change, path: bad.path } : change,
      ),
    }
    return [
      requested(`${key.line} ${bad.comment}`, bad.target),
      { type: 'choice-offered', candidates: Array(14).fill(instance), expiresAt: '2026-11-01T04:00:00.000Z' },
      { type: 'resolved', instance },
      opened(first),
      decided(first, 'approved'),
      { type: 'phase-began', phase: 'bootloader' },
      { type: 'console', scrolled: bad.rows, rows: bad.rows },
      {
        ...{ type: 'asked', what: 'grub-password', ask: '0123456789abcdef', attempt: 2 },
        expiresAt: '2026-11-01T04:00:00.000Z',
      },
      { type: 'noticed', code: bad.code, details: bad.details },
      opened(second),
      {
        ...{ type: 'terms-set', gate: 2, planHash: planHash(second), rule: bad.name, count: 3, mayBreakGlass: true },
        expiresAt: '2026-11-01T04:00:00.000Z',
      },
      { type: 'approved', gate: 2, planHash: planHash(second) },
      {
        ...{ type: 'decided', gate: 2, planHash: planHash(second), decision: 'approved', brokeGlass: true },
        reason: bad.line.slice(0, 500),
      },
      { type: 'proved', proof: { kind: 'login-prompt', host: bad.line } },
      { type: 'proved', proof: { kind: 'sshd-not-reached', reason: bad.line } },
      { type: 'owes', debt: { kind: 'maintenance', instance } },
      {
        type: 'ended',
        outcome: 'failed',
        code: bad.code,
        details: bad.details,
        machine: 'unknown',
        changed: Array(10).fill({ path: bad.path, backup: bad.path }),
        screen: bad.rows,
      },
    ]
  })

/** Mentions, links and dates that we make ourselves. */
const OURS = /<@U0[A-Z0-9]+>|<#C0OPS>|<!date\^\d+\^[^<>]*>/g

describe('messages', () => {
  it('are ones that Slack takes at every moment of a rescue, whatever stands in its log', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 17 }), (all, until) => {
        const thread = follow(emptyThread(RESCUE), entriesOf(all.slice(0, until)))
        for (const item of thread.items.filter(isMessage)) {
          const { text, blocks } = view(voice, thread, item)
          expect(text.trim()).not.toBe('')
          expect(text.length).toBeLessThan(1000)
          expect(checkMessageBlocks(JSON.parse(JSON.stringify(blocks)), () => true)).toHaveLength(blocks.length)
          for (const mrkdwn of [text, ...mrkdwnOf(blocks)]) expect(mrkdwn.replaceAll(OURS, '')).not.toMatch(/[<>]/)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('keep their buttons, however long the rest is', () => {
    const plan = changePlan('x\n'.repeat(5000), `${key.line}\n`)
    const all = [requested(key.line), opened({ ...plan, user: 'u'.repeat(32) })]
    const thread = follow(emptyThread(RESCUE), entriesOf(all))
    const gate = thread.items.find((item) => item.kind === 'gate')

    const { blocks } = view(voice, thread, gate ?? { kind: 'card', key: 'card' })

    expect(JSON.stringify(blocks)).toContain('"action_id":"approve"')
    expect(JSON.stringify(blocks)).toContain(key.fingerprint)
  })
})

describe('the form', () => {
  it('is one that Slack takes, whatever was typed', () => {
    fc.assert(
      fc.property(nasty, fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,31}$/), (instance, user) => {
        const form = replaceKeyForm(catalogues.en, startTyped(instance, 'C0OPS', instance), user)
        checkView(JSON.parse(JSON.stringify(form)), () => true)
      }),
    )
  })
})

function mrkdwnOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnOf)
  if (typeof value !== 'object' || value === null) return []
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value) return [String(value.text)]
  return Object.values(value).flatMap(mrkdwnOf)
}
