/** Somebody who was given a console, with a stock OpenSSH client on a terminal of their own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type IPty, spawn } from 'node-pty'
import { expect } from 'vitest'
import { KEY_FILES } from '../../core/record/console-commands.ts'

/** Two handshakes, on a busy machine. */
const PATIENCE = { timeout: 20_000, interval: 100 }

export interface PersonAtConsole extends AsyncDisposable {
  /** Pastes a command into a new terminal. */
  paste(command: string): Terminal
}

export interface Terminal extends AsyncDisposable {
  readonly pty: IPty
  readonly exited: Promise<number>
  said: string
}

/** Their private key is where the commands look for it. */
export async function personAtConsole(privateKey: string): Promise<PersonAtConsole> {
  const home = await mkdtemp(join(tmpdir(), 'oci-console-'))
  await writeFile(join(home, 'oci-console'), privateKey, { mode: 0o600 })
  expect(KEY_FILES.openssh).toBe('~/.ssh/oci-console')
  return {
    // OpenSSH takes the home from the computer's list of users, so a test must say where it is.
    paste: (command) => openTerminal(command.replaceAll('~/.ssh', home)),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
  }
}

function openTerminal(command: string): Terminal {
  const pty = spawn('/bin/sh', ['-c', command], { name: 'xterm', cols: 80, rows: 24 })
  const exited = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)))
  const terminal: Terminal = {
    pty,
    exited,
    said: '',
    async [Symbol.asyncDispose]() {
      pty.kill('SIGKILL')
      await exited
    },
  }
  pty.onData((text) => {
    terminal.said += text
  })
  return terminal
}

/** Answers the question of both servers with the fingerprint that OCI names, which OpenSSH then compares by itself. */
export async function confirmBoth(terminal: Terminal, fingerprint: string): Promise<void> {
  for (const asked of [1, 2]) {
    const questions = () => terminal.said.match(/\(yes\/no\/\[fingerprint\]\)\?/g) ?? []
    await expect.poll(questions, PATIENCE).toHaveLength(asked)
    terminal.pty.write(`${fingerprint}\r`)
  }
}
