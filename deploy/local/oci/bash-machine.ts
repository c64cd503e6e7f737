/** A machine for tests: a bash on a pty where a guest would be, and a VNC server with a picture of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Machine, MachineSpec, SerialLine } from '../machines/machine.ts'
import { BashScreen } from './bash-screen.ts'

/** What OCI keeps of a console, in bytes. */
const MOST_HISTORY = 1024 * 1024

export class BashMachine implements Machine {
  readonly spec: MachineSpec
  readonly serial: SerialLine
  readonly sshd = { host: '127.0.7.1', port: 22 }
  readonly screen = new BashScreen()
  /** True: pressing the power button has no effect, as with a guest that hangs. */
  ignoresPowerButton = false
  /** `script` (util-linux), which gives bash a pty. */
  #bash: ChildProcessWithoutNullStreams | undefined
  #history = Buffer.alloc(0)
  readonly #listeners = new Set<(bytes: Uint8Array) => void>()
  readonly #vnc: Server

  constructor(name: string) {
    const os = { name: 'Oracle Linux', version: '9' }
    const disk = { disk: '/nowhere', format: 'raw', firmware: 'uefi', keep: false } as const
    this.spec = { name, ...disk, memoryMiB: 512, user: 'opc', os }
    this.#vnc = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      this.screen.serve(socket).catch(() => socket.destroy())
    })
    this.#vnc.listen(0, '127.0.0.1')
    this.serial = {
      listen: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
      write: (bytes) => this.#bash?.stdin.write(Buffer.from(bytes)),
      history: () => this.#history,
    }
  }

  get pid(): number | undefined {
    return this.#bash?.pid
  }

  power(): 'on' | 'off' {
    return this.#bash ? 'on' : 'off'
  }

  /** Puts `text` on the serial line, as a kernel does that nobody asked. */
  say(text: string | Uint8Array): void {
    const bytes = Buffer.from(text)
    this.#history = Buffer.concat([this.#history, bytes]).subarray(-MOST_HISTORY)
    for (const listener of this.#listeners) listener(bytes)
  }

  async start(): Promise<void> {
    if (this.#bash) return
    const env = { PATH: '/usr/bin:/bin', TERM: 'dumb', PS1: `${this.spec.name}# ` }
    const bash = spawn('/usr/bin/script', ['-qfc', '/bin/bash --norc --noprofile', '/dev/null'], { env })
    this.#bash = bash
    bash.stdin.on('error', () => bash.stdin.destroy())
    bash.stdout.on('data', (bytes: Buffer) => this.say(bytes))
    bash.once('close', () => {
      if (this.#bash === bash) this.#bash = undefined
    })
    await once(bash, 'spawn')
  }

  async stop(): Promise<void> {
    const bash = this.#bash
    if (!bash) return
    const closed = once(bash, 'close')
    bash.kill('SIGKILL')
    await closed
  }

  async reset(): Promise<void> {
    await this.stop()
    this.say('\r\nmachine was reset\r\n')
    await this.start()
  }

  async pressPowerButton(): Promise<void> {
    if (!this.ignoresPowerButton) this.#bash?.kill('SIGKILL')
  }

  async interrupt(): Promise<void> {
    this.say('\r\nUhhuh. NMI received for unknown reason 30 on CPU 0.\r\n')
  }

  async connectVnc(): Promise<Duplex> {
    const address = this.#vnc.address()
    if (!this.#bash || address === null || typeof address === 'string') throw new Error('the machine is off')
    const socket = connect(address.port, '127.0.0.1')
    await once(socket, 'connect')
    return socket
  }

  async close(): Promise<void> {
    await this.stop()
    this.#vnc.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
