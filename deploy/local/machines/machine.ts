/**
 * What a stand-in for a data centre's machine can do, whatever runs it: power,
 * a serial line that somebody always reads, a VNC screen, and an sshd that
 * loopback can reach. The OCI stand-in knows machines by this interface alone.
 */
import type { Duplex } from 'node:stream'

export interface DiskFile {
  readonly disk: string
  readonly format: 'raw' | 'qcow2'
}

/** One entry of the file that `--machines` names. Its own disk is bootable and has a serial console. */
export interface MachineSpec extends DiskFile {
  readonly name: string
  readonly firmware: 'bios' | 'uefi'
  readonly memoryMiB: number
  /** The login user whose key may be replaced, e.g. `opc`. */
  readonly user: string
  readonly os: { readonly name: string; readonly version: string }
  /** More disks, as block volumes are attached to an instance. */
  readonly dataDisks?: readonly DiskFile[] | undefined
  /** True: changes go to the disks themselves; false: to overlays that die with the machine. */
  readonly keep: boolean
}

/** The one that it boots from first. */
export function disksOf(spec: MachineSpec): readonly DiskFile[] {
  return [{ disk: spec.disk, format: spec.format }, ...(spec.dataDisks ?? [])]
}

export interface SerialLine {
  /** Calls `listener` with each piece of output from now on; returns the way to stop that. */
  listen(listener: (bytes: Uint8Array) => void): () => void
  write(bytes: Uint8Array): void
  /** The most recent output since the machine was made, over all its boots: 1 MB at the most, as OCI keeps it. */
  history(): Uint8Array
}

export interface Machine extends AsyncDisposable {
  readonly spec: MachineSpec
  readonly serial: SerialLine
  /** Where the guest's port 22 can be reached: a loopback address of the machine's own, and a port. */
  readonly sshd: { readonly host: string; readonly port: number }
  /** The process that runs the guest, while it is on. */
  readonly pid: number | undefined
  power(): 'on' | 'off'
  /** Like the reset button: at once, no goodbye to the guest. Switches the machine on when it is off. */
  reset(): Promise<void>
  /** Asks the guest to shut down (ACPI power button). Resolves when it was asked, not when it is off. */
  pressPowerButton(): Promise<void>
  /** A non-maskable interrupt: what comes of it is up to the guest. */
  interrupt(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
  /** A new connection to the machine's VNC server. */
  connectVnc(): Promise<Duplex>
  close(): Promise<void>
}
