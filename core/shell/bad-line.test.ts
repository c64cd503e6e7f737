/** The shell over a line that loses, doubles, delays and splits bytes while a kernel talks: it is right or it says so. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Faults, FaultyChannel } from '../../test/helpers/faulty-channel.ts'
import { PtyChannel } from '../../test/helpers/pty-channel.ts'
import { RescueError } from '../base/errors.ts'
import { Console } from '../console/console.ts'
import { enterShell } from './enter.ts'

/** How it may end when it is not right. */
const HONEST = [
  'nothing-appeared',
  'shell-unclean',
  'shell-lost',
  'transfer-failed',
  'command-time-limit',
  'line-dropped',
]

/** Every fault that a line has, each rarely enough that most commands come through after some attempts. */
const faults = fc.record({
  seed: fc.nat(),
  typed: fc.record({ lost: chance(0.002), doubled: chance(0.002), split: chance(0.02), delayed: chance(0.001) }),
  said: fc.record({
    lost: chance(0.002),
    doubled: chance(0.002),
    split: chance(0.02),
    delayed: chance(0.001),
    printk: chance(0.005),
  }),
})
const drops = fc.integer({ min: 200, max: 8000 }).map((dropsAfter) => ({ seed: dropsAfter, dropsAfter }))

it.concurrent.each([
  ['bash', 'a bad line', faults, 8],
  ['dash', 'a bad line', faults, 8],
  ['bash', 'a line that drops', drops, 4],
  ['dash', 'a line that drops', drops, 4],
] as const)(
  'never tells a wrong exit code or another output, with %s at the other end of %s',
  async (shell, _, bad, count) => {
    const examples = fc.sample(fc.tuple(bad, fc.nat({ max: 255 })), count)

    const runs = examples.map(async ([line, exitCode]) => {
      const ended = await runOver(shell, line, ['sh', '-c', `${SCRIPT}; exit ${exitCode}`])
      const right = !(ended instanceof RescueError) && ended.exitCode === exitCode && ended.output === OUTPUT
      const honest = ended instanceof RescueError && HONEST.includes(ended.code)
      return { line, ended, right, honest }
    })
    const ended = await Promise.all(runs)

    expect(ended.filter(({ right, honest }) => !right && !honest)).toEqual([])
    // A shell that always gives up would be honest too.
    if (bad === faults) expect(ended.filter(({ right }) => right).length).toBeGreaterThan(0)
  },
  300_000,
)

const SCRIPT = 'seq 1 20; echo "it\'s all $((6 * 7))"'
const OUTPUT = `${Array.from({ length: 20 }, (_, n) => `${n + 1}\n`).join('')}it's all 42\n`

async function runOver(shell: string, bad: Faults, command: readonly string[]) {
  const directory = await mkdtemp(join(tmpdir(), 'bad-line-'))
  await writeFile(join(directory, 'dmesg'), '#!/bin/sh\nexit 0\n')
  await chmod(join(directory, 'dmesg'), 0o755)
  const env = { PS1: 'root@(none):/# ', PATH: `${directory}:${process.env.PATH}`, HOME: directory }
  const start: readonly [string, ...string[]] = shell === 'bash' ? ['bash', '--norc', '--noprofile'] : [shell]
  const line = new PtyChannel(start, { env })
  const signal = AbortSignal.timeout(120_000)
  await using console = new Console(new FaultyChannel(line, bad))
  try {
    const entered = await enterShell(console, signal)
    return await entered.run(command, signal)
  } catch (thrown) {
    if (thrown instanceof RescueError) return thrown
    throw thrown
  } finally {
    // The shell at the other end may still be writing.
    await rm(directory, { recursive: true, maxRetries: 5, retryDelay: 100 })
  }
}

function chance(most: number): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: most, noNaN: true })
}
