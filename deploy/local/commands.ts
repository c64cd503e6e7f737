/**
 * Runs a command to its end and gives its output; a command that fails becomes an
 * error that shows what it said. For processes that stay, see processes.ts.
 */
import { execFile } from 'node:child_process'

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
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
  signal?: AbortSignal,
): Promise<string> {
  // 64 MiB: more than any command here prints; the default of 1 MiB would cut mmdebstrap off.
  const settings = { ...options, ...(signal && { signal }), maxBuffer: 64 << 20, encoding: 'utf8' as const }
  return new Promise((resolve, reject) => {
    execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout)
      const said = lastLines(stderr.trim() || stdout.trim() || error.message, 20)
      reject(signal?.aborted ? signal.reason : new CommandFailed([command, ...args].join(' '), said, { cause: error }))
    })
  })
}

function lastLines(text: string, count: number): string {
  return text.split('\n').slice(-count).join('\n')
}
