/**
 * From a bare root prompt to a shell that can be worked with: the kernel silent,
 * a bash with a terminal of its own where that is possible, no echo, and a proof
 * that it answers.
 *
 * A shell that the kernel started as process 1 has no controlling terminal, so
 * Ctrl-C does nothing and a command that hangs hangs for ever. A child on the
 * same serial line has one. It must be a child: process 1 that ends, even by
 * `exec setsid`, takes the kernel down with it.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import { watch } from '../machine/watch.ts'
import { nonce } from './nonce.ts'
import { inHalves, setUpLines } from './remote-functions.ts'
import { SerialShell } from './serial-shell.ts'

/** The prompt is on the screen when we come; a line that was just drawn over it may still be moving. */
const PROMPT_MS = 10_000
/** Under emulation the first processes take seconds: nothing of them is in memory yet. */
const ANSWER_MS = 20_000
const ATTEMPTS = 3

/**
 * Throws `shell-unclean` when what answers is not a shell that does what it is told, `Stuck`, `NothingAppeared`
 * when there is no root prompt.
 */
export async function enterShell(console: Console, signal: AbortSignal): Promise<SerialShell> {
  const { interruptible, hasSetsid, device } = await silenceAndLook(console, signal)
  if (!interruptible && hasSetsid && device !== undefined) await startChild(console, device, signal)
  const prompt = nonce()
  await setUp(console, prompt, signal)
  return new SerialShell(console, prompt)
}

interface Surroundings {
  /** The shell has job control, so Ctrl-C reaches what it runs. */
  readonly interruptible: boolean
  readonly hasSetsid: boolean
  /** The tty that our line is: what was written there was seen here. */
  readonly device: string | undefined
}

/** All in one line: the first thing is that the kernel must not talk into the answers. */
async function silenceAndLook(console: Console, signal: AbortSignal): Promise<Surroundings> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await watch(console, ['maintenance-shell'], 'a root prompt', PROMPT_MS, signal)
    const name = nonce()
    const word = inHalves(`@${name}`)
    const line = [
      `dmesg -n 1||echo 1 >/proc/sys/kernel/printk`,
      `echo ${word}:silent=$?`,
      // Writing a marker to a tty, and seeing it here, proves which tty this is; neither /proc nor /sys need be there.
      `for t in $(cat /sys/class/tty/console/active) ttyS0 ttyAMA0 hvc0;do [ -c /dev/$t ]&&echo ${word}:tty=$t >/dev/$t;done`,
      `type setsid >/dev/null&&echo ${word}:setsid=0`,
      // Line editing would swallow what is typed ahead and draw over it; `!` must not mean history.
      'set +o emacs +o vi +H;stty -echo',
      `echo ${word}:end=$-`,
    ].join(';')
    const answer = await heardAfter(console, `{ ${line};} 2>/dev/null\r`, new RegExp(`@${name}:end=\\w*\\n`), signal)
    if (answer === undefined) continue
    const said = (key: string) => new RegExp(`@${name}:${key}=(?<value>\\w*)`).exec(answer)?.groups?.value
    if (said('silent') !== '0' && attempt < ATTEMPTS - 1) continue
    return {
      interruptible: said('end')?.includes('m') ?? false,
      hasSetsid: said('setsid') === '0',
      device: said('tty'),
    }
  }
  throw unclean(console)
}

async function startChild(console: Console, device: string, signal: AbortSignal): Promise<void> {
  const name = nonce()
  const line = `PS1=${inHalves(`@${name}# `)} setsid -c bash --noediting --norc --noprofile </dev/${device} >/dev/${device} 2>&1\r`
  const answer = await heardAfter(console, line, new RegExp(`@${name}# `), signal)
  if (answer === undefined) throw unclean(console)
}

/** The proof: a word typed in two halves, demanded back exactly. */
async function setUp(console: Console, prompt: string, signal: AbortSignal): Promise<void> {
  const proof = nonce()
  const lines = setUpLines(prompt, proof)
  const answer = await heardAfter(console, `${lines.join('\r')}\r`, new RegExp(`@${proof}\\n[^]*@${prompt}# `), signal)
  if (answer === undefined) throw unclean(console)
}

/** What the line said after `typed`, once it matches; undefined when it does not in time. */
async function heardAfter(
  console: Console,
  typed: string,
  pattern: RegExp,
  signal: AbortSignal,
): Promise<string | undefined> {
  using heard = console.listen()
  await console.type(typed, signal)
  try {
    const look = () => (pattern.test(heard.text) ? heard.text : undefined)
    return await console.until('the shell to answer', look, ANSWER_MS, signal)
  } catch (thrown) {
    if (thrown instanceof NothingAppeared) return undefined
    throw thrown
  }
}

function unclean(console: Console): RescueError {
  const message = 'what stands at the root prompt does not answer as a shell does'
  return new RescueError('machine', 'shell-unclean', `${message}\n--- screen ---\n${console.view().text}`)
}
