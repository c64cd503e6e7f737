/** One rescue and everything around it: the machine, OCI, the workers, and the people who decide. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { newRescueId } from '../../core/base/ids.ts'
import type { Entry, EventOf, EventType, Instance, Person, RescueEvent } from '../../core/record/events.ts'
import type { EventLog } from '../../core/record/log.ts'
import type { PlaybookRequest, ReplaceKey } from '../../core/record/playbooks.ts'
import { RescueLog } from '../../core/record/rescue-log.ts'
import type { RescueState } from '../../core/record/state.ts'
import type { RescueSettings } from '../../core/rescue/context.ts'
import type { Sandbox } from './sandbox.ts'
import { SimulatedMachine, type Temper } from './simulated-machine.ts'
import { SimulatedWorker } from './simulated-worker.ts'
import { SimulatedCloud } from './simulated-world.ts'

export const KEYS = '/home/opc/.ssh/authorized_keys'
const HOME_LISTING = 'cd /home/opc; find . -printf "%p %m %U %s\\n" | sort; find . -type f | sort | xargs -r sha256sum'
export const APPROVER: Person = { kind: 'person', enterprise: null, team: 'T1', user: 'U0APPROVER' }
export const REQUESTER: Person = { ...APPROVER, user: 'U0REQUESTER' }

/** Nobody waits for minutes in a test; what shall not end by itself has time enough on a busy machine. */
export const SETTINGS: RescueSettings = {
  gate1ExpiryMs: 60_000,
  gate2ExpiryMs: 60_000,
  passwordExpiryMs: 60_000,
  shellIdleMs: 60_000,
  shellLineMs: 20_000,
  workLimitMs: 40_000,
  patience: {
    grubMs: 10_000,
    missedBootMs: 10_000,
    shellMs: 10_000,
    orderMs: 5_000,
    signOfBootMs: 10_000,
    loginMs: 10_000,
    afterLoginQuietMs: 300,
    heldMs: 10_000,
    lineTryMs: 20,
    lineMs: 300,
    promptMs: 10_000,
    betweenTriesMs: [10, 10, 10, 10],
    settleMs: 40_000,
  },
}

export interface Wishes {
  /** What is asked for; without it, a key to be replaced. */
  readonly playbook: PlaybookRequest
  readonly request: Partial<ReplaceKey>
  /** `web-1` unless told otherwise. */
  readonly target: string
  readonly instance: Partial<Instance>
  readonly temper: Partial<Temper>
  readonly settings: Partial<RescueSettings>
  /** True: the policy judges it by its instance. */
  readonly conditional: boolean
  /** A script that prepares the machine's disk. */
  readonly disk: string
  readonly sandbox: Sandbox
}

export class SimulatedRescue implements AsyncDisposable {
  readonly id = newRescueId()
  readonly machine: SimulatedMachine
  readonly cloud: SimulatedCloud
  readonly log: EventLog
  /** What stood in `authorized_keys` before. */
  readonly oldKey = newKey('old')
  readonly newKey = newKey('new')
  readonly instance: Instance
  /** How long a worker waits for a free slot after people have answered. */
  turnTakesMs = 0
  readonly #settings: RescueSettings
  readonly #workers: SimulatedWorker[] = []

  private constructor(log: EventLog, { instance = {}, temper = {}, settings = {}, sandbox }: Partial<Wishes>) {
    this.log = log
    this.#settings = { ...SETTINGS, ...settings, patience: { ...SETTINGS.patience, ...settings.patience } }
    this.instance = newInstance(instance)
    this.machine = new SimulatedMachine(sandbox)
    Object.assign(this.machine.temper, temper)
    this.cloud = new SimulatedCloud(this.machine)
    this.cloud.instances.push(this.instance)
  }

  /** Requested, and not yet in the hands of a worker. */
  static async requested(log: EventLog, wishes: Partial<Wishes> = {}): Promise<SimulatedRescue> {
    const own = new SimulatedRescue(log, wishes)
    const { request = {}, target = 'web-1', disk = 'true' } = wishes
    const playbook = wishes.playbook ?? own.#replaceKey(request)
    await own.machine.disk.given(`echo '${own.oldKey}' >${KEYS}; chmod 0600 ${KEYS}`)
    await own.machine.disk.given(disk)
    const conditional = wishes.conditional === true ? { conditional: true as const } : {}
    await own.append(REQUESTER, { type: 'requested', playbook, target, channel: 'C1', ...conditional })
    return own
  }

  #replaceKey(wishes: Partial<ReplaceKey>): ReplaceKey {
    return { name: 'replace-key', user: 'opc', publicKey: this.newKey, keepExisting: false, ...wishes }
  }

  startWorker(id = 'worker-1', settings: Partial<RescueSettings> = {}): SimulatedWorker {
    const parts = { id, rescue: this.id, log: this.log, cloud: this.cloud, turnTakesMs: () => this.turnTakesMs }
    const worker = new SimulatedWorker({ ...parts, settings: { ...this.#settings, ...settings } })
    this.#workers.push(worker)
    return worker
  }

  /** A worker runs it to its end, with both gates approved. */
  async run(): Promise<EventOf<'ended'>> {
    const worker = this.startWorker()
    await Promise.all([this.approve(1), this.approve(2), worker.done])
    return await this.ended()
  }

  /** Waits until the gate is open, and approves what it shows; does nothing when it is not opened any more. */
  async approve(gate: 1 | 2): Promise<void> {
    await this.decide(gate, 'approved')
  }

  async decide(number: 1 | 2, decision: 'approved' | 'denied', planHash?: string): Promise<void> {
    const open = await this.until(({ gates, ended }) => gates[number] ?? ended)
    if ('planHash' in open)
      await this.append(APPROVER, { type: 'decided', gate: number, planHash: planHash ?? open.planHash, decision })
  }

  async askToStop(): Promise<void> {
    await this.append(APPROVER, { type: 'stop-requested' })
  }

  async append(actor: Person, event: RescueEvent): Promise<void> {
    await new RescueLog(this.log, this.id, () => new Date()).record({ actor, epoch: null }, () => event)
  }

  async entries(): Promise<readonly Entry[]> {
    return (await this.log.read(this.id, 0)).entries
  }

  /** The events of one type so far. */
  async events<T extends EventType>(type: T): Promise<EventOf<T>[]> {
    const isOfType = (event: RescueEvent): event is EventOf<T> => event.type === type
    return (await this.entries()).map(({ event }) => event).filter(isOfType)
  }

  async state(): Promise<RescueState> {
    return await this.until((state) => state)
  }

  /** Waits until the log's state shows it. */
  async until<T>(look: (state: RescueState) => T | undefined): Promise<T> {
    const log = new RescueLog(this.log, this.id, () => new Date())
    await log.refresh()
    return await log.until(look, AbortSignal.timeout(50_000))
  }

  /** Waits until an event like this one stands in the log. */
  async seen(look: (event: RescueEvent) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(50_000)
    for (let after = 0; ; ) {
      const { entries, head } = await this.log.read(this.id, after)
      if (entries.some(({ event }) => look(event))) return
      after = head.seq
      await this.log.grown(this.id, after, signal)
    }
  }

  async ended(): Promise<EventOf<'ended'>> {
    return await this.until(({ ended }) => ended)
  }

  async keys(): Promise<string> {
    return await this.machine.disk.given(`cat ${KEYS}`)
  }

  /** All that lies in the user's home, byte for byte, with modes. */
  async home(): Promise<string> {
    return await this.machine.disk.given(HOME_LISTING)
  }

  /** What a rescue must not leave behind, whatever happened to it. */
  async leftovers(): Promise<string[]> {
    const { debts } = await this.state()
    return [
      ...debts.map(({ kind }) => `owes ${kind}`),
      ...this.cloud.connections.map(() => 'a console connection'),
      ...this.cloud.histories.map(() => 'a console history'),
      ...(this.machine.isInUse ? ['an open line'] : []),
      ...(this.machine.state === 'login' ? [] : [`the machine in ${this.machine.state}`]),
    ]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#workers) {
      worker.stop()
      worker.thaw()
    }
    await Promise.allSettled(this.#workers.map(({ done }) => done))
    await this.machine[Symbol.asyncDispose]()
  }
}

/** An instance that no other test has locked. */
export function newInstance(wishes: Partial<Instance> = {}): Instance {
  return {
    id: `ocid1.instance.oc1.eu-frankfurt-1.${randomUUID()}`,
    name: 'web-1',
    compartmentId: 'ocid1.compartment.oc1..ops',
    region: 'eu-frankfurt-1',
    lifecycleState: 'RUNNING',
    shape: 'VM.Standard.E5.Flex',
    os: { name: 'Oracle Linux', version: '9' },
    ...wishes,
  }
}

/** A public key as one line of `authorized_keys` (RFC 8709, section 4). */
export function newKey(comment: string): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  const fields = [Buffer.from('ssh-ed25519'), Buffer.from(x, 'base64url')]
  const blob = Buffer.concat(fields.flatMap((field) => [Buffer.from([0, 0, 0, field.length]), field]))
  return `ssh-ed25519 ${blob.toString('base64')} ${comment}`
}
