/** The console connections of a tenancy: made, becoming ACTIVE, deleted, still listed for a while. */

import { createHash, randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { Faults } from './faults.ts'
import type { Instance } from './instance.ts'
import { newOcid } from './ocid.ts'
import { inBackground, type Pace, pause } from './pace.ts'
import { type ConsoleKey, fingerprint } from './public-key.ts'
import { incorrectState, notFound, ServiceError } from './service-error.ts'
import type { Tags } from './tags.ts'

export type ConnectionState = 'CREATING' | 'ACTIVE' | 'DELETING' | 'DELETED' | 'FAILED'

export interface ConsoleConnection {
  readonly id: string
  readonly instance: Instance
  readonly key: ConsoleKey
  /** A fingerprint to tell instead of the gateway's, when that fault was asked for. */
  readonly wrongHostKeyFingerprint: string | undefined
  state: ConnectionState
  tags: Tags
}

export interface ConsoleConnectionsOptions {
  readonly region: string
  readonly pace: Pace
  readonly faults: Faults
}

/** Emits `ended` with a console connection as soon as its key must no longer open anything. */
export class ConsoleConnections extends EventEmitter<{ ended: [ConsoleConnection] }> {
  readonly #options: ConsoleConnectionsOptions
  readonly #signal: AbortSignal
  readonly #byId = new Map<string, ConsoleConnection>()

  constructor(options: ConsoleConnectionsOptions, signal: AbortSignal) {
    super()
    this.#options = options
    this.#signal = signal
  }

  create(instance: Instance, key: ConsoleKey, tags: Tags): ConsoleConnection {
    this.#demandNoneFor(instance)
    const { region, faults } = this.#options
    const connection: ConsoleConnection = {
      id: newOcid('instanceconsoleconnection', region),
      instance,
      key,
      wrongHostKeyFingerprint: faults.wrongHostKey ? fingerprint(randomBytes(32)) : undefined,
      state: 'CREATING',
      tags,
    }
    this.#byId.set(connection.id, connection)
    inBackground(this.#become(connection), this.#signal)
    return connection
  }

  /** Also finds those that are DELETED and still listed. */
  get(id: string): ConsoleConnection {
    const connection = this.#byId.get(id)
    if (!connection) throw notFound()
    return connection
  }

  list(): readonly ConsoleConnection[] {
    return [...this.#byId.values()]
  }

  /** The connection whose key opens the gateway now. */
  active(id: string): ConsoleConnection | undefined {
    const connection = this.#byId.get(id)
    return connection?.state === 'ACTIVE' ? connection : undefined
  }

  delete(id: string): void {
    const connection = this.get(id)
    if (connection.state === 'DELETED') throw notFound()
    if (connection.state === 'DELETING') throw incorrectState(`Instance console connection ${id} is being deleted.`)
    connection.state = 'DELETING'
    this.emit('ended', connection)
    inBackground(this.#vanish(connection), this.#signal)
  }

  // One for each instance (docs: serialconsole). The code and words of OCI's 409 are not known.
  #demandNoneFor(instance: Instance): void {
    const living = this.list().find((other) => other.instance === instance && isLiving(other.state))
    if (!living) return
    throw new ServiceError(409, 'Conflict', `Instance console connection already exists for instance ${instance.id}`)
  }

  async #become(connection: ConsoleConnection): Promise<void> {
    const fate = this.#options.faults.consoleConnections
    if (fate === 'stays-creating') return
    await pause(this.#options.pace.connectionCreating, this.#signal)
    if (connection.state === 'CREATING') connection.state = fate === 'failed' ? 'FAILED' : 'ACTIVE'
  }

  async #vanish(connection: ConsoleConnection): Promise<void> {
    await pause(this.#options.pace.connectionDeleting, this.#signal)
    connection.state = 'DELETED'
    await pause(this.#options.pace.connectionDeletedKept, this.#signal)
    this.#byId.delete(connection.id)
  }
}

/** Changes with everything that can be seen of the connection. */
export function connectionEtag({ id, state, tags }: ConsoleConnection): string {
  return createHash('sha256')
    .update(JSON.stringify([id, state, tags]))
    .digest('hex')
}

function isLiving(state: ConnectionState): boolean {
  return state === 'CREATING' || state === 'ACTIVE' || state === 'DELETING'
}
