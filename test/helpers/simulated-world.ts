/**
 * OCI for tests of whole rescues: instances with a simulated machine behind them,
 * console connections with the tags they were made with, faults on demand. Each
 * worker gets a world of its own from it, which asks that worker's fence first.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import type { Answer } from '../../core/record/answers.ts'
import type { Instance, Proof } from '../../core/record/events.ts'
import type { HandOver } from '../../core/record/hand-over.ts'
import type { OneTimePassword } from '../../core/record/one-time-password.ts'
import type {
  ConsoleConnection,
  Fence,
  HandedOutConsole,
  PowerAction,
  Screenshot,
  World,
} from '../../core/rescue/world.ts'
import { leaveToAct } from '../../workers/act-only-with-leave.ts'
import type { SimulatedLine } from './simulated-line.ts'
import type { SimulatedMachine } from './simulated-machine.ts'
import type { Ice } from './simulated-worker.ts'

/** `active` is the wait for a console connection that was made already, `captured` the one for a console history. */
export type Operation = keyof World | 'active' | 'captured'

/** Throws what the operation shall throw, or waits as long as it shall take. */
export type Fault = (signal: AbortSignal) => Promise<void>

interface Connection {
  readonly id: string
  readonly instance: string
  /** The rescue's id. */
  readonly tag: string
}

const KEYS = '/home/opc/.ssh/authorized_keys'
/** A PNG: black. */
const ONE_PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC'

export class SimulatedCloud {
  readonly instances: Instance[] = []
  /** Those that are there now. */
  readonly connections: Connection[] = []
  /** The console histories that OCI keeps: the tags they were captured with. */
  readonly histories: string[] = []
  /** Everything that was asked of OCI and of the gateway, faults included. */
  readonly asked: Operation[] = []
  /** OCI takes an order to reset at once, and carries it out a little later. */
  resetMs = 20
  /** Where what people enter is handed over; nobody enters anything unless told otherwise. */
  takeAnswer: (place: HandOver) => Promise<Answer | undefined> = async () => undefined
  /** What was handed over to the bot. */
  readonly handedOver: { readonly place: HandOver; readonly password: string }[] = []
  /** Told whenever something is asked, before it is done. */
  onAsked: () => void = () => undefined
  /** What asking sshd gives, when it is not sshd that shall be asked. */
  proof: Proof | undefined
  /** What OCI keeps of the console. */
  history = ''
  /** What the machine's screen shows. */
  screen: Screenshot = { png: Buffer.from(ONE_PIXEL, 'base64'), width: 1, height: 1, blank: true }
  readonly #machine: SimulatedMachine
  readonly #faults = new Map<Operation, Fault[]>()
  readonly #waiting = new Map<Operation, () => void>()
  #made = 0

  /** All instances are `machine`: a test rescues one of them. */
  constructor(machine: SimulatedMachine) {
    this.#machine = machine
  }

  /** The next `times` times that `operation` is asked for, `fault` comes first. */
  fails(operation: Operation, fault: Fault | RescueError, times = 1): void {
    const faults = this.#faults.get(operation) ?? []
    const asFunction = fault instanceof RescueError ? () => Promise.reject(fault) : fault
    this.#faults.set(operation, [...faults, ...Array.from({ length: times }, () => asFunction)])
  }

  /** `ice` is passed before each act: a frozen worker does not get through it. */
  worldFor(fence: Fence, ice: Ice): SimulatedWorld {
    return new SimulatedWorld(this, fence, ice)
  }

  /** Resolves when `operation` is asked for the next time, before it is done. */
  async asks(operation: Operation): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.set(operation, resolve)
    await promise
  }

  /** What the fault of the next such call does. */
  async meet(operation: Operation, signal: AbortSignal): Promise<void> {
    this.asked.push(operation)
    this.onAsked()
    this.#waiting.get(operation)?.()
    await this.#faults.get(operation)?.shift()?.(signal)
  }

  find(target: string): readonly Instance[] {
    return this.instances.filter(({ id, name }) => id === target || name === target)
  }

  connect(instance: Instance, tag: string): Connection {
    if (this.connections.some((connection) => connection.instance === instance.id))
      throw new RescueError('operator', 'console-connection-exists', 'one for each instance')
    this.#made += 1
    const connection = { id: `ocid1.instanceconsoleconnection.oc1..${this.#made}`, instance: instance.id, tag }
    this.connections.push(connection)
    return connection
  }

  /** The gateway hangs up on whoever uses a connection that is deleted. */
  disconnect(instance: Instance, tag: string): void {
    const gone = this.connections.filter((connection) => connection.instance === instance.id && connection.tag === tag)
    if (gone.length > 0) this.#machine.pull()
    for (const connection of gone) this.connections.splice(this.connections.indexOf(connection), 1)
  }

  plugIn(id: string): SimulatedLine {
    if (!this.connections.some((connection) => connection.id === id))
      throw new RescueError('cloud', 'console-refused', 'no such console connection')
    if (this.#machine.isInUse)
      throw new RescueError('operator', 'console-busy', 'console access is limited to one connection at a time')
    return this.#machine.plugIn()
  }

  /** A machine that is asked nicely goes down at once; one that is interrupted says so and goes on, as Linux does. */
  async power(action: PowerAction): Promise<void> {
    const isInterrupt = action === 'SENDDIAGNOSTICINTERRUPT'
    void pause(this.resetMs).then(() => (isInterrupt ? this.#machine.say(NMI) : this.#machine.reset()))
  }

  /** As sshd would answer: only a system that is up has one, and it reads the file. */
  async ask(user: string, publicKey: string): Promise<Proof> {
    if (this.proof !== undefined) return this.proof
    if (this.#machine.state !== 'login') return { kind: 'sshd-not-reached', reason: 'connection refused' }
    const { output } = await this.#machine.disk.run(`cat ${KEYS}`)
    if (!output.split('\n').includes(publicKey))
      throw new RescueError('machine', 'key-not-accepted', 'sshd does not take the key')
    return { kind: 'key-accepted', user, fingerprint: 'SHA256:any', host: '127.0.0.1', port: 22 }
  }
}

const NMI =
  '\r\n[  123.456789] Uhhuh. NMI received for unknown reason 20 on CPU 0.\r\n[  123.456790] Dazed and confused, but trying to continue\r\n'

export class SimulatedWorld implements World {
  /** How many bytes this worker has typed. */
  typed = 0
  readonly #cloud: SimulatedCloud
  readonly #fence: Fence
  readonly #ice: Ice

  constructor(cloud: SimulatedCloud, fence: Fence, ice: Ice) {
    this.#cloud = cloud
    this.#fence = fence
    this.#ice = ice
  }

  async findInstances(target: string, signal: AbortSignal): Promise<readonly Instance[]> {
    await this.#mayAct('findInstances', signal)
    return this.#cloud.find(target)
  }

  async createConsoleConnection(instance: Instance, rescue: string, signal: AbortSignal): Promise<ConsoleConnection> {
    await this.#mayAct('createConsoleConnection', signal)
    const { id } = this.#cloud.connect(instance, rescue)
    await this.#cloud.meet('active', signal)
    return { id }
  }

  async deleteConsoleConnections(instance: Instance, rescue: string, signal: AbortSignal): Promise<void> {
    await this.#mayAct('deleteConsoleConnections', signal)
    this.#cloud.disconnect(instance, rescue)
  }

  async openSerial({ id }: ConsoleConnection, signal: AbortSignal): Promise<Channel> {
    await this.#mayAct('openSerial', signal)
    return this.#fenced(this.#cloud.plugIn(id))
  }

  async takeAnswer(place: HandOver, signal: AbortSignal): Promise<Answer | undefined> {
    await this.#mayAct('takeAnswer', signal)
    return await this.#cloud.takeAnswer(place)
  }

  async handOverPassword(place: HandOver, { password }: OneTimePassword, signal: AbortSignal) {
    await this.#mayAct('handOverPassword', signal)
    this.#cloud.handedOver.push({ place, password })
    return { lifeMs: 900_000 }
  }

  async reset(_instance: Instance, signal: AbortSignal): Promise<void> {
    await this.#mayAct('reset', signal)
    await this.#cloud.power('RESET')
  }

  async power(_instance: Instance, action: PowerAction, signal: AbortSignal): Promise<void> {
    await this.#mayAct('power', signal)
    await this.#cloud.power(action)
  }

  async captureHistory(_instance: Instance, rescue: string, signal: AbortSignal): Promise<Uint8Array> {
    await this.#mayAct('captureHistory', signal)
    this.#cloud.histories.push(rescue)
    await this.#cloud.meet('captured', signal)
    return Buffer.from(this.#cloud.history)
  }

  async deleteConsoleHistories(_instance: Instance, rescue: string, signal: AbortSignal): Promise<void> {
    await this.#mayAct('deleteConsoleHistories', signal)
    const kept = this.#cloud.histories.filter((tag) => tag !== rescue)
    this.#cloud.histories.splice(0, this.#cloud.histories.length, ...kept)
  }

  async screenshot(_connection: ConsoleConnection, signal: AbortSignal): Promise<Screenshot> {
    await this.#mayAct('screenshot', signal)
    return this.#cloud.screen
  }

  async handOutConsole(
    instance: Instance,
    rescue: string,
    _publicKey: string,
    signal: AbortSignal,
  ): Promise<HandedOutConsole> {
    await this.#mayAct('handOutConsole', signal)
    const { id } = this.#cloud.connect(instance, rescue)
    await this.#cloud.meet('active', signal)
    return stringsOf(id, instance)
  }

  async proveKey(_instance: Instance, user: string, publicKey: string, signal: AbortSignal): Promise<Proof> {
    await this.#mayAct('proveKey', signal)
    return await this.#cloud.ask(user, publicKey)
  }

  async #mayAct(operation: Operation, signal: AbortSignal): Promise<void> {
    await this.#leave(signal)
    await this.#cloud.meet(operation, signal)
  }

  /** As in production: an answer that is old by the time it is there is asked for again. */
  async #leave(signal: AbortSignal): Promise<void> {
    await this.#ice.pass()
    await leaveToAct(this.#fence, signal, () => this.#ice.now())
  }

  #fenced(line: SimulatedLine): Channel {
    const never = new AbortController().signal
    return {
      read: async (signal) => {
        const bytes = await line.read(signal)
        await this.#ice.pass()
        return bytes
      },
      write: async (bytes) => {
        await this.#leave(never)
        this.typed += bytes.length
        await line.write(bytes)
      },
      close: () => line.close(),
      [Symbol.asyncDispose]: () => line.close(),
    }
  }
}

/** In OCI's form. */
function stringsOf(id: string, { id: instance }: Instance): HandedOutConsole {
  const gateway = `ssh -o ProxyCommand='ssh -W %h:%p -p 443 ${id}@instance-console.ap-tokyo-1.oci.oraclecloud.com'`
  return {
    connectionString: `${gateway} ${instance}`,
    vncConnectionString: `${gateway} -N -L localhost:5900:${instance}:5900 ${instance}`,
    hostKeyFingerprint: 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
  }
}
