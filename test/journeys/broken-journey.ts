/**
 * A machine that is broken in one way, and everything that is started around it. Nobody tells the bot what is wrong:
 * it diagnoses, somebody presses the repair, somebody else approves, and a login proves it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { runCommand } from '../../deploy/local/commands.ts'
import { runOverSsh } from '../../deploy/local/login.ts'
import { hasEndedSo } from '../../deploy/local/machines/break/boot-end.ts'
import { WAYS, type WayName } from '../../deploy/local/machines/break/ways.ts'
import { brokenMachine } from '../../deploy/local/machines/break.ts'
import type { MachineSpec } from '../../deploy/local/machines/machine.ts'
import { type LoggedEvent, readEvents } from '../../deploy/local/rescue-events.ts'
import { setUp } from '../../deploy/local/setup.ts'
import { type Running, start } from '../../deploy/local/start.ts'
import { ask, decide, type Played, pressToStart } from '../../deploy/local/unattended.ts'
import { endOf, greetingOfSshd } from './journey.ts'

const never = new AbortController().signal
/** A boot on a busy host, with systemd's own minute and a half of waiting for a disk in it. */
const BOOT_MS = 600_000
const QUIET_MS = 5000

interface Told {
  readonly played: Played
  readonly events: readonly LoggedEvent[]
}

export interface BrokenJourney extends AsyncDisposable {
  readonly running: Running
  /**
   * Types a command, approves what is asked, and gives the events of the rescue that came of it. `meanwhile` is what
   * people do besides.
   */
  command(words: string, meanwhile?: (played: Played) => Promise<void>): Promise<Told>
  /** Presses a button in a thread, and then the same. */
  press(played: Played, action: string): Promise<Told>
  /**
   * OpenSSH, with the key that opc is known by, as soon as sshd greets; gives what the command says. Throws when the
   * login or the command fails.
   */
  logIn(command?: readonly string[]): Promise<string>
}

interface BrokenChoices {
  /** Whether opc is known by the key that `logIn` has; true when not given. */
  readonly hasKey?: boolean
  /** One that is broken instead of web-1. */
  readonly base?: MachineSpec
}

/** The machine has booted as far as it can when this resolves. */
export async function startBroken(way: WayName, { hasKey = true, base }: BrokenChoices = {}): Promise<BrokenJourney> {
  await using undo = new AsyncDisposableStack()
  const { acceleration } = await setUp({ for: 'tests' }, (line) => console.log(line), never)
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-broken-'))
  undo.defer(() => rm(directory, { recursive: true, force: true }))
  const identity = join(directory, 'key')
  await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'riya@laptop', '-f', identity])
  const publicKey = await runCommand('cat', [`${identity}.pub`])
  const spec = await brokenMachine(way, { directory, authorizedKey: hasKey ? publicKey : undefined, base }, never)
  const running = undo.use(await start({ machines: [spec], acceleration }, never))
  await untilBooted(running, spec.name, way)
  const belongings = undo.move()
  const finish = async (played: Played, meanwhile: (played: Played) => Promise<void> = async () => {}) => {
    await Promise.all([decide(running, played, { kind: 'approve' }, never), meanwhile(played)])
    return { played, events: await readEvents(running.redis.url, played.rescue) }
  }
  return {
    running,
    command: async (words, meanwhile) =>
      finish(
        await ask(running, { say: `/oci-rescue ${words}`, publicKey, approval: { kind: 'approve' } }, never),
        meanwhile,
      ),
    press: async (played, action) => finish(await pressToStart(running, played, action, never)),
    logIn: async (command = ['id', '-un']) => {
      const sshd = running.machines.get(spec.name)?.sshd
      if (sshd === undefined) throw new Error(`${spec.name} is not there`)
      await greetingOfSshd({ running }, spec.name)
      return await runOverSsh({ ...sshd, user: 'opc' }, identity, command, never)
    },
    [Symbol.asyncDispose]: () => belongings.disposeAsync(),
  }
}

/** Diagnosed without a word about what is wrong, repaired by the button, and logged in. */
export async function diagnoseAndRepair(way: WayName): Promise<BrokenJourney> {
  await using undo = new AsyncDisposableStack()
  const journey = undo.use(await startBroken(way))
  const diagnosed = await journey.command('diagnose web-1')
  expect(endOf(diagnosed.events), storyOf(diagnosed.events)).toMatchObject({
    outcome: 'done',
    code: 'diagnosed',
    details: { class: WAYS[way].shows },
  })

  const repaired = await journey.press(diagnosed.played, 'repair-0')
  expectRepaired(journey, repaired.events)
  await journey.logIn()
  undo.move()
  return journey
}

/** The diagnosis of a machine whose boot looks as if nothing were wrong: it says so, and people go by what they see. */
export async function diagnoseInVain(journey: BrokenJourney, name = 'web-1'): Promise<void> {
  const { events } = await journey.command(`diagnose ${name}`)
  expect(endOf(events), storyOf(events)).toMatchObject({ outcome: 'done', code: 'nothing-wrong' })
}

export function expectRepaired({ running }: BrokenJourney, events: readonly LoggedEvent[]): void {
  expect(endOf(events), storyOf(events)).toMatchObject({ outcome: 'recovered', machine: 'up' })
  expect(running.oci.consoleConnections()).toEqual([])
  expect(running.slack.statistics()).toMatchObject({ rateLimited: 0, unacknowledged: 0 })
}

/** For the reader of a failed test: what happened, and how the screen looked in the end. */
function storyOf(events: readonly LoggedEvent[]): string {
  const rows = events.map(({ at, event }) => {
    const { type, phase, code, details, state, screen } = event
    return [at, type, phase, code, state, details && JSON.stringify(details), ...[screen ?? []].flat()]
      .join(' ')
      .trimEnd()
  })
  return rows.join('\n')
}

async function untilBooted({ machines }: Running, name: string, way: WayName): Promise<void> {
  const serial = machines.get(name)?.serial
  const limit = AbortSignal.timeout(BOOT_MS)
  while (serial === undefined || !hasEndedSo(WAYS[way].ends, serial.history())) {
    if (limit.aborted) throw new Error(`${name} does not come to rest:\n${lastWords(serial?.history())}`)
    await sleep(500)
  }
  // A service that fails is started five times before systemd says so, behind the prompt.
  for (let said = -1; said !== serial.history().length && !limit.aborted; await sleep(QUIET_MS))
    said = serial.history().length
}

function lastWords(history: Uint8Array = new Uint8Array()): string {
  return JSON.stringify(Buffer.from(history.subarray(-2000)).toString('latin1'))
}
