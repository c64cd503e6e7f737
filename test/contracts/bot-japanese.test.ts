/** A thread in a channel that reads Japanese: every word of it, from the card to the files, whatever language people speak. */
import { createSecretKey } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newTicket } from '../../core/base/ids.ts'
import { newOneTimePassword } from '../../core/playbooks/index.ts'
import type { Change } from '../../core/record/changes.ts'
import { PASSWORD } from '../../core/record/one-time-password.ts'
import type { ChangePlan } from '../../core/record/plan.ts'
import { because } from '../../core/record/reasons.ts'
import { sealedPasswords } from '../../core/store/sealed-hand-overs.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { askForKey, says } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, type Office, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import { KEYS_FILE, ScriptedWorker } from '../helpers/scripted-rescue.ts'

const soon = () => AbortSignal.timeout(30_000)
const owner = { uid: 0, gid: 0 }
const sum = 'a'.repeat(64)

let office: Office
const parts = new AsyncDisposableStack()
beforeAll(async () => {
  office = parts.use(await openOffice())
  parts.use(await startBot({ ...office.environment, RESCUE_CHANNEL_LANGUAGES: `${CHANNEL}=ja` }))
})
afterAll(() => parts.disposeAsync())

/** One change of each kind, as a playbook wants it. */
function changesOf(plan: ChangePlan): Change[] {
  return [
    ...plan.changes,
    {
      ...{ kind: 'set-attributes', path: '/etc/sudoers', before: { mode: '0666', owner } },
      ...{ after: { mode: '0440', owner }, why: [because('sudo-file-open')] },
    },
    {
      ...{ kind: 'move-aside', path: '/etc/nologin', sha256: sum, backup: '/etc/nologin.old' },
      why: [because('only-root-may-log-in')],
    },
    {
      ...{ kind: 'replace-file', path: '/etc/fstab', before: '/dev/sdb /data ext4 defualts 0 0\n', backup: null },
      ...{ after: '/dev/sdb /data ext4 defaults,nofail 0 0\n', mode: '0644', owner },
      why: [
        because('fstab-missing', { where: '/data', device: '/dev/sdb' }),
        because('fstab-option-misspelt', { option: 'defualts', meant: 'defaults' }),
      ],
    },
    {
      kind: 'set-password',
      path: '/etc/shadow',
      user: 'opc',
      sha256: sum,
      backup: '/etc/shadow.old',
      why: [because('new-password', { user: 'opc' })],
    },
    {
      ...{ kind: 'run', command: ['/usr/sbin/e2fsck', '-f', '-y', '/dev/sdb1'], succeeds: [0, 1], destructive: true },
      ...{ device: null, undo: ['/usr/bin/true'], evidence: 'Inode 12 is damaged' },
      why: [because('fsck-errors-left', { device: '/dev/sdb1' }), because('fsck-root-booted-after')],
    },
  ]
}

it('has no English in it', async () => {
  const { card, rescue } = await askForKey(office, 'web-1')
  const worker = await ScriptedWorker.claim(office.log, rescue, soon())
  const reply = (words: string | RegExp) =>
    office.slack
      .person(APPROVER)
      .until(
        `a reply with ${words}`,
        (sight) => sight.thread(CHANNEL, card.ts).find((message) => says(message, words)),
        soon(),
      )
  await worker.find()
  const first = worker.gate(worker.requestPlan())
  await office.slack.person(APPROVER).click(CHANNEL, (await reply('"action_id":"approve"')).ts, 'approve')
  expect(await first).toBe('approved')
  await worker.reachShell()
  await worker.append({ type: 'console-held', now: 'waiting', until: new Date(Date.now() + 255_000).toISOString() })
  await worker.append({ type: 'saw', state: 'kernel-panic', because: '', why: 'failed' })

  const keys = worker.changePlan(`${makePublicKey('old@laptop').line}\n`)
  const plan = { ...keys, changes: changesOf(keys) }
  const second = worker.gate(plan)
  const gate2 = await reply('fsck')
  await office.slack.person(APPROVER).click(CHANNEL, gate2.ts, 'approve')
  expect(await second).toBe('approved')
  await worker.apply(plan)
  await handOver(worker)
  await worker.bootNormally()
  await worker.append({ type: 'proved', proof: { kind: 'sshd-not-reached', reason: 'no-answer' } })
  await worker.cleanUp()
  await worker.append({
    ...{ type: 'ended', outcome: 'failed', code: 'cannot-write', machine: 'up' },
    details: { path: '/etc/fstab', reason: 'read-only', said: 'x' },
    changed: [{ path: KEYS_FILE, backup: `${KEYS_FILE}.old-${rescue}` }],
  })
  await office.slack
    .person(APPROVER)
    .until(
      'the recording',
      (sight) => sight.thread(CHANNEL, card.ts).find(({ files }) => files?.some(({ name }) => name.endsWith('.cast'))),
      soon(),
    )
  await reply('ファイルシステムが読取り専用のため')
  await reply('opc の新しいパスワードを')

  const thread = office.slack.thread(CHANNEL, card.ts)
  expect(thread.length).toBeGreaterThan(12)
  expect(thread.flatMap(wordsOf).filter(isEnglish)).toEqual([])
  expect(thread.flatMap(wordsOf).filter((words) => /\{\w+\}/.test(withoutMarks(words)))).toEqual([])
  const direct = office.slack.person(REQUESTER).messages(office.slack.person(REQUESTER).direct)
  expect(direct.flatMap(wordsOf).filter(isEnglish)).not.toEqual([])
})

/** To Riya, who reads English. */
async function handOver(worker: ScriptedWorker): Promise<void> {
  const sealing = createSecretKey(Buffer.from(office.environment.SEALING_KEY ?? '', 'base64'))
  const passwords = sealedPasswords(office.redis, sealing)
  const place = { rescue: worker.rescue, about: PASSWORD, handOver: newTicket() }
  await passwords.put(place, { password: newOneTimePassword() })
  const expiresAt = new Date(Date.now() + passwords.lifeMs).toISOString()
  await worker.append({ type: 'handed-over', what: PASSWORD, user: 'opc', handOver: place.handOver, expiresAt })
}

/** What is said, without what is shown: consoles, diffs, commands. */
function wordsOf({ text, blocks = [], files = [] }: Message): readonly string[] {
  const shown = (value: unknown): readonly string[] => {
    if (typeof value !== 'object' || value === null) return []
    if ('type' in value && value.type === 'rich_text_preformatted') return []
    if (Array.isArray(value)) return value.flatMap(shown)
    return Object.entries(value).flatMap(([name, part]) =>
      typeof part === 'string' ? (SAID.includes(name) ? [part] : []) : shown(part),
    )
  }
  return [
    text,
    ...shown(blocks),
    ...files.flatMap(({ title, alt_txt = '' }) => [title, alt_txt.split('内容:')[0] ?? '']),
  ]
}

const SAID = ['text', 'alt_text', 'accessibility_label']

/** Three words in a row that are no name, no command and no mark. */
function isEnglish(words: string): boolean {
  return /[a-z]{2,} [a-z]{2,} [a-z]{2,}/i.test(withoutMarks(words))
}

function withoutMarks(words: string): string {
  return words.replaceAll(/`[^`]*`|<[^<>]*>/g, '')
}
