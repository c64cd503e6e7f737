/**
 * Runs a person's lines in the maintenance shell, each in a shell of its own, so that none can end or change the one
 * that the machine hangs on; only the directory is carried from one line to the next.
 */
import { randomBytes } from 'node:crypto'
import { RescueError } from '../base/errors.ts'
import type { EventOf } from '../record/events.ts'
import type { Shell } from '../shell/shell.ts'

export type Answer = Pick<EventOf<'line-answered'>, 'how' | 'exitCode' | 'output' | 'isCut'>

/** In bytes: half a minute at 115200 baud. The rest is thrown away, and the line runs to its end. */
const MOST_OUTPUT = 200_000

/**
 * `$1` is the directory to begin in, `$2` the line, `$3` the word that begins the last line of the answer: whether it
 * was interrupted, the exit code, and the directory it ended in. Ctrl-C reaches the line, but not
 * what keeps its output.
 */
const SCRIPT = [
  'i=ended; trap "i=interrupted" INT; exec 5>&1; [ -d "$1" ] || set -- / "$2" "$3"',
  't=$({ (trap - INT; trap \'echo "$? $PWD" >&4\' EXIT; cd -- "$1"; eval "$2") 2>&1 </dev/null |' +
    ` (trap "" INT; head -c ${MOST_OUTPUT} >&5; cat >/dev/null); } 4>&1)`,
  'printf "\\n%s %s %s\\n" "$3" "$i" "$t"',
].join('\n')

export class LineRunner {
  readonly #shell: Shell
  readonly #limitMs: number
  #directory = '/'

  constructor(shell: Shell, limitMs: number) {
    this.#shell = shell
    this.#limitMs = limitMs
  }

  /**
   * `interrupt` ends when Ctrl-C shall be pressed.
   * @throws RescueError `shell-lost`, `line-dropped`, and the signal's reason
   */
  async run(line: string, signal: AbortSignal, interrupt: AbortSignal): Promise<Answer> {
    const word = randomBytes(8).toString('hex')
    const command = ['/bin/sh', '-c', SCRIPT, 'sh', this.#directory, line, word]
    try {
      const options = { limitMs: this.#limitMs, interruptedIsAnswer: true, interrupt }
      return this.#read(await this.#shell.run(command, signal, options), word)
    } catch (thrown) {
      const code = thrown instanceof RescueError ? thrown.code : ''
      if (code === 'command-time-limit') return { how: 'interrupted', exitCode: null, output: '', isCut: true }
      throw thrown
    }
  }

  #read({ output, exitCode }: { readonly output: string; readonly exitCode: number }, word: string): Answer {
    const at = output.lastIndexOf(`\n${word} `)
    const said = at < 0 ? output : output.slice(0, at)
    const { how, code, directory } = LAST.exec(at < 0 ? '' : output.slice(at + word.length + 2))?.groups ?? {}
    if (directory !== undefined) this.#directory = directory
    return {
      how: how === 'interrupted' ? 'interrupted' : 'ended',
      exitCode: code === undefined ? (how === undefined ? exitCode : null) : Number(code),
      output: said,
      isCut: Buffer.byteLength(said) >= MOST_OUTPUT,
    }
  }
}

const LAST = /^(?<how>ended|interrupted)(?: (?<code>\d+) (?<directory>\/[^\n]*))?/
