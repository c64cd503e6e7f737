/** A root shell on the machine, as the playbooks see it: how it was reached is not their business. */
export interface CommandResult {
  /** What the command wrote to standard output and standard error, exactly; bytes that are no UTF-8 are U+FFFD. */
  readonly output: string
  readonly exitCode: number
}

export interface RunOptions {
  /** How long the command may run before it is interrupted. */
  readonly limitMs?: number
  /** True: what was interrupted and still said how it ended is an answer, not an error. */
  readonly interruptedIsAnswer?: boolean
  /** When it ends, Ctrl-C is pressed, once: the command may clean up first, or even go on until its limit. */
  readonly interrupt?: AbortSignal
}

export interface Shell {
  /**
   * Runs one command, given as its words, and waits for its end; an exit code other than 0 is an answer, not an error.
   * Its standard input is empty. One command at a time.
   * @throws RescueError `command-time-limit` (it was interrupted), `shell-lost`, `output-too-long`, `line-dropped`
   */
  run(command: readonly string[], signal: AbortSignal, options?: RunOptions): Promise<CommandResult>
  /**
   * The bytes of a file, compared by checksum; undefined when there is no such regular file.
   * @throws RescueError `file-too-long` beyond `maxBytes`, `transfer-failed`
   */
  readFile(path: string, signal: AbortSignal, maxBytes?: number): Promise<Uint8Array | undefined>
  /**
   * Writes a file at once or not at all: to `path` with `.oci-rescue` behind it, compared by checksum, then renamed.
   * A new file has mode 0600; of a file that is replaced, owner and mode are lost.
   * @throws RescueError `transfer-failed`
   */
  writeFile(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>
}
