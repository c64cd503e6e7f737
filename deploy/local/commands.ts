/**
 * Finds commands, and runs one to its end. A command that fails becomes an error
 * that shows what it said. For processes that stay, see processes.ts.
 */
import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

export class CommandFailed extends Error {
  /** The last of what the command wrote to stderr, or to stdout when stderr was silent. */
  readonly said: string

  constructor(commandLine: string, said: string, options: ErrorOptions) {
    super(`${commandLine}\nfailed: ${said}`, options)
    this.name = 'CommandFailed'
    this.said = said
  }
}

/** Resolves with stdout. The signal kills the command. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
  signal?: AbortSignal,
): Promise<string> {
  signal?.throwIfAborted()
  const path = requireCommand(command, options.env ?? process.env)
  // 64 MiB: more than any command here prints; the default of 1 MiB would cut mmdebstrap off.
  const settings = { ...options, ...(signal && { signal }), maxBuffer: 64 << 20, encoding: 'utf8' as const }
  return new Promise((resolve, reject) => {
    execFile(path, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout)
      const said = lastLines(stderr.trim() || stdout.trim() || error.message, 20)
      reject(signal?.aborted ? signal.reason : new CommandFailed([command, ...args].join(' '), said, { cause: error }))
    })
  })
}

/**
 * The full path of a command, undefined when there is none. Looks into the
 * administrator's folders too: Debian keeps mke2fs there, off an ordinary user's PATH.
 */
export function findCommand(command: string, env: NodeJS.ProcessEnv): string | undefined {
  if (command.includes('/')) return isExecutable(command) ? command : undefined
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, command)).find(isExecutable)
}

export function requireCommand(command: string, env: NodeJS.ProcessEnv): string {
  const path = findCommand(command, env)
  if (path === undefined)
    throw new Error(`the command ${command} is not installed (npm run setup installs what is needed)`)
  return path
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function lastLines(text: string, count: number): string {
  return text.split('\n').slice(-count).join('\n')
}
