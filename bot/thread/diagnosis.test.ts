import { describe, expect, it } from 'vitest'
import { catalogues } from '../../core/i18n/catalogue.ts'
import type { DiagnosisRecord, Finding } from '../../core/record/findings.ts'
import { listed } from '../../test/helpers/policy.ts'
import { entriesOf, INSTANCE, RESCUE } from '../../test/helpers/thread-events.ts'
import { wordsOf } from '../../test/helpers/words.ts'
import { emptyThread, follow } from './thread.ts'
import { isMessage, view } from './view.ts'
import type { Voice } from './words.ts'

const voice: Voice = { text: catalogues.en, policy: listed({}), commandPrefix: '!' }

const missing: Finding = {
  class: 'fstab-missing-device',
  severity: 'critical',
  confidence: 'certain',
  evidence: [{ line: 812, text: 'systemd[1]: Timed out waiting for device /dev/disk/by-uuid/dead.' }],
  playbook: 'fstab',
  details: { device: '/dev/disk/by-uuid/dead', mount: '/data' },
}
const locked: Finding = {
  ...missing,
  class: 'account-locked',
  playbook: 'unlock',
  details: { user: 'opc' },
  evidence: [],
}

function read(diagnosis: Partial<DiagnosisRecord>, source: 'history' | 'boot' = 'history'): string {
  const whole: DiagnosisRecord = {
    ...{ log: 'linux', reached: 'userland', sshd: 'unseen', findings: [], lastLines: [] },
    ...diagnosis,
  }
  const events = [
    { type: 'requested', playbook: { name: 'diagnose' }, target: 'web-1', channel: 'C0OPS' },
    { type: 'resolved', instance: INSTANCE },
    { type: 'diagnosed', source, diagnosis: whole },
  ] as const
  const thread = follow(emptyThread(RESCUE), entriesOf(events))
  const item = thread.items.find(({ kind }) => kind === 'diagnosis')
  if (item === undefined || !isMessage(item)) throw new Error('there is no diagnosis')
  return wordsOf(view(voice, thread, item).blocks)
}

describe('a diagnosis in the thread', () => {
  it('says what happened, how sure that is, on which line it rests, and offers the repair', () => {
    expect(read({ findings: [missing] })).toMatchInlineSnapshot(`
      "# What is wrong with web-1
      *Certain.* The disk /dev/disk/by-uuid/dead, which /etc/fstab mounts at /data, is not there, so the boot stopped.
      systemd[1]: Timed out waiting for device /dev/disk/by-uuid/dead.
      (From the console history that OCI keeps: nothing was done to the machine.)
      [Repair: fstab]"
    `)
  })

  it('offers all repairs at once where there are several, and each of them once', () => {
    const said = read({ findings: [missing, missing, locked] })

    expect(said).toContain('[Repair all of it] [Repair: fstab] [Repair: unlock the user]')
  })

  it('offers nothing where nothing repairs it', () => {
    expect(read({ findings: [{ ...missing, playbook: null }] })).not.toContain('Repair')
  })

  it('says of a machine that came up that nothing is wrong inside, and where to look then', () => {
    expect(read({ reached: 'login-prompt', sshd: 'up' })).toMatchInlineSnapshot(`
      "# Nothing is wrong inside web-1
      It came up to its login prompt. Its SSH server started. If it cannot be reached all the same, look at what stands in front of it: security lists, network security groups, routes.
      (From the console history that OCI keeps: nothing was done to the machine.)"
    `)
  })

  it('does not hide that it does not know, and shows the last lines', () => {
    expect(
      read({ reached: 'kernel', lastLines: [{ line: 3, text: 'random: crng init done' }] }, 'boot'),
    ).toMatchInlineSnapshot(`
      "# It is not clear what is wrong with web-1
      The log shows nothing that would explain a failure.
      (The last lines:)
      random: crng init done
      (From the boot that was just watched.)"
    `)
  })

  it('says what it was given when that was no log of a Linux boot', () => {
    expect(read({ log: 'other-system', system: 'Windows' })).toContain('runs Windows, not Linux')
    expect(read({ log: 'empty' })).toContain('said nothing at all')
  })

  it('lets no name out of the log act', () => {
    const said = read({ findings: [{ ...missing, details: { device: '<!channel>`*', mount: '<@U0ANAND>' } }] })

    expect(said).not.toMatch(/<[!@]/)
  })
})
