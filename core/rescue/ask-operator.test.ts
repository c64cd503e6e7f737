/** The boot loader's question, without a boot loader: who answers, who is late, what is never logged. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { useHandOver } from '../../test/helpers/hand-over.ts'
import { SimulatedLine } from '../../test/helpers/simulated-line.ts'
import { SimulatedMachine } from '../../test/helpers/simulated-machine.ts'
import { APPROVER, SETTINGS } from '../../test/helpers/simulated-rescue.ts'
import { Ice } from '../../test/helpers/simulated-worker.ts'
import { SimulatedCloud } from '../../test/helpers/simulated-world.ts'
import { newRescueId, newTicket } from '../base/ids.ts'
import { Console } from '../console/console.ts'
import type { Change } from '../record/changes.ts'
import type { RescueEvent } from '../record/events.ts'
import { MASK } from '../record/masking.ts'
import { because } from '../record/reasons.ts'
import { RescueLog } from '../record/rescue-log.ts'
import { type Ask, openAsk } from '../record/state.ts'
import { askOperator } from './ask-operator.ts'
import { ConsoleFeed } from './console-feed.ts'
import type { RescueContext } from './context.ts'
import { Journal } from './journal.ts'
import { maskedPicture } from './picture.ts'

const desk = useHandOver()

const soon = () => AbortSignal.timeout(30_000)

/** A worker that asks at an open console, and people who read the log. */
class Scene implements AsyncDisposable {
  readonly credentials = { username: `grub${newTicket()}`, password: randomBytes(15).toString('base64') }
  readonly line = new SimulatedLine(() => undefined)
  readonly console = new Console(this.line)
  readonly people: RescueLog
  readonly journal: Journal
  readonly #cloud = new SimulatedCloud(new SimulatedMachine())
  waits = 0

  private constructor(people: RescueLog, journal: Journal) {
    this.people = people
    this.journal = journal
    this.#cloud.takeAnswer = (place) => desk().answers.take(place)
  }

  static async open(): Promise<Scene> {
    const people = new RescueLog(desk().log, newRescueId(), () => new Date())
    const playbook = { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: false } as const
    const requested = { type: 'requested', playbook, target: 'web-1', channel: 'C1' } as const
    await people.record({ actor: APPROVER, epoch: null }, () => requested)
    const claim = await Journal.claim(desk().log, people.rescue, 'w1', () => new Date())
    if (claim === undefined) throw new Error('not claimed')
    return new Scene(people, claim.journal)
  }

  ask({ attempt = 1, expiresInMs = 60_000, signal = soon() } = {}) {
    const world = this.#cloud.worldFor(async () => undefined, new Ice())
    const context: RescueContext = {
      ...{ rescue: this.people.rescue, log: desk().log, workerId: 'w1', worldFor: () => world, now: () => new Date() },
      settings: { ...SETTINGS, passwordExpiryMs: expiresInMs },
      whileWaiting: (wait) => {
        this.waits += 1
        return wait()
      },
    }
    return askOperator(world, this.journal, this.console, context, { what: 'grub-password', attempt }, signal)
  }

  /** The question that waits now. */
  async question(): Promise<Ask> {
    await this.people.refresh()
    return await this.people.until(openAsk, soon())
  }

  async record(event: RescueEvent): Promise<string> {
    return (await this.people.record({ actor: APPROVER, epoch: null }, () => event)).kind
  }

  answer(ask: Ask, credentials = this.credentials): Promise<string> {
    return desk().answer(this.people.rescue, ask, APPROVER, credentials)
  }

  /** Happens after the answer stands in the log, and is on the screen before the worker has it. */
  async beforeTaken(act: () => void): Promise<void> {
    const acted = Promise.withResolvers<void>()
    this.#cloud.takeAnswer = async (place) => {
      const { revision } = this.console.view()
      act()
      const read = (view: { revision: number }) => (view.revision > revision ? true : undefined)
      await this.console.until('shell-prompt', read, 10_000, soon())
      acted.resolve()
      return await desk().answers.take(place)
    }
    await acted.promise
  }

  async logged(): Promise<string> {
    return JSON.stringify((await desk().log.read(this.people.rescue, 0)).entries)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.console.close()
  }
}

describe('askOperator', () => {
  it('gives what somebody entered, which is then nowhere else', async () => {
    await using scene = await Scene.open()
    const asking = scene.ask()
    await scene.answer(await scene.question())

    expect(await asking).toEqual(scene.credentials)

    expect(scene.waits).toBe(1)
    expect(await desk().left(scene.people.rescue)).toEqual([])
    expect(await scene.logged()).not.toMatch(new RegExp(scene.credentials.username))
    expect(await scene.logged()).not.toContain(scene.credentials.password)
  })

  it('asks anew each time the boot loader has refused', async () => {
    await using scene = await Scene.open()
    const first = scene.ask()
    await scene.answer(await scene.question(), { username: 'root', password: 'wrong' })
    expect(await first).toEqual({ username: 'root', password: 'wrong' })
    const second = scene.ask({ attempt: 2 })
    await scene.answer(await scene.question())

    expect(await second).toEqual(scene.credentials)
    await scene.people.refresh()
    expect(scene.people.state.asks.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('gives up when nobody answers in time, and says so in the log before it does', async () => {
    await using scene = await Scene.open()

    await expect(scene.ask({ expiresInMs: 30 })).rejects.toMatchObject({ code: 'password-not-entered' })

    await scene.people.refresh()
    expect(scene.people.state.asks).toMatchObject([{ answer: undefined, over: 'expired' }])
  })

  it('has one winner when somebody answers at the last moment', async () => {
    await using scene = await Scene.open()
    const asking = scene.ask({ expiresInMs: 30 }).then(
      () => 'answered',
      () => 'expired',
    )
    const question = await scene.question()
    await new Promise((resolve) => setTimeout(resolve, 28))
    await scene.answer(question)

    const outcome = await asking
    await scene.people.refresh()
    const [ask] = scene.people.state.asks
    expect(outcome).toBe(ask?.answer === undefined ? ask?.over : 'answered')
  })

  it('throws the reason of a stop at once, and the question waits no more', async () => {
    await using scene = await Scene.open()
    const stopping = new AbortController()
    const asking = scene.ask({ signal: stopping.signal })
    const question = await scene.question()
    await scene.record({ type: 'stop-requested' })
    stopping.abort(new Error('stop'))

    await expect(asking).rejects.toThrow('stop')
    await scene.answer(question)
    await scene.people.refresh()
    expect(scene.people.state.asks[0]?.answer).toBeUndefined()
  })

  it('notices at once that the line has dropped', async () => {
    await using scene = await Scene.open()
    const asking = scene.ask()
    await scene.question()
    scene.line.drop()

    await expect(asking).rejects.toMatchObject({ code: 'line-dropped' })
    await scene.people.refresh()
    expect(scene.people.state.asks).toMatchObject([{ answer: undefined, over: 'gone-on' }])
  })

  it('gives up when the machine goes on, and does not wait for somebody who looks for the password', async () => {
    await using scene = await Scene.open()
    scene.line.say(Buffer.from('\u001b[H\u001b[JEnter username: \r\n'))
    await scene.console.until('shell-prompt', (view) => view.text.includes('username') || undefined, 10_000, soon())
    const asking = scene.ask()
    await scene.question()
    scene.line.say(Buffer.from('\u001b[H\u001b[JSeaBIOS (version 1.16.2-debian-1.16.2-1)\r\n'))

    await expect(asking).rejects.toMatchObject({ code: 'password-not-asked' })
  })

  it('gives nothing to be typed when the machine has gone on a moment ago', async () => {
    await using scene = await Scene.open()
    const asking = scene.ask()
    const question = await scene.question()
    const handing = scene.beforeTaken(() => scene.line.say(Buffer.from('\u001b[H\u001b[Jweb-1 login: ')))
    await scene.answer(question)

    await expect(asking).rejects.toMatchObject({ code: 'password-not-asked' })
    await handing
  })

  it('says so when the entry is gone, or can not be opened', async () => {
    await using scene = await Scene.open()
    const gone = scene.ask()
    const { id } = await scene.question()
    await scene.record({ type: 'answered', ask: id, handOver: newTicket() })
    await expect(gone).rejects.toMatchObject({ code: 'password-lost' })

    const foreign = scene.ask({ attempt: 2 })
    const { foreignAnswers } = desk()
    await desk().answer(scene.people.rescue, await scene.question(), APPROVER, scene.credentials, foreignAnswers)
    await expect(foreign).rejects.toMatchObject({ code: 'password-unreadable' })
  })

  it('leaves the console to whoever asked, as soon as it has an answer', async () => {
    await using scene = await Scene.open()
    const asking = scene.ask()
    await scene.answer(await scene.question())
    await asking

    await expect(scene.console.type('x', soon())).resolves.toBeUndefined()
  })
})

describe('what was entered', () => {
  /** GRUB clears its screen, asks, echoes the name and not the password; noise and a later login echo both. */
  const say = async (scene: Scene, text: string) => {
    const { revision } = scene.console.view()
    scene.line.say(Buffer.from(text))
    const read = (view: { revision: number }) => (view.revision > revision ? true : undefined)
    await scene.console.until('shell-prompt', read, 10_000, soon())
  }

  it('is hidden in everything that is logged afterwards, whole, broken over two rows, or as far as it is typed', async () => {
    await using scene = await Scene.open()
    const { username, password } = scene.credentials
    const { journal, console } = scene
    const asking = scene.ask()
    await scene.answer(await scene.question())
    await asking
    const feed = new ConsoleFeed(
      console,
      (event) => journal.append(event),
      (text) => journal.mask(text),
    )
    await say(scene, '\u001b[H\u001b[JEnter username: \r\n')
    for (const character of username) {
      await say(scene, character)
      await journal.append({ type: 'console', scrolled: [], rows: feed.maskedScreen() })
    }
    await say(scene, `\r\nEnter password: \r\n${'x'.repeat(70)}${password}\r\nweb-1 login: ${username}`)
    const picture = maskedPicture(console, (text) => journal.mask(text))
    await journal.append({ type: 'saw', state: 'unknown', because: password, picture })
    await journal.append({ type: 'noticed', code: 'x', details: { title: `the ${password} title` } })
    const screen = [`login: ${username}`, `pass ${password}`]
    await feed[Symbol.asyncDispose]()
    const details = { reason: `at ${username}` }
    await journal.append({ type: 'ended', outcome: 'failed', code: 'x', details, machine: 'up', changed: [], screen })

    const logged = await scene.logged()
    for (const secret of [username, password]) {
      for (let at = 0; at + 6 <= secret.length; at += 1) {
        const piece = secret.slice(at, at + 6)
        expect(logged.includes(piece) ? piece : 'hidden').toBe('hidden')
      }
    }
    expect(logged).toContain(`Enter username:","${MASK}`)
    expect(logged).toContain('web-1 login:')
  })

  it('does not change what is no console text: plans are hashed, and changes are files', async () => {
    await using scene = await Scene.open()
    scene.journal.keepSecret({ username: 'root', password: 'secret-part' })
    const owner = { uid: 0, gid: 0 }
    const change: Change = {
      kind: 'ensure-directory',
      path: '/home/secret-part/root',
      before: null,
      after: { mode: '0700', owner },
      why: [because('edited-by-hand')],
    }
    await scene.journal.append({ type: 'change-finished', index: 0, change })

    expect(await scene.logged()).toContain('/home/secret-part/root')
  })
})
