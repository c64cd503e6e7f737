/**
 * All that a rescue asks of the world outside: OCI, the serial line, sshd. The
 * worker makes one for each rescue; every call into OCI and every byte typed
 * asks the fence first.
 */
import type { Channel } from '../console/channel.ts'
import type { Instance, Proof } from '../record/events.ts'
import type { GrubCredentials } from '../record/grub-credentials.ts'
import type { HandOver } from '../record/hand-over.ts'
import type { OneTimePassword } from '../record/one-time-password.ts'

/**
 * Throws `fenced-off` when another worker has claimed the rescue: whoever was frozen
 * past its lock must not act again. Asked before each act, so it answers in milliseconds.
 */
export type Fence = (signal: AbortSignal) => Promise<void>

export interface ConsoleConnection {
  readonly id: string
}

/** A line, and what people should know about how it was opened. */
export interface OpenedChannel extends Channel {
  /** Key of a sentence in `core/i18n`, with what that sentence names. */
  readonly notice?: { readonly code: string; readonly details: Record<string, string> } | undefined
}

export interface World {
  /**
   * Instances with this display name, or the one with this OCID; terminated ones too when nothing else has that
   * name, so that the answer can say so. Empty when there is none that we may see.
   * @throws RescueError `oci-not-authenticated`, `oci-not-found-or-not-authorized`, `oci-unavailable`
   */
  findInstances(target: string, signal: AbortSignal): Promise<readonly Instance[]>
  /**
   * Makes a key pair in memory and a console connection that carries `rescue` as a tag, and waits until it is ACTIVE.
   * @throws RescueError `console-connection-exists`, `console-connection-failed`, `console-connection-slow`, `oci-…`
   */
  createConsoleConnection(instance: Instance, rescue: string, signal: AbortSignal): Promise<ConsoleConnection>
  /** Deletes all console connections of the instance that carry the tag and waits until they are gone. Safe to repeat. */
  deleteConsoleConnections(instance: Instance, rescue: string, signal: AbortSignal): Promise<void>
  /**
   * Both SSH hops, pty, shell.
   * @throws RescueError `host-key-mismatch`, `console-busy`, `console-refused`, `gateway-unreachable`
   */
  openSerial(connection: ConsoleConnection, signal: AbortSignal): Promise<OpenedChannel>
  /**
   * Takes what a person has handed over, sealed: readable once, by this worker. Undefined when it is not there any more.
   * @throws RescueError `password-unreadable`
   */
  takeAnswer(place: HandOver, signal: AbortSignal): Promise<GrubCredentials | undefined>
  /** Hands a password over to the bot, sealed: readable once, and gone after `lifeMs`. */
  handOverPassword(
    place: HandOver,
    password: OneTimePassword,
    signal: AbortSignal,
  ): Promise<{ readonly lifeMs: number }>
  /** The reset button, through OCI. Resolves when OCI has taken the order. */
  reset(instance: Instance, signal: AbortSignal): Promise<void>
  /** Asks sshd, where a network route leads to it, whether it would accept `publicKey` (one line) for `user`. */
  proveKey(instance: Instance, user: string, publicKey: string, signal: AbortSignal): Promise<Proof>
}
