import { describe, expect, it } from 'vitest'
import { catalogues } from '../../core/i18n/catalogue.ts'
import type { RescueEvent } from '../../core/record/events.ts'
import { sumOf } from '../../core/record/file-text.ts'
import { type ChangePlan, planHash } from '../../core/record/plan.ts'
import { because } from '../../core/record/reasons.ts'
import { listed } from '../../test/helpers/policy.ts'
import { makePublicKey } from '../../test/helpers/public-keys.ts'
import {
  changePlan,
  decided,
  entriesOf,
  INSTANCE,
  opened,
  RESCUE,
  requested,
  requestPlan,
} from '../../test/helpers/thread-events.ts'
import { wordsOf } from '../../test/helpers/words.ts'
import { emptyThread, follow } from './thread.ts'
import { isMessage, view } from './view.ts'
import type { Voice } from './words.ts'

const voice: Voice = {
  text: catalogues.en,
  policy: listed({ channels: ['C0OPS'], approvers: ['U0RIYA', 'U0ANAND'] }),
  commandPrefix: '!',
}
const key = makePublicKey('riya@laptop')
const old = makePublicKey('old@laptop')
const gate1 = requestPlan(key.line)
const gate2 = changePlan(`${old.line}\n`, `${key.line}\n`)

const asked: readonly RescueEvent[] = [
  requested(key.line),
  { type: 'claimed', epoch: 1 },
  { type: 'phase-began', phase: 'find' },
  { type: 'resolved', instance: INSTANCE },
  { type: 'phase-began', phase: 'gate-1' },
  opened(gate1),
]

/** The message of the thread with this key, as a person reads it; fingerprints by name. */
function read(messageKey: string, events: readonly RescueEvent[], speaker = voice): string {
  const thread = follow(emptyThread(RESCUE), entriesOf(events))
  const item = thread.items.find((one) => one.key === messageKey)
  if (item === undefined || !isMessage(item)) throw new Error(`no message ${messageKey}`)
  return wordsOf(view(speaker, thread, item).blocks)
    .replaceAll(key.fingerprint, 'NEW')
    .replaceAll(old.fingerprint, 'OLD')
    .replaceAll(/<!date\^\d+\^[^|]*\|(?<fallback>[^>]*)>/g, '$<fallback>')
}

function ended(event: Partial<RescueEvent & { type: 'ended' }>): RescueEvent {
  return {
    type: 'ended',
    outcome: 'failed',
    code: 'unexpected',
    details: {},
    machine: 'up',
    changed: [],
    ...event,
  }
}

describe('the gateway’s hold', () => {
  const until = '2026-11-01T03:06:00.000Z'
  const held = (now: 'waiting' | 'free' | 'given-up'): RescueEvent => ({ type: 'console-held', until, now })
  const messages = (...events: RescueEvent[]) => follow(emptyThread(RESCUE), entriesOf([...asked, ...events])).items

  it('is counted down in one message, which says in the end how it went', () => {
    const first = read(`held-${until}`, [...asked, held('waiting')])
    expect(first).toContain('5:54 left')
    expect(first).toContain('2026-11-01 03:06 UTC')
    expect(read(`held-${until}`, [...asked, held('waiting'), held('waiting')])).toContain('5:53 left')
    expect(read(`held-${until}`, [...asked, held('waiting'), held('free')])).toContain('has let go of it')
    expect(read(`held-${until}`, [...asked, held('waiting'), held('given-up')])).toContain('did not become free')
    expect(messages(held('waiting'), held('waiting'), held('free')).length).toBe(messages(held('waiting')).length)
  })
})

describe('a long file', () => {
  const [before, after] = ['old\n', 'new\n']
  const plan: ChangePlan = {
    ...{ gate: 2, playbook: 'undo', instance: { id: INSTANCE.id, name: INSTANCE.name }, user: null, selinux: false },
    changes: [
      {
        ...{
          kind: 'replace-long-file',
          path: '/etc/app.conf',
          before: sumOf(before),
          after: sumOf(after),
          why: [because('edited-by-hand')],
        },
        ...{ backup: '/etc/app.conf.old', mode: '0644', owner: { uid: 0, gid: 0 } },
      },
    ],
  }
  const kept = (text: string): RescueEvent => ({ type: 'text-kept', sha256: sumOf(text).sha256, text })

  it('is shown by its difference and its sums', () => {
    const shown = read('gate-2', [...asked, kept(before), kept(after), opened(plan)])

    expect(shown).toContain('-old\n+new')
    expect(shown).toContain(`After: 4 bytes, SHA-256 \`${sumOf(after).sha256}\``)
    expect(shown).not.toContain('is in the file')
  })

  it('whose texts are gone, or are others than their sums say, is shown by its sums alone', () => {
    for (const texts of [[], [kept(before), { ...kept(after), text: 'forged\n' } as RescueEvent]]) {
      const shown = read('gate-2', [...asked, ...texts, opened(plan)])

      expect(shown).toContain('known by their SHA-256 alone')
      expect(shown).not.toContain('forged')
    }
  })

  it('comes in one message that counts it', () => {
    const part = (done: number, secondsLeft: number): RescueEvent => ({
      ...{ type: 'transferring', way: 'from-machine', path: '/etc/app.conf', all: 200_000 },
      ...{ done, secondsLeft },
    })
    const events = [...asked, part(0, 24), part(49_152, 62), part(200_000, 0), part(0, 24)]
    const keys = follow(emptyThread(RESCUE), entriesOf(events)).items.map(({ key }) => key)

    expect(keys.filter((key) => key.startsWith('transfer-'))).toEqual(['transfer-7', 'transfer-10'])
    expect(read('transfer-7', events.slice(0, 8))).toContain('24 %, about 1:02 left')
    expect(read('transfer-7', events)).toContain('`/etc/app.conf` is fetched')
  })
})

describe('the card', () => {
  it('says what is asked for, by whom, and that nobody has looked at it yet', () => {
    expect(read('card', [requested(key.line)])).toMatchInlineSnapshot(`
      "# Replace the SSH key of opc on web-1
      Waiting for a worker.
      *Instance* web-1
      *User* opc
      *Existing keys* replaced (a backup is kept)
      *Asked for by* <@U0RIYA>
      *New key* ssh-ed25519 \`NEW\` riya@laptop
      *Approvals* Take it down: not asked yet
      Change it: not asked yet
      (R-ABC123  ·  replace-key)
      [Stop]"
    `)
  })

  it('says who approved and where it stands', () => {
    expect(
      read('card', [...asked, decided(gate1, 'approved'), { type: 'phase-began', phase: 'bootloader' }]),
    ).toMatchInlineSnapshot(`
      "# Replace the SSH key of opc on web-1
      The machine is being restarted; waiting for its boot loader.
      *Instance* web-1
      *User* opc
      *Existing keys* replaced (a backup is kept)
      *Asked for by* <@U0RIYA>
      *New key* ssh-ed25519 \`NEW\` riya@laptop
      *Approvals* Take it down: Approved by <@U0ANAND> 2026-11-01 03:00 UTC
      Change it: not asked yet
      (R-ABC123  ·  eu-frankfurt-1  ·  VM.Standard.E5.Flex  ·  Oracle Linux 9  ·  ocid1.instance.oc1.eu-frankfurt-1.aaaa)
      [Stop]"
    `)
  })

  it('says what comes of a refusal before the worker does', () => {
    const down: readonly RescueEvent[] = [
      ...[...asked, decided(gate1, 'approved')],
      ...([{ type: 'phase-began', phase: 'gate-2' }, opened(gate2)] as const),
    ]
    for (const refusal of ['denied', 'expired'] as const) {
      expect(read('card', [...asked, decided(gate1, refusal)])).toContain('Cleaning up.')
      expect(read('card', [...down, decided(gate2, refusal)])).toContain('Booting normally.')
    }
    expect(read('card', [...asked, decided(gate1, 'approved')])).toContain('Opening the serial console.')
    expect(read('card', [...down, decided(gate2, 'approved')])).toContain('Making the approved changes.')
  })

  it('has no button once it has ended', () => {
    expect(read('card', [...asked, ended({ code: 'line-dropped' })])).not.toContain('[Stop]')
  })
})

describe('gate 1', () => {
  it('says what will happen to the machine, and asks others than the one who asked', () => {
    expect(read('gate-1', asked)).toMatchInlineSnapshot(`
      "# May web-1 go down?
      (web-1  ·  eu-frankfurt-1  ·  VM.Standard.E5.Flex  ·  ocid1.compartment.oc1..aaaa  ·  ocid1.instance.oc1.eu-frankfurt-1.aaaa)
      It is reset, as by its power button, and booted into a maintenance shell. Whatever runs on it stops. It is down for *about 5 minutes*, plus the time the second approval takes. Nothing on its disk is changed before a second approval, which shows the exact change. Without one, it boots normally again.
      *If it fails:* the instance is reset once more and boots as it was. What ran in its memory is lost with the first reset.
      *User*  opc *New key*  ssh-ed25519 \`NEW\` riya@laptop
      *Existing keys*  replaced (a backup is kept)
      *Why*  not said
      (Can approve: <@U0ANAND>. | Asked for by <@U0RIYA>. | Expires 2026-11-01 04:00 UTC.)
      [Approve] [Deny]"
    `)
  })

  it('has who decided in place of the buttons', () => {
    const words = read('gate-1', [...asked, decided(gate1, 'denied')])

    expect(words).toMatch(/\*Denied by <@U0ANAND> 2026-11-01 03:00 UTC\*$/)
    expect(words).not.toContain('[Approve]')
  })

  it('has no buttons when the rescue ended before anybody decided', () => {
    const words = read('gate-1', [...asked, ended({ outcome: 'stopped', code: 'stopped', machine: 'untouched' })])

    expect(words).toMatch(/\(\*Stopped\.\* The rescue was stopped\.\)$/)
  })

  it('says so when nobody could approve it', () => {
    const alone = follow(emptyThread(RESCUE), entriesOf(asked))
    const item = alone.items.find((one) => one.kind === 'gate')
    if (item === undefined) throw new Error('no gate')

    const words = wordsOf(
      view({ ...voice, policy: listed({ channels: ['C0OPS'], approvers: ['U0RIYA'] }) }, alone, item).blocks,
    )

    expect(words).toContain('Nobody is configured who can approve this.')
  })
})

describe('a gate that two have to approve', () => {
  const about = { gate: 1, planHash: planHash(gate1) } as const
  const terms: RescueEvent = {
    ...{ type: 'terms-set', ...about, rule: 'prod', count: 2, mayBreakGlass: false },
    expiresAt: '2026-11-01T04:00:00.000Z',
  }
  const waiting: readonly RescueEvent[] = [...asked, terms]
  const once: readonly RescueEvent[] = [...waiting, { type: 'approved', ...about }]

  it('says so, and who is still missing', () => {
    expect(read('gate-1', waiting)).toContain('*2 people* must approve.')
    expect(read('card', waiting)).toContain('Take it down: waiting, 0 of 2 approvals')
  })

  it('shows each approval with who and when', () => {
    expect(read('gate-1', once)).toContain(
      '*2 people* must approve. Approved so far: <@U0ANAND> 2026-11-01 03:00 UTC. *1 more* to go.',
    )
    expect(read('gate-1', once)).toContain('[Approve] [Deny]')
    expect(read('card', once)).toContain('Take it down: waiting, 1 of 2 approvals')
    expect(read('note-8', once)).toBe('<@U0ANAND> approved it: 1 of 2.')
  })

  it('says of a plan that was replaced that nothing said about it counts', () => {
    const changed = { ...gate1, instance: { ...gate1.instance, name: 'web-2' } }

    expect(read('gate-1', [...once, opened(changed)])).toMatch(
      /so \*the approval by <@U0ANAND> 2026-11-01 03:00 UTC is void\*\. The new plan stands below\.$/,
    )
    expect(read('gate-1', [...waiting, opened(changed)])).toMatch(
      /The plan has changed since\. The new one stands below\.$/,
    )
    expect(read('gate-1-2', [...once, opened(changed)])).toContain('[Approve] [Deny]')
  })
})

describe('a broken glass', () => {
  const about = { gate: 1, planHash: planHash(gate1) } as const
  const glass: RescueEvent = {
    ...{ type: 'terms-set', ...about, rule: 'prod', count: 2, mayBreakGlass: true },
    expiresAt: '2026-11-01T04:00:00.000Z',
  }
  const broken: readonly RescueEvent[] = [
    ...[...asked, glass],
    {
      type: 'decided',
      ...about,
      decision: 'approved',
      brokeGlass: true,
      reason: 'The <!channel> bank closes at nine.',
    },
  ]

  it('has a button of its own where the rule allows it', () => {
    expect(read('gate-1', asked)).not.toContain('[Break the glass]')
    expect(read('gate-1', [...asked, glass])).toContain('[Approve] [Deny] [Break the glass]')
  })

  it('is loud in the thread, with the reason, and calls those who were not asked', () => {
    expect(read('note-8', broken)).toBe(
      [
        ':rotating_light: *The glass was broken.* <@U0ANAND> approved this alone, as the policy allows in an emergency.',
        ' Why: “The &lt;!channel&gt; bank closes at nine.” You should have been asked: <@U0ANAND>.',
      ].join(''),
    )
    expect(read('gate-1', broken)).toMatch(
      /\*:rotating_light: Opened alone by <@U0ANAND> .*, by breaking the glass\. Why: “The &lt;!channel&gt; bank/,
    )
    expect(read('card', broken)).toContain(':rotating_light: Opened alone by <@U0ANAND>')
  })

  it('is told in the channel that the policy names, with a mention', () => {
    const policy = { ...voice.policy, audit: { channel: 'C0AUDIT', mention: 'S0SECURITY' } }

    expect(read('alarm-8', broken, { ...voice, policy })).toMatchInlineSnapshot(`
      "# The glass was broken for web-1
      <!subteam^S0SECURITY> :rotating_light: <@U0ANAND> approved *Replace the SSH key of opc on web-1* alone, without those who should have.
      *Why:* “The &lt;!channel&gt; bank closes at nine.”
      (Rescue R-ABC123 in <#C0OPS>, 2026-11-01 03:00 UTC.)"
    `)
  })
})

describe('gate 2', () => {
  const proposed = [...asked, decided(gate1, 'approved'), opened(gate2)]

  it('shows the file before and after by its keys', () => {
    expect(read('gate-2', proposed)).toMatchInlineSnapshot(`
      "# May this be changed on web-1?
      (web-1  ·  eu-frankfurt-1  ·  VM.Standard.E5.Flex  ·  ocid1.compartment.oc1..aaaa  ·  ocid1.instance.oc1.eu-frankfurt-1.aaaa)
      For the user *opc*. The machine is down until this is decided. If it is denied or expires, it boots normally, unchanged.
      *If it fails:* what was changed until then stays, each file with its old one beside it. The machine boots normally, and Undo takes the changes back.
      (Directory \`/home/opc/.ssh\` is made: mode 0700, owner uid 1000, gid 1000.)
      */home/opc/.ssh/authorized_keys*
      - removed  ssh-ed25519  old@laptop
                 OLD
      + added    ssh-ed25519  riya@laptop
                 NEW
      (Old file kept as \`/home/opc/.ssh/authorized_keys.old-R-ABC123\`. Mode 0600, owner uid 1000, gid 1000.)
      (SELinux: its policy is loaded first, and the file contexts are restored afterwards.)
      (Can approve: <@U0ANAND>. | Asked for by <@U0RIYA>. | Expires 2026-11-01 04:00 UTC.)
      [Approve] [Deny]"
    `)
  })
})

it('says at each gate what it is for, where that was said', () => {
  const [request, ...rest] = asked
  if (request?.type !== 'requested') throw new Error('nothing was asked')
  const events = [
    { ...request, why: 'The laptop <!here> was stolen.' },
    ...rest,
    decided(gate1, 'approved'),
    opened(gate2),
  ]

  for (const gate of ['gate-1', 'gate-2'])
    expect(read(gate, events)).toContain('*Why*  “The laptop &lt;!here&gt; was stolen.”')
})

describe('GRUB’s question', () => {
  const ask = '0123456789abcdef'
  const question: RescueEvent = {
    ...{ type: 'asked', what: 'grub-password', ask, attempt: 1, expiresAt: '2026-11-01T04:00:00.000Z' },
  }
  const waiting: readonly RescueEvent[] = [
    ...[...asked, decided(gate1, 'approved')],
    ...[{ type: 'phase-began', phase: 'bootloader' } as const, question],
  ]
  const answered: RescueEvent = { type: 'answered', ask, handOver: 'f'.repeat(16) }
  const message = `ask-${ask}`

  it('says what is wanted, who can enter it, and until when', () => {
    expect(read(message, waiting)).toMatchInlineSnapshot(`
      "# GRUB asks for a user name and password
      It lets nobody edit its entries without, and one has to be edited for this boot. The machine is down until somebody enters it. If nobody does, it boots normally, unchanged.
      (Whoever asked for the rescue or may approve it can enter it. Please do not post it here. | Expires 2026-11-01 04:00 UTC.)
      [Enter it]"
    `)
    expect(read('card', waiting)).toContain('its boot loader asks for a password')
  })

  it('says who entered it, and no longer has a button', () => {
    expect(read(message, [...waiting, answered])).toMatch(/\nEntered by <@U0RIYA> 2026-11-01 03:00 UTC\.$/)
  })

  it('asks again in a message of its own when GRUB has refused it, and for what GRUB legacy wants', () => {
    const second = { ...question, ask: 'e'.repeat(16), attempt: 2, what: 'grub-legacy-password' } as const
    const words = read(`ask-${second.ask}`, [...waiting, answered, second])

    expect(words).toContain('# GRUB asks for a password')
    expect(words).toContain('*GRUB refused what was entered.* It asks again.')
    expect(words).toContain('[Enter it]')
  })

  it('says that nobody did, or that it is over', () => {
    expect(read(message, [...waiting, { type: 'withdrawn', ask, why: 'expired' }])).toMatch(
      /\nNobody entered it in time\.$/,
    )
    expect(read(message, [...waiting, { type: 'stop-requested' }])).toMatch(/\nIt is not needed any more\.$/)
  })
})

describe('the choice between two of one name', () => {
  const twin = { ...INSTANCE, id: 'ocid1.instance.oc1.eu-frankfurt-1.bbbb' }
  const offered: RescueEvent = {
    type: 'choice-offered',
    candidates: [INSTANCE, twin],
    expiresAt: '2026-11-01T04:00:00.000Z',
  }

  it('shows what tells them apart', () => {
    expect(read('choice', [requested(key.line), offered])).toMatchInlineSnapshot(`
      "# Which web-1?
      Several instances have this name. Nothing is done before one is chosen.
      *web-1*  ·  RUNNING  ·  VM.Standard.E5.Flex  ·  eu-frankfurt-1 \`ocid1.instance.oc1.eu-frankfurt-1.aaaa\`
      [This one]
      *web-1*  ·  RUNNING  ·  VM.Standard.E5.Flex  ·  eu-frankfurt-1 \`ocid1.instance.oc1.eu-frankfurt-1.bbbb\`
      [This one]
      (Expires 2026-11-01 04:00 UTC.)"
    `)
  })

  it('says which was chosen', () => {
    const words = read('choice', [requested(key.line), offered, { type: 'chosen', instanceId: twin.id }])

    expect(words).toBe(`# Which web-1?\nChosen: \`${twin.id}\`.`)
  })
})

describe('the live console', () => {
  const show = (rows: readonly string[]): RescueEvent => ({ type: 'console', scrolled: ['gone'], rows: [...rows] })
  const connected: readonly RescueEvent[] = [...asked, { type: 'phase-began', phase: 'bootloader' }]

  it('shows the screen as it is', () => {
    expect(read('console-8', [...connected, show(['GNU GRUB', '<!channel> *x*'])])).toBe(
      ['(*Console of web-1*, boot loader)', 'GNU GRUB\n<!channel> *x*', '(Live. Line 3, 2026-11-01 03:00 UTC.)'].join(
        '\n',
      ),
    )
  })

  it('stays as it was when the next part begins, which gets a message of its own', () => {
    const events = [...connected, show(['menu']), { type: 'phase-began', phase: 'shell' } as const, show(['# '])]

    expect(read('console-8', events)).toContain('As it was 2026-11-01 03:00 UTC')
    expect(read('console-10', events)).toContain('maintenance shell')
  })
})

describe('the result', () => {
  it('of a recovery: what was proved, what was changed, what to do next', () => {
    const path = '/home/opc/.ssh/authorized_keys'
    const events: readonly RescueEvent[] = [
      ...asked,
      {
        type: 'proved',
        proof: { kind: 'key-accepted', user: 'opc', fingerprint: key.fingerprint, host: '10.0.0.2', port: 22 },
      },
      ended({ outcome: 'recovered', code: 'recovered', changed: [{ path, backup: `${path}.old` }] }),
    ]

    expect(read('result', events)).toMatchInlineSnapshot(`
      "# Recovered
      The new key is in place for opc on web-1. sshd at 10.0.0.2:22 accepts \`NEW\` for opc.
      The machine is up: its login prompt was seen. Changed: \`/home/opc/.ssh/authorized_keys\` (old file: \`/home/opc/.ssh/authorized_keys.old\`).
      *Next:* Log in with the new key. Once you are sure, remove the old file.
      (<@U0RIYA> | It took 7 s. | R-ABC123)"
    `)
  })

  it('of a failure: what happened, with the screen at that moment', () => {
    const details = { reason: 'VFS: Unable to mount root fs' }
    const events = [...asked, ended({ code: 'kernel-panic', details, machine: 'unknown', screen: ['Kernel panic'] })]

    expect(read('result', events)).toMatchInlineSnapshot(`
      "# Failed
      The kernel stopped with a panic: VFS: Unable to mount root fs.
      It is not certain what state the machine is in. Have a look at it in the OCI console. Nothing on its disk was changed.
      *Next:* This machine has another problem than a lost key. Look at the screen below and at the recording.
      (<@U0RIYA> | It took 6 s. | R-ABC123)
      (The screen at that moment:)
      Kernel panic"
    `)
  })

  it('names what is still owed', () => {
    const owes: RescueEvent = { type: 'owes', debt: { kind: 'console-connection', instance: INSTANCE } }

    expect(read('result', [...asked, owes, ended({})])).toContain('Still to be undone: the console connection in OCI.')
  })
})

describe('milestones', () => {
  it('grow in place while they are about one thing', () => {
    const { changes } = gate2
    const finished = changes.map((change, index): RescueEvent => ({ type: 'change-finished', index, change }))

    expect(read('changes', [...asked, ...finished])).toBe(
      'Directory `/home/opc/.ssh` is in order: mode 0700. Changed `/home/opc/.ssh/authorized_keys`. The old file is `/home/opc/.ssh/authorized_keys.old-R-ABC123`.',
    )
  })

  it('name the code when they have no sentence for it', () => {
    expect(read('note-7', [...asked, { type: 'noticed', code: 'from-the-future', details: {} }])).toBe(
      'from-the-future',
    )
  })
})
