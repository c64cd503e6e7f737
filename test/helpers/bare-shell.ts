/**
 * A root prompt as a kernel leaves it, on a pty: any shell, with only those
 * programs that it is given. `dmesg` is a stand-in: the real one would silence
 * the kernel of whoever runs the tests.
 */
import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Channel } from '../../core/console/channel.ts'
import { Console } from '../../core/console/console.ts'
import { enterShell } from '../../core/shell/enter.ts'
import type { SerialShell } from '../../core/shell/serial-shell.ts'
import { PtyChannel, type PtyOptions } from './pty-channel.ts'

export interface BareShellOptions extends PtyOptions {
  readonly shell?: readonly [string, ...string[]]
  readonly prompt?: string
  /** The only programs there are; all of the host's if not given. */
  readonly tools?: readonly string[]
  /** Puts a worse line between the console and the shell. */
  readonly through?: (channel: Channel) => Channel
  readonly quietMs?: number
}

export interface BareShell extends AsyncDisposable {
  readonly shell: SerialShell
  readonly console: Console
  /** The shell's end of the line. */
  readonly line: PtyChannel
  readonly directory: string
}

/** Enters it; the directory of its own is gone in the end. */
export async function bareShell(signal: AbortSignal, options: BareShellOptions = {}): Promise<BareShell> {
  const { shell = ['bash', '--norc', '--noprofile'], prompt = 'root@(none):/# ', tools, quietMs = 1500 } = options
  const directory = await mkdtemp(join(tmpdir(), 'bare-shell-'))
  await writeFile(join(directory, 'dmesg'), '#!/bin/sh\nexit 0\n')
  await chmod(join(directory, 'dmesg'), 0o755)
  for (const tool of tools ?? []) await symlink(whereIs(tool), join(directory, tool))
  const path = tools === undefined ? `${directory}:${process.env.PATH}` : directory
  const [file, ...args] = shell
  const env = { PS1: prompt, PATH: path, HOME: directory }
  const line = new PtyChannel([whereIs(file), ...args], { ...options, env })
  const console = new Console(options.through?.(line) ?? line)
  const close = async () => {
    await console.close()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const entered = await enterShell(console, signal, { path, quietMs })
    return { shell: entered, console, line, directory, [Symbol.asyncDispose]: close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

function whereIs(name: string): string {
  return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' }).trim()
}
