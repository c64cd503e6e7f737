/**
 * A worker without a machine: appends what a worker would, with screens out of real
 * recordings, so that the bot can be watched while it keeps a thread.
 */

import { Screen } from '../../core/console/screen.ts'
import type { Instance, RescueEvent } from '../../core/record/events.ts'
import type { EventLog } from '../../core/record/log.ts'
import type { ChangePlan, KeyFacts, RequestPlan } from '../../core/record/plan.ts'
import type { ReplaceKey } from '../../core/record/playbooks.ts'
import { readPastedKey } from '../../core/record/public-key.ts'
import { because } from '../../core/record/reasons.ts'
import { passGate } from '../../core/rescue/gate.ts'
import { Journal } from '../../core/rescue/journal.ts'
import { moment } from './recordings.ts'

export const INSTANCE: Instance = {
  id: 'ocid1.instance.oc1.eu-frankfurt-1.antheljtw3xkqcaaaaaweb1',
  name: 'web-1',
  compartmentId: 'ocid1.compartment.oc1..aaaaaaaaops',
  region: 'eu-frankfurt-1',
  lifecycleState: 'RUNNING',
  shape: 'VM.Standard.E5.Flex',
  os: { name: 'Oracle Linux', version: '9' },
}

export const KEYS_FILE = '/home/opc/.ssh/authorized_keys'

/** Everything a worker does, by its name; a test plays as much of it as it needs. */
export class ScriptedWorker {
  readonly rescue: string
  readonly #journal: Journal
  readonly #signal: AbortSignal

  private constructor(journal: Journal, signal: AbortSignal) {
    this.rescue = journal.rescue
    this.#journal = journal
    this.#signal = signal
  }

  /** Waits until the rescue is there, and claims it. */
  static async claim(log: EventLog, rescue: string, signal: AbortSignal): Promise<ScriptedWorker> {
    await log.grown(rescue, 0, signal)
    const claim = await Journal.claim(log, rescue, 'worker-1', () => new Date())
    if (claim === undefined) throw new Error(`${rescue} can not be claimed`)
    return new ScriptedWorker(claim.journal, signal)
  }

  get state() {
    return this.#journal.state
  }

  append(event: RescueEvent): Promise<void> {
    return this.#journal.append(event)
  }

  until<T>(look: (state: Journal['state']) => T | undefined): Promise<T> {
    return this.#journal.until(look, this.#signal)
  }

  async find(instance: Instance = INSTANCE): Promise<void> {
    await this.append({ type: 'phase-began', phase: 'find' })
    await this.append({ type: 'resolved', instance })
    await this.append({ type: 'phase-began', phase: 'gate-1' })
  }

  gate(plan: RequestPlan | ChangePlan, expiresInMs = 60_000) {
    return passGate(
      this.#journal,
      plan,
      { expiresInMs, now: () => new Date(), whileWaiting: (wait) => wait() },
      this.#signal,
    )
  }

  /** May the machine go down? As the request says. */
  requestPlan(): RequestPlan {
    const { id, name } = this.state.instance ?? INSTANCE
    return { gate: 1, instance: { id, name }, request: this.#replaceKey() }
  }

  changePlan(before: string): ChangePlan {
    const { user, publicKey } = this.#replaceKey()
    const { fingerprint } = this.#key()
    const { id, name } = this.state.instance ?? INSTANCE
    const owner = { uid: 1000, gid: 1000 }
    return {
      gate: 2,
      playbook: 'replace-key',
      instance: { id, name },
      user,
      selinux: true,
      changes: [
        {
          kind: 'ensure-directory',
          path: '/home/opc/.ssh',
          before: { mode: '0700', owner },
          after: { mode: '0700', owner },
          why: [because('keys-directory-open', { user })],
        },
        {
          kind: 'replace-file',
          path: KEYS_FILE,
          before,
          after: `${publicKey}\n`,
          backup: `${KEYS_FILE}.old-${this.rescue}`,
          mode: '0600',
          owner,
          why: [because('key-only', { fingerprint, user })],
        },
      ],
    }
  }

  /** The screen at a labelled moment of a recording. */
  async show(label: string, scrolled: readonly string[] = []): Promise<void> {
    using screen = await screenAt(label)
    const rows = screen.view().lines.map((line) => line.text)
    await this.append({ type: 'console', scrolled: [...scrolled], rows })
  }

  /** A picture of it; on the way, or because somebody asked for one. */
  async picture(label: string, state: string, why?: 'asked'): Promise<void> {
    using screen = await screenAt(label)
    const saw = { type: 'saw', state, because: 'GNU GRUB', picture: screen.picture() } as const
    await this.append(why === undefined ? saw : { ...saw, why })
  }

  async reachShell(): Promise<void> {
    await this.append({ type: 'phase-began', phase: 'connect' })
    await this.append({ type: 'owes', debt: { kind: 'console-connection', instance: INSTANCE } })
    await this.append({ type: 'noticed', code: 'connection-active', details: { id: 'ocid1.consoleconnection' } })
    await this.append({ type: 'owes', debt: { kind: 'maintenance', instance: INSTANCE } })
    await this.append({ type: 'phase-began', phase: 'bootloader' })
    await this.show('menu.01-menu-countdown')
    await this.picture('menu.01-menu-countdown', 'grub-menu')
    await this.show('edit.03-linux-appended')
    await this.append({ type: 'noticed', code: 'kernel-line-edited', details: { title: 'Debian GNU/Linux' } })
    await this.append({ type: 'phase-began', phase: 'shell' })
    await this.show('boot-bash.02-booting')
    await this.show('boot-bash.03-shell')
    await this.append({ type: 'noticed', code: 'shell-reached', details: {} })
    await this.append({ type: 'phase-began', phase: 'look' })
  }

  async apply(plan: ChangePlan): Promise<void> {
    await this.append({ type: 'phase-began', phase: 'apply' })
    for (const [index, change] of plan.changes.entries()) {
      await this.append({ type: 'change-began', index })
      await this.append({ type: 'change-finished', index, change })
    }
  }

  async bootNormally(): Promise<void> {
    await this.append({ type: 'phase-began', phase: 'boot' })
    await this.show('login.01-login-prompt')
    await this.append({ type: 'paid', debt: 'maintenance' })
    await this.append({ type: 'proved', proof: { kind: 'login-prompt', host: 'web-1' } })
  }

  async prove(): Promise<void> {
    await this.append({ type: 'phase-began', phase: 'prove' })
    const { user } = this.#replaceKey()
    const { fingerprint } = this.#key()
    const proof = { kind: 'key-accepted', user, fingerprint, host: '10.0.0.12', port: 22 } as const
    await this.append({ type: 'proved', proof })
  }

  async cleanUp(): Promise<void> {
    await this.append({ type: 'phase-began', phase: 'clean-up' })
    await this.append({ type: 'paid', debt: 'console-connection' })
  }

  #key(): KeyFacts {
    const key = readPastedKey(this.#replaceKey().publicKey)
    if (key.kind === 'refused') throw new Error('the key that was asked for is none')
    return key.facts
  }

  #replaceKey(): ReplaceKey {
    const { request } = this.state
    if (request?.playbook.name !== 'replace-key') throw new Error('no key was asked to be replaced')
    return request.playbook
  }
}

async function screenAt(label: string): Promise<Screen> {
  const screen = new Screen(80, 24)
  await screen.feed(moment(label).bytes)
  return screen
}
