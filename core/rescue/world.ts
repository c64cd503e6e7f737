/**
 * All that a rescue asks of the world outside: OCI, the serial line, sshd. The
 * worker makes one for each rescue; every call into OCI and every byte typed
 * asks the fence first.
 */
import type { Channel } from '../console/channel.ts'
import type { Answer } from '../record/answers.ts'
import type { Instance, Proof } from '../record/events.ts'
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

/** OCI's instance actions that we use (InstanceAction in its API). */
export type PowerAction = 'RESET' | 'SOFTRESET' | 'SENDDIAGNOSTICINTERRUPT'

/** What the screen of a machine shows. */
export interface Screenshot {
  readonly png: Uint8Array
  readonly width: number
  readonly height: number
  /** It shows one colour only. */
  readonly blank: boolean
}

/** What people need to open a console connection with their own key. */
export interface HandedOutConsole {
  readonly connectionString: string
  /** Empty when OCI names none that leads the same way: some old shapes have no screen. */
  readonly vncConnectionString: string
  /** Of the gateway's host key, as OCI publishes it for this connection. */
  readonly hostKeyFingerprint: string
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
  takeAnswer(place: HandOver, signal: AbortSignal): Promise<Answer | undefined>
  /** Hands a password over to the bot, sealed: readable once, and gone after `lifeMs`. */
  handOverPassword(
    place: HandOver,
    password: OneTimePassword,
    signal: AbortSignal,
  ): Promise<{ readonly lifeMs: number }>
  /** The reset button, through OCI. Resolves when OCI has taken the order. */
  reset(instance: Instance, signal: AbortSignal): Promise<void>
  /** As `reset`, for any action. */
  power(instance: Instance, action: PowerAction, signal: AbortSignal): Promise<void>
  /**
   * What the serial console has said last, up to 1 MB. OCI makes a copy of it to be read, which carries `rescue` as a
   * tag and stays until it is deleted.
   * @throws RescueError `history-failed`, `history-slow`, `oci-…`
   */
  captureHistory(instance: Instance, rescue: string, signal: AbortSignal): Promise<Uint8Array>
  /**
   * Deletes all console histories of the instance that carry the tag and waits until they are gone. Safe to repeat.
   * @throws RescueError `history-not-deleted`, `oci-…`
   */
  deleteConsoleHistories(instance: Instance, rescue: string, signal: AbortSignal): Promise<void>
  /**
   * The screen through the console connection's VNC; no key is pressed and no mouse is moved.
   * @throws RescueError as `openSerial` does, and `screen-refused`, `screen-locked`, `screen-unreadable`, `screen-slow`
   */
  screenshot(connection: ConsoleConnection, signal: AbortSignal): Promise<Screenshot>
  /**
   * Makes a console connection for a person's own key, under the same tag as ours, and waits until it is ACTIVE.
   * @throws RescueError as `createConsoleConnection` does, and `key-refused`, `console-key-not-rsa`
   */
  handOutConsole(instance: Instance, rescue: string, publicKey: string, signal: AbortSignal): Promise<HandedOutConsole>
  /** Asks sshd, where a network route leads to it, whether it would accept `publicKey` (one line) for `user`. */
  proveKey(instance: Instance, user: string, publicKey: string, signal: AbortSignal): Promise<Proof>
}
