/**
 * The floor of a rescue: the same machine, driven straight at its serial line by a
 * script that knows every key in advance, asks nobody, checks nothing and never
 * reads more than the words it waits for.
 */
import type { Machine } from '../../deploy/local/machines/machine.ts'

/** A boot on a busy host. */
const LIMIT_MS = 600_000

/** Where the `linux` line stands in the editor of the machines that come with the project. */
const LINES_DOWN = 9

export interface Floor {
  /** Milliseconds from the reset to the login prompt, with the key replaced in between. */
  readonly total: number
  /** The same in parts, in seconds. */
  readonly parts: Readonly<Record<string, number>>
}

export async function driveFloor(machine: Machine): Promise<Floor> {
  using line = new Line(machine)
  const marks = [performance.now()]
  await machine.reset()
  await line.said(/automatically in \d+s/)
  marks.push(performance.now())
  line.type(' ')
  line.type('e')
  await line.said(/Ctrl-x/)
  line.type('\u000e'.repeat(LINES_DOWN))
  line.type('\u0005 init=/bin/bash')
  line.type('\u0018')
  await line.said(/root@\(none\):\/# $/)
  marks.push(performance.now())
  line.type(`${SCRIPT}\r`)
  await line.said(/web-1 login: $/)
  const [began = 0, menu = 0, shell = 0] = marks
  const login = performance.now()
  const parts = { bootloader: (menu - began) / 1000, shell: (shell - menu) / 1000, boot: (login - shell) / 1000 }
  return { total: login - began, parts }
}

const FILE = '/home/opc/.ssh/authorized_keys'

/** The key is none: the rescue that follows must find something to replace. */
const SCRIPT = [
  'mount -o remount,rw /',
  `mv ${FILE} ${FILE}.old`,
  `echo 'ssh-ed25519 AAAA floor' >${FILE}`,
  `chown 1000:1000 ${FILE}`,
  `chmod 600 ${FILE}`,
  'sync',
  'mount -o remount,ro /',
  '/usr/sbin/reboot -f',
].join(';')

class Line implements Disposable {
  readonly #machine: Machine
  readonly #stop: () => void
  #heard = ''
  #wake = Promise.withResolvers<void>()

  constructor(machine: Machine) {
    this.#machine = machine
    this.#stop = machine.serial.listen((bytes) => {
      this.#heard += Buffer.from(bytes).toString('latin1')
      this.#wake.resolve()
    })
  }

  type(text: string): void {
    this.#machine.serial.write(Buffer.from(text, 'latin1'))
  }

  /** Waits for it in what came since the last wait was over. */
  async said(pattern: RegExp): Promise<void> {
    const limit = performance.now() + LIMIT_MS
    while (!pattern.test(this.#heard.replaceAll(/\u001b\[[0-?]*[ -/]*[@-~]/g, ''))) {
      if (performance.now() > limit) throw new Error(`waited for ${pattern}; heard ${this.#heard.slice(-2000)}`)
      this.#wake = Promise.withResolvers()
      const timer = setTimeout(() => this.#wake.resolve(), 1000)
      await this.#wake.promise
      clearTimeout(timer)
    }
    this.#heard = ''
  }

  [Symbol.dispose](): void {
    this.#stop()
  }
}
