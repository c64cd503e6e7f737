import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { bareShell } from '../../test/helpers/bare-shell.ts'
import type { PtyChannel } from '../../test/helpers/pty-channel.ts'
import { RescueError } from '../base/errors.ts'
import type { Channel } from '../console/channel.ts'

const signal = () => AbortSignal.timeout(50_000)
const SHELLS = [['bash'], ['dash']] as const

/** A line on which `change` decides what becomes of each piece that is typed. */
class TypedThrough implements Channel {
  change = async (bytes: Uint8Array) => await this.#line.write(bytes)
  readonly #line: Channel

  constructor(line: Channel) {
    this.#line = line
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.change(bytes)
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#line.read(signal)
  }

  close(): Promise<void> {
    return this.#line.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

async function roughShell(shell: string) {
  let rough: TypedThrough | undefined
  const through = (line: Channel) => {
    rough = new TypedThrough(line)
    return rough
  }
  const tools = shell === 'bash' ? undefined : ['sh', 'cat', 'head', 'mv', 'rm', 'cksum', 'base64', 'seq', 'sleep']
  const own = await bareShell(signal(), {
    through,
    quietMs: 400,
    ...(tools === undefined ? {} : { shell: [shell], tools }),
  })
  if (rough === undefined) throw new Error('there is no line')
  return { ...own, rough, [Symbol.asyncDispose]: () => own[Symbol.asyncDispose]() }
}

it.each(SHELLS)('in %s, a command is run once, although the line says everything twice', async (shell) => {
  await using own = await roughShell(shell)
  const file = join(own.directory, 'counted')
  own.rough.change = async (bytes) => await own.line.write(Buffer.concat([bytes, bytes]))

  const result = await own.shell.run(['sh', '-c', `echo once >>${file}; echo done`], signal())

  expect(result).toEqual({ output: 'done\n', exitCode: 0 })
  expect(await readFile(file, 'utf8')).toBe('once\n')
})

it.each(SHELLS)('in %s, a command that somebody else types into is not run until it is right', async (shell) => {
  await using own = await roughShell(shell)
  let count = 0
  own.rough.change = async (bytes) => {
    count += 1
    if (count > 3) return await own.line.write(bytes)
    const half = Math.floor(bytes.length / 2)
    await own.line.write(Buffer.concat([bytes.subarray(0, half), Buffer.from("ls 'x\n"), bytes.subarray(half)]))
  }

  expect(await own.shell.run(['echo', 'right'], signal())).toEqual({ output: 'right\n', exitCode: 0 })
  expect(count).toBeGreaterThan(3)
})

it.each(SHELLS)('in %s, nothing is typed at a shell that has yet to notice an interrupt', async (shell) => {
  await using own = await roughShell(shell)
  await interruptsCarelessly(own)

  expect(await own.shell.run(['echo', 'right'], signal())).toEqual({ output: 'right\n', exitCode: 0 })
})

it.each(SHELLS)('in %s, typing becomes slow when the kernel says that it loses what comes quickly', async (shell) => {
  await using own = await roughShell(shell)
  own.rough.change = async (bytes) => {
    if (bytes.length > 16) own.line.say(Buffer.from('ttyS ttyS0: 1 input overrun(s)\r\n'))
    await own.line.write(bytes.subarray(0, 16))
  }

  expect(await own.shell.run(['echo', 'all of it'], signal())).toEqual({ output: 'all of it\n', exitCode: 0 })
})

it.each(SHELLS)('in %s, an answer that is lost is asked for again, and the command is not run again', async (shell) => {
  await using own = await roughShell(shell)
  const file = join(own.directory, 'counted')
  const running = own.shell.run(['sh', '-c', `echo once >>${file}; seq 1 400`], signal())
  const swallowed = swallow(own.line, 900)

  expect(await running).toEqual({ output: Array.from({ length: 400 }, (_, n) => `${n + 1}\n`).join(''), exitCode: 0 })
  expect(swallowed.bytes).toBe(900)
  expect(await readFile(file, 'utf8')).toBe('once\n')
})

it.each(SHELLS)('in %s, a command that somebody else interrupts is not said to have ended', async (shell) => {
  await using own = await roughShell(shell)
  let isOver = false
  /** As a person does: what is pressed in the moment in which bash starts a program interrupts neither of them. */
  const interruptUntilPrompt = async () => {
    while (!isOver && !listening.text.endsWith('# ')) {
      await own.line.write(Buffer.from('\u0003'))
      await sleep(500)
    }
  }
  using listening = own.console.listen()
  using watching = own.console.onOutput(() => {
    if (!/@\d{6}< sleep 60\n/.test(listening.text)) return
    watching[Symbol.dispose]()
    void interruptUntilPrompt()
  })
  const ended = await own.shell.run(['sleep', '60'], signal()).catch((thrown: unknown) => thrown)
  isOver = true

  // 130 is the truth, too: what a command ends with that is killed by an interrupt before its shell notices one.
  expect([{ code: 'shell-lost' }, { exitCode: 130 }]).toContainEqual(
    ended instanceof RescueError ? { code: ended.code } : { exitCode: exitCodeOf(ended) },
  )
})

function exitCodeOf(ended: unknown): unknown {
  return typeof ended === 'object' && ended !== null && 'exitCode' in ended ? ended.exitCode : ended
}

/**
 * A shell that stands in an open quote, so that it must be interrupted, on a line that brings an interrupt together
 * with what is typed soon behind it: bash then reads both at once, and loses the first character of the latter.
 */
async function interruptsCarelessly({ rough, line }: { rough: TypedThrough; line: PtyChannel }): Promise<void> {
  await line.write(Buffer.from("'\n"))
  let held: Uint8Array | undefined
  const pass = async (bytes: Uint8Array) => {
    const before = held ?? Buffer.of()
    held = undefined
    await line.write(Buffer.concat([before, bytes]))
  }
  rough.change = async (bytes) => {
    if (bytes.length !== 1 || bytes[0] !== 3) return await pass(bytes)
    held = bytes
    setTimeout(() => void pass(Buffer.of()), 200)
  }
}

/** Takes bytes out of what the shell says, from now on. */
function swallow(line: PtyChannel, most: number): { bytes: number } {
  const swallowed = { bytes: 0 }
  const say = line.say.bind(line)
  line.say = (bytes) => {
    const gone = Math.min(bytes.length, most - swallowed.bytes)
    swallowed.bytes += gone
    say(bytes.subarray(gone))
  }
  return swallowed
}
