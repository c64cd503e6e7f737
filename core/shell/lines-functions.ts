/** Gives a shell the functions for exact outputs, when the first output needs them. */
import { RescueError } from '../base/errors.ts'
import { type Conversation, Tail } from './conversation.ts'
import { questionName } from './nonce.ts'
import { putText } from './put.ts'
import { linesFunctions } from './remote-functions.ts'
import { ownSum } from './sums.ts'
import type { Surroundings } from './surroundings.ts'

const ATTEMPTS = 6

export class LinesFunctions {
  readonly #conversation: Conversation
  readonly #text: string
  #given: boolean

  constructor(conversation: Conversation, surroundings: Surroundings) {
    this.#conversation = conversation
    this.#text = linesFunctions(surroundings)
    // They are among the first that a sh other than bash gets.
    this.#given = surroundings.shell === 'sh'
  }

  /** Leaves the last command's output as it is. Throws `transfer-failed`. */
  async give(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS && !this.#given; attempt += 1) {
      await putText({ conversation: this.#conversation, isCareful: attempt > 0 }, this.#text, signal)
      this.#given = await this.#evaluate(signal)
    }
    if (!this.#given) throw new RescueError('machine', 'transfer-failed', 'the shell did not take the functions')
  }

  async #evaluate(signal: AbortSignal): Promise<boolean> {
    await this.#conversation.becomeReady(signal)
    const name = questionName()
    const answer = `@${name}:${ownSum(name, this.#text)}\n`
    using tail = this.#conversation.listen(new Tail())
    await this.#conversation.type([`_p ${name} ${ownSum(name, this.#text)} #`], signal)
    return await this.#conversation.hears(tail, () => tail.text.includes(answer), signal)
  }
}
