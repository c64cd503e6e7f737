/**
 * Whatever was typed, pressed, and found on machines, the answers that one person gets are ones that Slack takes, and nothing
 * in them acts: those to all commands, in all languages, and to buttons. A new command is fed without a line here.
 */
import { type WebAPICallResult, WebClient } from '@slack/web-api'
import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { type Pressed, pressed } from '../../bot/actions/click.ts'
import { getFile } from '../../bot/actions/get-file.ts'
import { refusedInterrupt, refusedLine } from '../../bot/actions/people-shell.ts'
import { refusedAnswer } from '../../bot/actions/refused-answer.ts'
import { refusedDecision } from '../../bot/actions/refused-decision.ts'
import { repair } from '../../bot/actions/repair.ts'
import { refusedScreen } from '../../bot/actions/screen.ts'
import { answerCommand, NAMES } from '../../bot/commands/commands.ts'
import { undoWords } from '../../bot/commands/undo.ts'
import { attend, type Desk } from '../../bot/desk.ts'
import { directoryOf } from '../../bot/instances/directory.ts'
import { Rescues } from '../../bot/rescues.ts'
import { Languages } from '../../bot/slack/languages.ts'
import { COMMANDS } from '../../bot/thread-commands/thread-commands.ts'
import { whisperTo } from '../../bot/thread-commands/whisper.ts'
import type { Policy } from '../../core/approvals/policy.ts'
import { catalogues, type Language } from '../../core/i18n/catalogue.ts'
import type { Person, RescueEvent } from '../../core/record/events.ts'
import { sumOf } from '../../core/record/file-text.ts'
import type { Finding } from '../../core/record/findings.ts'
import type { EventLog } from '../../core/record/log.ts'
import { type Hostile, hostile, pathOf, publicKey, TAME } from '../helpers/hostile.ts'
import { inventoryOf, listed as listedInstance } from '../helpers/inventory.ts'
import { listed, facts as membersOf } from '../helpers/policy.ts'
import { ANAND, entriesOf, INSTANCE, RESCUE, RIYA } from '../helpers/thread-events.ts'
import { unfitCall, unfitResponse, unfitUpload } from '../helpers/unfit.ts'

const NOW = new Date('2026-11-01T03:00:00.000Z')
const ASK = '0'.repeat(16)

const policy: Policy = listed({
  channels: ['C0OPS', ...Array.from({ length: 400 }, (_, index) => `C0OPS${index}`)],
  requesters: [RIYA.user],
  approvers: [ANAND.user],
})

/** Everything that was said, and what was unfit in it. */
class Ear extends WebClient {
  readonly unfit: string[] = []
  said = 0

  override async apiCall(method: string, options: Record<string, unknown> = {}): Promise<WebAPICallResult> {
    this.hear(unfitCall(method, options))
    return { ok: true }
  }

  hear(found: readonly string[]): void {
    this.said += 1
    this.unfit.push(...found)
  }
}

/** Where a rescue stands that has diagnosed the instance, and waits for the text of a long file. */
function storyOf({ target, name, line, path, file, which, details }: Hostile): readonly RescueEvent[] {
  const text = `${file.join('\n')}\n`
  const finding: Finding = {
    ...{ class: name, severity: 'critical', confidence: 'likely', evidence: [], playbook: 'edit', details },
  }
  const diagnosis = { log: 'linux', reached: 'kernel', sshd: 'unseen' } as const
  return [
    { type: 'requested', playbook: { name: 'sshd', user: which % 2 ? 'opc' : null }, target, channel: 'C0OPS' },
    { type: 'resolved', instance: { ...INSTANCE, name, shape: line } },
    { type: 'diagnosed', source: 'boot', diagnosis: { ...diagnosis, lastLines: [], findings: [finding] } },
    { type: 'text-kept', ...sumOf(text), text },
    {
      ...{ type: 'asked', what: 'file-text', file: { path: pathOf(path), ...sumOf(text) }, ask: ASK, attempt: 1 },
      expiresAt: '2026-11-01T04:00:00.000Z',
    },
  ]
}

/** A log that takes everything and keeps nothing, beside twenty rescues that are under way. */
function logOf(facts: Hostile): EventLog {
  const live = [RESCUE, ...Array.from({ length: 19 }, (_, index) => `R-ABC1${10 + index}`)]
  const entries = entriesOf(storyOf(facts))
  return {
    read: async (rescue, after) => {
      const all = live.includes(rescue) ? entries : []
      return { entries: all.filter(({ seq }) => seq > after), head: { seq: all.length, hash: '' } }
    },
    append: async (rescue, { at, actor, event }) => {
      const entry = { v: 1, rescue, seq: 99, prev: '', at: at.toISOString(), actor, event } as const
      return { kind: 'appended', head: { seq: 99, hash: '' }, entry }
    },
    grown: async () => undefined,
    epoch: async () => 0,
    lockedBy: async () => undefined,
    live: async () => live,
  }
}

function deskOf(language: Language, facts: Hostile): Desk {
  const nothing = async () => undefined
  const { name, target, rows } = facts
  const inventory = inventoryOf(...[name, target, ...rows].map((one) => listedInstance(one)))
  return {
    rescues: new Rescues({
      log: logOf(facts),
      ...{
        enqueue: nothing,
        onRequested: nothing,
        onTrouble: () => undefined,
        sealed: { put: nothing, drop: nothing },
      },
      ...{ policy, home: 'T1', now: () => NOW, refused: { add: async () => true } },
      membership: { of: async () => membersOf(NOW).members },
    }),
    threads: {
      card: async () => 'posted',
      linkTo: async () => 'https://slack.example/archives/C0OPS/p1',
      rescueOf: async () => RESCUE,
    },
    hearings: { isFirst: async () => true },
    instances: { now: async () => (facts.isSo ? directoryOf({ inventory, listedAt: NOW }) : undefined) },
    policy,
    voice: { text: catalogues[language], policy, commandPrefix: '!' },
    languages: new Languages({ usual: language, channels: new Map() }, () => 0),
    logger: pino({ level: 'silent' }),
  }
}

type Act = (desk: Desk, facts: Hostile, ear: Ear) => Promise<void>

/** By whom, and where: who may ask, who may not, and where nobody may. */
const CALLERS: readonly (readonly [Person, channel: string])[] = [
  [RIYA, 'C0OPS'],
  [ANAND, 'C0OPS'],
  [RIYA, 'C0ELSEWHERE'],
]

const typing = (command: string): Act => {
  return async (desk, { name, line, path, which }, ear) => {
    const [person, channel] = CALLERS[which % CALLERS.length] ?? [RIYA, 'C0OPS']
    const caller = {
      ...{ person, channel, triggerId: 'x', client: ear },
      respond: async (body: unknown) => {
        ear.hear(unfitResponse(body))
        return new Response()
      },
    }
    for (const words of ['', name, RESCUE, `web-1 ${line}`, `web-1 ${path} -- ${line}`])
      await answerCommand(desk, `${command} ${words}`, caller)
  }
}

const replying = (word: string): Act => {
  const command = COMMANDS.get(word) ?? COMMANDS.get('help')
  return async (desk, { name, line, path }, ear) => {
    const reply = { person: RIYA, channel: 'C0OPS', thread: '1.1', ts: '1.2', text: '' }
    const whisper = whisperTo(reply, ear)
    for (const rest of ['', name, line, path]) await command?.(desk, { reply, rescue: RESCUE, word, rest, whisper })
  }
}

function pressedOf(value: string, ear: Ear): Pressed {
  const user = { id: RIYA.user, team_id: 'T1', username: 'riya' }
  const place = { team: { id: 'T1', domain: 'x' }, channel: { id: 'C0OPS', name: 'ops' } }
  return {
    ...pressed({ user, ...place, trigger_id: 'x' }, { action_id: 'x', action_ts: '1.1', value }, ear),
    give: async (upload) => ear.hear(unfitUpload(upload)),
  }
}

const saying = (sentences: (desk: Desk, facts: Hostile) => readonly string[]): Act => {
  return async (desk, facts, ear) => {
    const { whisper } = pressedOf('', ear)
    for (const sentence of sentences(desk, facts)) await whisper(sentence)
  }
}

/** What is answered to buttons and forms. */
const ANSWERS: Readonly<Record<string, Act>> = {
  'the repair under a diagnosis': (desk, _, ear) => repair(desk, pressedOf(`${RESCUE}:0`, ear)),
  'a long file': (desk, _, ear) => getFile(desk, pressedOf(`${RESCUE}:${ASK}`, ear)),
  'a decision': saying(({ voice }, facts) => {
    const by = somebody(facts)
    const decisions = (['approved', 'denied', 'expired'] as const).map((decision) => ({
      ...{ decision, by, at: facts.line, reason: facts.line, brokeGlass: false },
    }))
    const plan = { gate: 1, instance: { id: 'x', name: facts.name }, request: { name: 'shell' } } as const
    const gate = { seq: 1, plan, planHash: '', openedAt: facts.line, expiresAt: facts.line, terms: undefined }
    const kinds = [
      ...(['not-an-approver', 'own-request', 'own-text', 'already-approved', 'plan-changed', 'forged'] as const),
      ...(['may-not-break-glass', 'expired', 'not-waiting'] as const),
    ]
    return [
      ...kinds.map((kind) => refusedDecision(voice.text, { kind })),
      refusedDecision(voice.text, { kind: 'reason-too-short', least: 20 }),
      ...decisions.map((decision) =>
        refusedDecision(voice.text, { kind: 'already-decided', gate: { ...gate, approvals: [], decision } }),
      ),
    ]
  }),
  'an answer': saying(({ voice }, facts) => [
    refusedAnswer(voice.text, { kind: 'already-answered', by: somebody(facts), at: facts.line }),
    ...(['not-allowed', 'expired', 'not-waiting'] as const).map((kind) => refusedAnswer(voice.text, { kind })),
  ]),
  'the root shell, and the screen': saying(({ voice: { text } }) => [
    ...(['not-allowed', 'not-open', 'busy'] as const).map((verdict) => refusedLine(text, verdict)),
    ...(['not-allowed', 'not-open', 'nothing-runs', 'already-asked', 'not-heard'] as const).map((verdict) =>
      refusedInterrupt(text, verdict),
    ),
    ...(['not-allowed', 'no-console', 'just-asked'] as const).map((verdict) => refusedScreen(text, verdict)),
  ]),
  'an undo': saying((desk, facts) => [
    undoWords(desk, RIYA, RESCUE, { kind: 'already-undoing', rescue: 'R-ABC124', by: somebody(facts) }),
    undoWords(desk, RIYA, RESCUE, { kind: 'started', rescue: 'R-ABC124' }),
    undoWords(desk, { ...RIYA, user: facts.name }, RESCUE, { kind: 'refused', verdict: 'not-a-requester' }),
  ]),
  'what broke': async (desk, facts, ear) => {
    await attend(desk, 'button', pressedOf('', ear).whisper, () => Promise.reject(new Error(facts.line)))
  },
}

function somebody({ name }: Hostile): Person {
  return { kind: 'person', enterprise: null, team: name, user: name }
}

/** What has got through once. */
const EXAMPLES: readonly Hostile[] = [
  // Twenty rescues of such instances are more than one message holds.
  { ...TAME, name: '&'.repeat(250) },
]

async function expectFit(act: Act): Promise<void> {
  await fc.assert(
    fc.asyncProperty(hostile, async (facts) => {
      for (const language of ['en', 'ja'] as const) {
        const ear = new Ear()
        await act(deskOf(language, facts), facts, ear)
        expect(ear.said).toBeGreaterThan(0)
        expect(ear.unfit).toEqual([])
      }
    }),
    { numRuns: 15, examples: EXAMPLES.map((facts) => [facts]) },
  )
}

describe('what only one person reads is fit for Slack', () => {
  it.each([...NAMES, '', '<!channel>', 'fsk', publicKey.line])('after the command: %s', (name) =>
    expectFit(typing(name)),
  )

  it.each([...COMMANDS.keys(), 'stopp'])('after a reply in a thread: %s', (word) => expectFit(replying(word)))

  it.each(Object.entries(ANSWERS))('about %s', (_, act) => expectFit(act))

  it('and counts the rescues for which there is no room', async () => {
    const heard: unknown[] = []
    const respond = async (body: unknown) => {
      heard.push(body)
      return new Response()
    }
    const caller = { person: RIYA, channel: 'C0OPS', triggerId: 'x', client: new Ear(), respond }

    await answerCommand(deskOf('en', { ...TAME, name: '&'.repeat(250) }), 'status', caller)

    const said = JSON.stringify(heard)
    const shown = said.matchAll(/\*R-ABC1/g).toArray().length
    expect(shown).toBeGreaterThan(3)
    expect(said).toContain(`and ${20 - shown} more`)
  })
})
