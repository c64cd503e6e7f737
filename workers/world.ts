/**
 * The world of one rescue (`core/rescue/world.ts`), made of OCI's API, SSH and the
 * rescue's fence.
 */
import { RescueError } from '../core/base/errors.ts'
import type { ConsoleRoute } from '../core/record/console-strings.ts'
import type { Proof } from '../core/record/events.ts'
import type { Fence, HandedOutConsole, OpenedChannel, World } from '../core/rescue/world.ts'
import type { SealedAnswers, SealedPasswords } from '../core/store/sealed-hand-overs.ts'
import { leaveToAct } from './act-only-with-leave.ts'
import { FencedChannel } from './fenced-channel.ts'
import { believedRoute, type Expected, isWayToScreen } from './oci/connection-string.ts'
import { type ConsoleConnection, createConsoleConnection, deleteConsoleConnections } from './oci/console-connections.ts'
import { captureHistory, deleteConsoleHistories } from './oci/console-history.ts'
import { addressesOf, findInstances, powerInstance } from './oci/instances.ts'
import { Oci } from './oci/oci.ts'
import type { OciAccess } from './oci/sign-in.ts'
import type { KeyStock } from './serial/key-stock.ts'
import { probeLogin } from './serial/login-probe.ts'
import { openSerial, type SshClient } from './serial/open-console.ts'
import { personalKey } from './serial/personal-key.ts'
import { takeScreenshot } from './serial/screenshot.ts'

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
  readonly route: ConsoleRoute
  readonly privateKey: string
  readonly hostKeyFingerprint: string
}

export function worldFor(settings: WorldSettings, fence: Fence): World {
  const { access, compartments, loginPort, keys, answers, passwords, sshClient = 'auto' } = settings
  const mayAct = (signal: AbortSignal) => leaveToAct(fence, signal)
  const oci = new Oci(access, mayAct)
  const ways = new Map<string, Way>()
  const wayOf = ({ id }: { readonly id: string }): Way => {
    const way = ways.get(id)
    if (way === undefined) throw new RescueError('us', 'key-lost', `the key of ${id} died with the worker that made it`)
    return way
  }
  return {
    findInstances: (target, signal) => findInstances(oci, compartments, target, signal),
    async createConsoleConnection(instance, rescue, signal) {
      const key = await keys.take()
      const created = await createConsoleConnection(oci, instance, rescue, key.publicKey, signal)
      const shown = shownBy(created, { instanceId: instance.id, loopback: oci.isLoopback })
      ways.set(created.id, { ...shown, privateKey: key.privateKey })
      return { id: created.id }
    },
    async handOutConsole(instance, rescue, publicKey, signal) {
      const key = personalKey(publicKey)
      const created = await createConsoleConnection(oci, instance, rescue, key, signal)
      return stringsOf(created, shownBy(created, { instanceId: instance.id, loopback: oci.isLoopback }))
    },
    deleteConsoleConnections: (instance, rescue, signal) => deleteConsoleConnections(oci, instance, rescue, signal),
    async openSerial(connection, signal) {
      const way = wayOf(connection)
      await mayAct(signal)
      const { channel, fellBackBecause } = await openSerial({ ...way, ...way.route }, sshClient, signal)
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
    reset: (instance, signal) => powerInstance(oci, instance, 'RESET', signal),
    power: (instance, action, signal) => powerInstance(oci, instance, action, signal),
    captureHistory: (instance, rescue, signal) => captureHistory(oci, instance, rescue, signal),
    deleteConsoleHistories: (instance, rescue, signal) => deleteConsoleHistories(oci, instance, rescue, signal),
    async screenshot(connection, signal) {
      const way = wayOf(connection)
      await mayAct(signal)
      return await takeScreenshot({ ...way, ...way.route }, sshClient, signal)
    },
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
    return { kind: 'sshd-not-reached', reason: 'address-unknown' }
  }
  throw error
}

/**
 * What a console connection says of its way, believed.
 * @throws RescueError `connection-string-unknown`, `host-key-mismatch` when OCI names no host key
 */
function shownBy(
  { id, connectionString, serviceHostKeyFingerprint }: ConsoleConnection,
  expected: Omit<Expected, 'connectionId'>,
): Omit<Way, 'privateKey'> {
  if (!serviceHostKeyFingerprint) {
    const details = { host: '', instance: expected.instanceId, reason: 'OCI names none' }
    throw new RescueError('cloud', 'host-key-mismatch', `OCI names no host key for ${id}`, { details })
  }
  const route = believedRoute(connectionString ?? '', { ...expected, connectionId: id })
  return { route, hostKeyFingerprint: serviceHostKeyFingerprint }
}

/** A person follows these strings, so neither of them may be anything else than it seems. */
function stringsOf(
  { connectionString, vncConnectionString }: ConsoleConnection,
  { route, hostKeyFingerprint }: Omit<Way, 'privateKey'>,
): HandedOutConsole {
  const vnc = vncConnectionString ?? ''
  return {
    connectionString: connectionString ?? '',
    vncConnectionString: isWayToScreen(vnc, route) ? vnc : '',
    hostKeyFingerprint,
  }
}
