import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createProcesses, type RunningProcess, startProcess } from './processes.ts'

const MODULE = join(import.meta.dirname, 'processes.ts')

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(10)
}

/** Runs `script` in bash; resolves when it has said its first line, which is given too. */
async function bash(script: string, graceMs = 5000): Promise<[RunningProcess, string]> {
  const said = Promise.withResolvers<string>()
  const one = await startProcess({
    name: 'script',
    command: 'bash',
    args: ['-c', script],
    graceMs,
    onLine: (line) => said.resolve(line),
  })
  return [one, await said.promise]
}

/** A program that uses this module, in a Node of its own; resolves with its first line. */
async function program(code: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, line: String(line) }
}

it('writes what a process says to its file, line by line, from both of its outputs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'oci-rescue-test-'))
  const logFile = join(folder, 'log')

  const one = await startProcess({
    name: 'two',
    command: 'bash',
    args: ['-c', 'echo out; echo err >&2; exit 3'],
    logFile,
  })

  expect(await one.exited).toEqual({ code: 3, signal: null })
  const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n')
  expect(lines.toSorted()).toEqual(['err', 'out'])
  expect(one.lastLines().split('\n').toSorted()).toEqual(['err', 'out'])
  await rm(folder, { recursive: true })
})

it('says which command is missing', async () => {
  await expect(startProcess({ name: 'x', command: 'no-such-command', args: [] })).rejects.toThrow('no-such-command')
})

it('asks a process to end first', async () => {
  const [one] = await bash("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done")

  await one.close()

  expect(await one.exited).toEqual({ code: 7, signal: null })
})

it('kills a process that does not want to end', async () => {
  const [one] = await bash("trap '' TERM; echo ready; while :; do sleep 0.05; done", 100)

  await one.close()

  expect(await one.exited).toEqual({ code: null, signal: 'SIGKILL' })
})

it('leaves nothing of what a process itself has started', async () => {
  const [one, grandchild] = await bash('sleep 1000 & echo $!; wait')
  expect(isAlive(Number(grandchild))).toBe(true)

  await one.close()

  await untilGone(Number(grandchild))
  await one.close()
})

it('ends all processes, the youngest first', async () => {
  const ended: string[] = []
  const processes = createProcesses()
  for (const name of ['first', 'second']) {
    const one = await processes.start({ name, command: 'sleep', args: ['1000'] })
    void one.exited.then(() => ended.push(name))
  }
  expect(processes.running().map((one) => one.name)).toEqual(['first', 'second'])

  await processes.close()

  expect(ended).toEqual(['second', 'first'])
  expect(processes.running()).toEqual([])
})

it('takes its processes along when it is killed itself', async () => {
  const { child, line } = await program(`
    import { startProcess } from ${JSON.stringify(MODULE)}
    const one = await startProcess({ name: 'sleeper', command: 'sleep', args: ['1000'] })
    console.log(one.pid)
    setInterval(() => {}, 1000)`)
  // Until setpriv has become it.
  await expect.poll(() => execFileSync('ps', ['-o', 'comm=', '-p', line]).toString().trim()).toBe('sleep')

  child.kill('SIGKILL')

  await untilGone(Number(line))
})

const WAITS_FOR_AN_INTERRUPTION = `
  import { untilInterrupted } from ${JSON.stringify(MODULE)}
  using interruption = untilInterrupted()
  const stayAlive = setInterval(() => {}, 1000)
  console.log('ready')
  await new Promise((resolve) => interruption.signal.addEventListener('abort', resolve))
  console.log(interruption.signal.reason.message)`

it('turns the first Ctrl-C into a signal, and takes its echo by npm for the same one', async () => {
  const { child } = await program(
    `${WAITS_FOR_AN_INTERRUPTION}; await new Promise((resolve) => setTimeout(resolve, 300)); process.exit(5)`,
  )
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))

  child.kill('SIGINT')
  await sleep(20)
  child.kill('SIGINT')

  expect(await once(child, 'exit')).toEqual([5, null])
  expect(lines).toEqual(['interrupted by SIGINT'])
})

it('exits at once at the second Ctrl-C', async () => {
  const { child } = await program(`${WAITS_FOR_AN_INTERRUPTION}; await new Promise(() => {})`)

  child.kill('SIGINT')
  await sleep(700)
  child.kill('SIGINT')

  expect(await once(child, 'exit')).toEqual([130, null])
})
