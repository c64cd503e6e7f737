/** A workspace whose bot has a policy of its own: rescues are asked for, and stand at their first gate. */
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instance } from '../../core/record/events.ts'
import type { RequestPlan } from '../../core/record/plan.ts'
import { RefusedClicks } from '../../core/store/refused-clicks.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import type { SlackOptions } from '../../deploy/local/slack/server/options.ts'
import { type Asked, askFor, says, untilWhispered } from './asking.ts'
import { type BotProcess, CHANNEL, type Office, openOffice, REQUESTER, startBot } from './bot.ts'
import { INSTANCE, ScriptedWorker } from './scripted-rescue.ts'

const soon = () => AbortSignal.timeout(30_000)

/** A rescue at its first gate. */
export interface AtGate {
  readonly rescue: string
  readonly card: Message
  /** The one with the buttons. */
  readonly message: Message
  readonly worker: ScriptedWorker
  /** Resolves with what was decided. */
  readonly passed: ReturnType<ScriptedWorker['gate']>
}

export class GateOffice implements AsyncDisposable {
  readonly office: Office
  readonly #environment: Readonly<Record<string, string>>
  readonly #parts: AsyncDisposableStack
  #bot: BotProcess

  private constructor(
    office: Office,
    environment: Readonly<Record<string, string>>,
    bot: BotProcess,
    parts: AsyncDisposableStack,
  ) {
    this.office = office
    this.#environment = environment
    this.#bot = bot
    this.#parts = parts
  }

  /** `more`: for the bot's environment. */
  static async open(
    policy: string,
    channels: NonNullable<SlackOptions['channels']> = [],
    more: Readonly<Record<string, string>> = {},
  ): Promise<GateOffice> {
    await using parts = new AsyncDisposableStack()
    const office = parts.use(await openOffice({ channels }))
    const file = join(office.directory, 'policy.yaml')
    await writeFile(file, policy)
    const environment = { ...office.policyEnvironment, RESCUE_POLICY: file, ...more }
    const bot = await startBot(environment)
    const own: GateOffice = new GateOffice(office, environment, bot, parts.move())
    own.#parts.defer(() => own.#bot.kill())
    return own
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  /** The bot's own log since it was started. */
  botLog(): string {
    return this.#bot.log()
  }

  /** The refused clicks of no live rescue. */
  async stray() {
    return await new RefusedClicks(this.office.redis, () => new Date()).read()
  }

  person(id: string) {
    return this.office.slack.person(id)
  }

  async restart(): Promise<void> {
    await this.#bot.kill()
    this.#bot = await startBot(this.#environment)
  }

  /** `command` as it stands behind `/oci-rescue`; the instance is found, and gate 1 is open. */
  async atGate(command: string, about: Partial<Instance> = {}, expiresInMs = 60_000): Promise<AtGate> {
    const { rescue, card } = await this.asked(command)
    const worker = await ScriptedWorker.claim(this.office.log, rescue, AbortSignal.timeout(60_000))
    const name = `web-${randomUUID().slice(0, 8)}`
    await worker.find({ ...INSTANCE, id: `${INSTANCE.id}-${name}`, name, ...about })
    const passed = worker.gate(planOf(worker), expiresInMs)
    const message = await this.reply(card, '"action_id":"approve"')
    return { rescue, card, message, worker, passed }
  }

  /** Asked for by the requester; not yet in the hands of a worker. */
  async asked(command: string): Promise<Asked> {
    return await askFor(this.office, command)
  }

  reply(card: Message, words: string | RegExp): Promise<Message> {
    return this.person(REQUESTER).until(
      `a reply with ${words}`,
      (sight) => sight.thread(CHANNEL, card.ts).find((message) => says(message, words)),
      soon(),
    )
  }

  whispered(user: string, words: string | RegExp): Promise<Message> {
    return untilWhispered(this.office, user, words)
  }

  /** Presses a button that opens a form. */
  async form(user: string, ts: string, action: string) {
    await this.person(user).click(CHANNEL, ts, action)
    return await this.person(user).until('the form', (sight) => sight.views().at(-1), soon())
  }
}

export function planOf({ state }: ScriptedWorker): RequestPlan {
  const { request, instance } = state
  if (request === undefined || instance === undefined) throw new Error('the instance was not found')
  return { gate: 1, instance: { id: instance.id, name: instance.name }, request: request.playbook }
}
