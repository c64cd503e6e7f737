/**
 * Whatever stands in a log, what is sent to Slack of it is what Slack takes, and nothing in it acts or tells a secret: of
 * every kind of message and file that a thread has, in all languages. A new kind needs a story here that has one.
 */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passwordMessage } from '../../bot/thread/hand-over.ts'
import { withReminder } from '../../bot/thread/reminders.ts'
import { DELIVERIES, emptyThread, follow, type Item, type Thread } from '../../bot/thread/thread.ts'
import { uploadOf } from '../../bot/thread/uploads.ts'
import { isMessage, view } from '../../bot/thread/view.ts'
import type { Voice } from '../../bot/thread/words.ts'
import { NOBODY, type Policy } from '../../core/approvals/policy.ts'
import { catalogues } from '../../core/i18n/catalogue.ts'
import { type Entry, NEWER_REQUESTS, RescueEvent } from '../../core/record/events.ts'
import { sumOf } from '../../core/record/file-text.ts'
import type { Finding } from '../../core/record/findings.ts'
import { type ChangePlan, planHash, type RequestPlan } from '../../core/record/plan.ts'
import type { PlaybookRequest, Repair } from '../../core/record/playbooks.ts'
import { type Hostile, hostile, hostileChanges, pathOf, publicKey, TAME } from '../helpers/hostile.ts'
import { listed } from '../helpers/policy.ts'
import { changePlan, decided, entriesOf, INSTANCE, opened, RESCUE, requested } from '../helpers/thread-events.ts'
import { unfitCall, unfitUpload } from '../helpers/unfit.ts'

const approve = { ...NOBODY, users: Array.from({ length: 30 }, (_, index) => `U0APPROVER${index}`), groups: ['S0TEAM'] }

const { rules, ...rest } = listed({ channels: ['C0OPS'], approvers: approve.users })
const policy: Policy = {
  ...rest,
  rules: rules.map((rule) => ({
    ...rule,
    gates: {
      1: { ...rule.gates[1], approve: { ...approve, channels: ['C0OPS'] } },
      2: { ...rule.gates[2], approve },
    },
  })),
  audit: { channel: 'C0AUDIT', mention: 'S0DUTY' },
}
const voices: readonly Voice[] = Object.values(catalogues).map((text) => ({ text, policy, commandPrefix: '!' }))

const EXPIRES = '2026-11-01T04:00:00.000Z'
/** When all reminders of a gate that still waits are due. */
const LATE = new Date('2026-11-01T03:59:00.000Z')
const ASK = '0'.repeat(16)
const HAND_OVER = '1'.repeat(16)
const LINE = '2'.repeat(16)
const NEXT_LINE = '3'.repeat(16)

type Story = (facts: Hostile) => readonly RescueEvent[]

/** For each kind of item a rescue whose thread has one. */
const STORIES: Readonly<Record<Item['kind'], Story>> = {
  card: wholeRescue,
  choice: chosen,
  gate: (facts) => (facts.isSo ? wholeRescue(facts) : gated(facts)),
  diff: wholeRescue,
  reminder: gated,
  alarm: wholeRescue,
  ask: asked,
  shell: typedInto,
  line: typedInto,
  'hand-over': (facts) => [
    ...begun(facts),
    { type: 'handed-over', what: 'password', user: facts.name, handOver: HAND_OVER, expiresAt: EXPIRES },
  ],
  milestone: (facts) => (facts.isSo ? wholeRescue(facts) : noted(facts)),
  tail: wholeRescue,
  picture: seen,
  diagnosis: (facts) => [...begun(facts), diagnosed(facts), ended(facts)],
  capture: (facts) => [
    ...begun(facts),
    { type: 'history', text: facts.rows.join('\n') },
    { type: 'screenshot', png: randomBytes(60).toString('base64'), width: 640, height: 400, blank: facts.isSo },
  ],
  'handed-out': handedOut,
  'console-commands': handedOut,
  result: wholeRescue,
  recording: (facts) => (facts.isSo ? wholeRescue(facts) : typedInto(facts)),
}

function requests({ comment, line, path, name }: Hostile): readonly PlaybookRequest[] {
  const key = `${publicKey.line} ${comment}`.slice(0, 16 * 1024)
  const undo: Repair = { name: 'undo', of: 'R-ABC124', changes: [...hostileChanges(path)] }
  const replaceKey: Repair = { name: 'replace-key', user: 'opc', publicKey: key, keepExisting: false }
  return [
    replaceKey,
    { name: 'connect', publicKey: name.slice(0, 16 * 1024), minutes: 60 },
    { name: 'edit', path: pathOf(path) },
    undo,
    { name: 'shell' },
    {
      name: 'repair',
      repairs: [
        replaceKey,
        undo,
        { name: 'fsck', only: [line.slice(0, 1024)] },
        { name: 'fstab', only: Array(20).fill(line.slice(0, 1024)) },
        { name: 'default-kernel', kernel: line.slice(0, 512) },
        { name: 'edit', path: pathOf(path) },
      ],
    },
  ]
}

function requestOf(facts: Hostile): PlaybookRequest {
  const all = requests(facts)
  return all[facts.which % all.length] ?? { name: 'shell' }
}

const instanceOf = ({ name, line }: Hostile) => ({ ...INSTANCE, id: name, name, shape: line, region: line })

function begun(facts: Hostile): readonly RescueEvent[] {
  return [
    {
      ...{ type: 'requested', playbook: requestOf(facts), target: facts.target, channel: 'C0OPS' },
      why: facts.line.slice(0, 500),
    },
    { type: 'claimed', epoch: 1, hears: [...NEWER_REQUESTS] },
    { type: 'resolved', instance: instanceOf(facts) },
    { type: 'noticed', code: 'connection-active', details: {} },
  ]
}

function firstPlan(facts: Hostile): RequestPlan {
  return { gate: 1, instance: { id: facts.name, name: facts.name }, request: requestOf(facts) }
}

function secondPlan(facts: Hostile): ChangePlan {
  const plan = changePlan(facts.file.join('\n'), facts.rows.join('\n'))
  const changes = [...plan.changes, ...plan.changes, ...hostileChanges(facts.path)].map((change, index) =>
    'path' in change && change.kind !== 'set-password' && index < 4 ? { ...change, path: facts.path } : change,
  )
  const from = facts.which % changes.length
  const user = facts.isSo ? facts.name : null
  return {
    ...{ ...plan, user, playbook: facts.isSo ? 'replace-key' : 'edit' },
    instance: { id: facts.name, name: facts.name },
    changes: [...changes.slice(from), ...changes.slice(0, from)],
  }
}

function termsOf(plan: ChangePlan, { name }: Hostile): RescueEvent {
  const terms = { rule: name, count: 3, mayBreakGlass: true, expiresAt: EXPIRES }
  return { type: 'terms-set', gate: 2, planHash: planHash(plan), ...terms }
}

function kept(...texts: readonly string[]): readonly RescueEvent[] {
  return texts.map((text) => ({ type: 'text-kept', sha256: sumOf(text).sha256, text }))
}

/** One that waits, and is opened again with another plan. */
function gated(facts: Hostile): readonly RescueEvent[] {
  const second = secondPlan(facts)
  return [
    ...begun(facts),
    opened(firstPlan(facts)),
    decided(firstPlan(facts), 'approved'),
    ...kept(facts.path, `${facts.path}\n`),
    opened({ ...second, selinux: !second.selinux }),
    opened(second),
    termsOf(second, facts),
    { type: 'approved', gate: 2, planHash: planHash(second) },
  ]
}

function wholeRescue(facts: Hostile): readonly RescueEvent[] {
  const second = secondPlan(facts)
  return [
    ...begun(facts),
    opened(firstPlan(facts)),
    decided(firstPlan(facts), 'approved'),
    { type: 'phase-began', phase: 'bootloader' },
    { type: 'console', scrolled: [...facts.rows], rows: [...facts.rows] },
    { type: 'typed', at: EXPIRES, keys: facts.line },
    { type: 'noticed', code: facts.code, details: facts.details },
    opened(second),
    termsOf(second, facts),
    { type: 'approved', gate: 2, planHash: planHash(second) },
    {
      ...{ type: 'decided', gate: 2, planHash: planHash(second), decision: 'approved', brokeGlass: true },
      reason: facts.line.slice(0, 500),
    },
    ...second.changes.map(
      (change, index): RescueEvent => ({ type: 'change-finished', index, change, said: facts.rows.join('\n') }),
    ),
    { type: 'proved', proof: { kind: 'login-prompt', host: facts.line } },
    { type: 'proved', proof: { kind: 'sshd-not-reached', reason: facts.line } },
    {
      type: 'proved',
      proof: { kind: 'key-accepted', user: facts.name, fingerprint: facts.line, host: facts.line, port: 22 },
    },
    { type: 'owes', debt: { kind: 'maintenance', instance: instanceOf(facts) } },
    ended(facts),
  ]
}

function ended(facts: Hostile): RescueEvent {
  return {
    ...{ type: 'ended', outcome: facts.isSo ? 'recovered' : 'failed', machine: 'unknown' },
    code: codeOf(facts, catalogues.en.problems),
    details: facts.details,
    changed: Array.from({ length: 10 }, (_, index) => ({ path: facts.path, backup: index > 0 ? facts.path : null })),
    screen: [...facts.rows],
  }
}

function pick<T>({ which }: Hostile, from: readonly [T, ...T[]]): T {
  return from[which % from.length] ?? from[0]
}

/** One of ours, or one of another version. */
function codeOf(facts: Hostile, ours: Readonly<Record<string, unknown>>): string {
  return facts.which % 2 === 0 ? facts.code : pick(facts, [facts.code, ...Object.keys(ours)])
}

function chosen(facts: Hostile): readonly RescueEvent[] {
  const [request, claimed] = begun(facts)
  return [
    ...[request, claimed].filter((event) => event !== undefined),
    { type: 'choice-offered', candidates: Array(14).fill(instanceOf(facts)), expiresAt: EXPIRES },
    { type: 'chosen', instanceId: facts.name },
    ended(facts),
  ]
}

/** GRUB's password, refused once; a file; a long one. */
function asked(facts: Hostile): readonly RescueEvent[] {
  const { path } = facts
  const text = facts.file.join('\n')
  const what = facts.isSo ? 'grub-password' : 'grub-legacy-password'
  const question = { type: 'asked', ask: ASK, attempt: 1 + (facts.which % 2), expiresAt: EXPIRES } as const
  return [
    ...begun(facts),
    ...kept(text),
    pick<RescueEvent>(facts, [
      { ...question, what },
      { ...question, what: 'file-text', file: { path, text } },
      { ...question, what: 'file-text', file: { path, ...sumOf(text) } },
    ]),
    facts.isSo
      ? { type: 'answered', ask: ASK, handOver: HAND_OVER }
      : { type: 'withdrawn', ask: ASK, why: pick(facts, ['expired', 'gone-on']) },
    { type: 'noticed', code: facts.code, details: facts.details },
  ]
}

/** What is typed is not masked before it is logged, and what it prints is. */
function typedInto(facts: Hostile): readonly RescueEvent[] {
  const exitCode = facts.isSo ? facts.which : null
  const answer = { exitCode, output: facts.rows.join('\n'), isCut: facts.isSo } as const
  return [
    ...begun(facts),
    { type: 'phase-began', phase: 'shell' },
    { type: 'console', scrolled: [...facts.rows], rows: [...facts.rows] },
    { type: 'shell-opened', idleSeconds: 600, lineSeconds: facts.which },
    { type: 'line-sent', line: LINE, text: facts.typed },
    { type: 'interrupt-asked', line: LINE },
    { type: 'line-answered', line: LINE, how: facts.isSo ? 'ended' : 'interrupted', ...answer },
    { type: 'line-sent', line: NEXT_LINE, text: facts.typed },
    { type: 'line-answered', line: NEXT_LINE, how: 'ended', ...answer },
    { type: 'shell-closed', why: 'idle' },
    ended(facts),
  ]
}

function noted(facts: Hostile): readonly RescueEvent[] {
  const { code, details, path } = facts
  const codes = [code, ...Object.keys(catalogues.en.notices)]
  return [
    ...begun(facts),
    { type: 'claimed', epoch: 2 },
    ...codes.map((one): RescueEvent => ({ type: 'noticed', code: one, details })),
    { type: 'transferring', way: 'to-machine', path, done: facts.which, all: 1000, secondsLeft: 9 },
    { type: 'console-held', until: EXPIRES, now: 'waiting' },
    { type: 'stop-requested', reason: facts.line.slice(0, 500) },
    { type: 'paid', debt: 'console-connection' },
  ]
}

function seen(facts: Hostile): readonly RescueEvent[] {
  const rows = facts.rows.slice(0, 24).map((row) => [{ text: row.slice(0, 80), inverse: true } as const])
  const picture = { columns: 80, rows, cursor: null }
  const state = codeOf(facts, catalogues.en.thread.seen)
  const why = pick(facts, [undefined, 'asked', 'failed'] as const)
  return [
    ...begun(facts),
    { type: 'screen-asked' },
    { type: 'saw', state, because: facts.line, picture, ...(why && { why }) },
  ]
}

function diagnosed(facts: Hostile): RescueEvent {
  const evidence = facts.rows.map((text, line) => ({ line, text }))
  const playbooks = [null, 'fsck', 'fstab', 'sshd', 'sudoers', 'kernel', 'unlock', 'replace-key', facts.code]
  const finding = (playbook: string | null, index: number): Finding => ({
    class: codeOf({ ...facts, which: facts.which + index }, catalogues.en.findings),
    severity: 'critical',
    confidence: pick(facts, ['unclear', 'likely', 'certain']),
    ...{ evidence, playbook, details: facts.details },
  })
  const first = facts.which % playbooks.length
  return {
    type: 'diagnosed',
    source: facts.isSo ? 'history' : 'boot',
    diagnosis: {
      log: pick(facts, ['linux', 'empty', 'binary', 'other-system', 'no-boot']),
      system: facts.name,
      reached: facts.isSo ? 'login-prompt' : 'kernel',
      sshd: 'unseen',
      findings: facts.which % 7 === 0 ? [] : playbooks.slice(first, first + 5).map(finding),
      lastLines: evidence,
    },
  }
}

function handedOut(facts: Hostile): readonly RescueEvent[] {
  const [connection, instance] = ['ocid1.instanceconsoleconnection.oc1.x.a', 'ocid1.instance.oc1.x.b']
  const gateway = `ssh -o ProxyCommand='ssh -W %h:%p -p 443 ${connection}@console.example'`
  const given = {
    connectionString: `${gateway} ${instance}`,
    vncConnectionString: `${gateway} -N -L localhost:5900:${instance}:5900 ${instance}`,
    hostKeyFingerprint: publicKey.fingerprint,
  }
  const odd = { connectionString: facts.line, vncConnectionString: facts.line, hostKeyFingerprint: facts.line }
  const strings = pick(facts, [given, odd, { ...given, vncConnectionString: facts.line }])
  return [...begun(facts), { type: 'console-handed-out', ...strings, until: EXPIRES }, ended(facts)]
}

/** As it is when the log ends there. */
function threadOf(entries: readonly Entry[], { which, isSo }: Hostile): Thread {
  const followed = withReminder(policy, follow(emptyThread(RESCUE), entries), LATE)
  const thread = { ...followed, givenUp: new Set(isSo ? followed.items.map(({ key }) => key) : []) }
  const delivery = DELIVERIES[which % (DELIVERIES.length + 1)]
  return delivery === undefined ? thread : { ...thread, deliveries: new Map([[HAND_OVER, delivery]]) }
}

/** In hyphens, as it is made. */
const PASSWORD = randomBytes(12)
  .toString('hex')
  .replaceAll(/.{4}(?=.)/g, '$&-')

async function unfitIn(
  voice: Voice,
  thread: Thread,
  item: Item,
  entries: readonly Entry[],
): Promise<readonly string[]> {
  if (isMessage(item)) {
    const bodies = [
      view(voice, thread, item),
      ...(item.kind === 'hand-over' ? [passwordMessage(voice, thread, item, PASSWORD)] : []),
    ]
    return bodies.flatMap((body) => [
      ...unfitCall('chat.postMessage', { channel: 'C0OPS', ...body }),
      ...(body.blocks.length === 0 ? ['a message without blocks'] : []),
      ...(body.text.length > 1000 ? ['a text that no notification shows'] : []),
      ...(body.text.includes(PASSWORD) ? ['a password in a notification'] : []),
    ])
  }
  const log = { read: async () => ({ entries, head: { seq: entries.length, hash: '' } }) }
  return unfitUpload(await uploadOf(voice, log, item, thread))
}

/** What has got through once. */
const EXAMPLES: readonly Hostile[] = [
  // Cut in the middle of an entity.
  { ...TAME, name: '&'.repeat(3000) },
  { ...TAME, name: '<!channel>', target: '<!channel>' },
  { ...TAME, code: '<!channel>' },
  { ...TAME, rows: [] },
  // More than the alternative text of a picture may have.
  { ...TAME, name: 'w'.repeat(255), rows: Array(24).fill('x'.repeat(80)) },
  { ...TAME, typed: `echo '${['opc:$6$salt', randomBytes(32).toString('hex')].join('$')}' | chpasswd -e` },
]

/** Those that draw pictures take long. */
const RUNS: Partial<Record<Item['kind'], number>> = { picture: 8 }
const kinds = Object.keys(STORIES) as Item['kind'][]

describe('what a thread has', () => {
  it.each(kinds)('is fit for Slack whatever stands in its log: %s', async (kind) => {
    await fc.assert(
      fc.asyncProperty(hostile, async (facts) => {
        const entries = entriesOf(STORIES[kind](facts).map((event) => RescueEvent.parse(event)))
        const lengths = [entries.length, 1 + (facts.until % entries.length)]
        const threads = lengths.map((length) => threadOf(entries.slice(0, length), facts))
        for (const thread of threads)
          for (const item of thread.items.filter((one) => one.kind === kind))
            for (const voice of voices) expect(await unfitIn(voice, thread, item, entries)).toEqual([])
      }),
      { numRuns: RUNS[kind] ?? 30, examples: EXAMPLES.map((facts) => [facts]) },
    )
  })

  it.each(kinds)('is told of in the stories here: %s', (kind) => {
    const [facts] = fc.sample(hostile, { seed: 1, numRuns: 1 })
    const entries = facts === undefined ? [] : entriesOf(STORIES[kind](facts))
    const seen = entries.flatMap((_, index) => (facts ? threadOf(entries.slice(0, index + 1), facts).items : []))

    expect(seen.map((item) => item.kind)).toContain(kind)
  })

  it('keeps its buttons, however long the rest is', () => {
    const plan = changePlan('x\n'.repeat(5000), `${publicKey.line}\n`)
    const all = [requested(publicKey.line), opened({ ...plan, user: 'u'.repeat(32) })]
    const thread = follow(emptyThread(RESCUE), entriesOf(all))
    const gate = thread.items.find((item) => item.kind === 'gate')

    for (const voice of voices) {
      const { blocks } = view(voice, thread, gate ?? { kind: 'card', key: 'card' })
      expect(JSON.stringify(blocks)).toContain('"action_id":"approve"')
      expect(JSON.stringify(blocks)).toContain(publicKey.fingerprint)
    }
  })
})
