/**
 * The world of one rescue (`core/rescue/world.ts`), made of OCI's API, SSH and the
 * rescue's fence.
 */
import { RescueError } from '../core/base/errors.ts'
import type { Proof } from '../core/record/events.ts'
import type { Fence, OpenedChannel, World } from '../core/rescue/world.ts'
import type { SealedAnswers, SealedPasswords } from '../core/store/sealed-hand-overs.ts'
import { leaveToAct } from './act-only-with-leave.ts'
import { FencedChannel } from './fenced-channel.ts'
import { type ConsoleAddress, readConnectionString } from './oci/connection-string.ts'
import { type ConsoleConnection, createConsoleConnection, deleteConsoleConnections } from './oci/console-connections.ts'
import { addressesOf, findInstances, resetInstance } from './oci/instances.ts'
import { Oci } from './oci/oci.ts'
import type { OciAccess } from './oci/sign-in.ts'
import type { ConsoleKey } from './serial/console-key.ts'
import type { KeyStock } from './serial/key-stock.ts'
import { probeLogin } from './serial/login-probe.ts'
import { openSerial, type SshClient } from './serial/open-serial.ts'

export interface WorldSettings {
  readonly access: OciAccess
  /** Where instances are looked for by name. */
  readonly compartments: readonly string[]
  /** The port of the instances' sshd. */
  readonly loginPort: number
  readonly keys: KeyStock
  /** What opens serial lines. Default: `auto`. */
  readonly sshClient?: SshClient
  readonly answers: Pick<SealedAnswers, 'take'>
  readonly passwords: Pick<SealedPasswords, 'put' | 'lifeMs'>
}

/** What opens the serial line of a console connection that we made: known to this process alone. */
interface Way {
  readonly address: ConsoleAddress
  readonly privateKey: string
  readonly hostKeyFingerprint: string
}

export function worldFor(settings: WorldSettings, fence: Fence): World {
  const { access, compartments, loginPort, keys, answers, passwords, sshClient = 'auto' } = settings
  const mayAct = (signal: AbortSignal) => leaveToAct(fence, signal)
  const oci = new Oci(access, mayAct)
  const ways = new Map<string, Way>()
  return {
    findInstances: (target, signal) => findInstances(oci, compartments, target, signal),
    async createConsoleConnection(instance, rescue, signal) {
      const key = await keys.take()
      const created = await createConsoleConnection(oci, instance, rescue, key.publicKey, signal)
      ways.set(created.id, wayTo(created, key, { instanceId: instance.id, loopback: oci.isLoopback }))
      return { id: created.id }
    },
    deleteConsoleConnections: (instance, rescue, signal) => deleteConsoleConnections(oci, instance, rescue, signal),
    async openSerial({ id }, signal) {
      const way = ways.get(id)
      if (way === undefined)
        throw new RescueError('us', 'key-lost', `the key of ${id} died with the worker that made it`)
      await mayAct(signal)
      const { channel, fellBackBecause } = await openSerial({ ...way, ...way.address }, sshClient, signal)
      return new FencedChannel(channel, mayAct, fellBackBecause === undefined ? undefined : fallback(fellBackBecause))
    },
    async takeAnswer(place, signal) {
      await mayAct(signal)
      return await answers.take(place)
    },
    async handOverPassword(place, password, signal) {
      await mayAct(signal)
      await passwords.put(place, password)
      return { lifeMs: passwords.lifeMs }
    },
    reset: (instance, signal) => resetInstance(oci, instance, signal),
    async proveKey(instance, user, publicKey, signal) {
      const hosts = await addressesOf(oci, instance, signal).catch(unknownAddress)
      if ('kind' in hosts) return hosts
      return probeLogin({ hosts, port: loginPort, user, publicKey }, signal)
    },
  }
}

function fallback(reason: string): OpenedChannel['notice'] {
  return { code: 'openssh-instead', details: { reason } }
}

/** A rescue that went well does not fail because OCI does not say where the instance is. */
function unknownAddress(error: unknown): Proof {
  if (error instanceof RescueError && error.code.startsWith('oci-')) {
    return { kind: 'sshd-not-reached', reason: `its address is unknown: ${error.message}` }
  }
  throw error
}

/** @throws RescueError `connection-string-unknown`, `host-key-mismatch` when OCI names no host key */
function wayTo(
  { id, connectionString, serviceHostKeyFingerprint }: ConsoleConnection,
  { privateKey }: ConsoleKey,
  expected: { readonly instanceId: string; readonly loopback: boolean },
): Way {
  if (!serviceHostKeyFingerprint) {
    const details = { host: '', instance: expected.instanceId, reason: 'OCI names none' }
    throw new RescueError('cloud', 'host-key-mismatch', `OCI names no host key for ${id}`, { details })
  }
  const address = readConnectionString(connectionString ?? '', { ...expected, connectionId: id })
  return { address, privateKey, hostKeyFingerprint: serviceHostKeyFingerprint }
}
