/**
 * The passwords that one plan sets: made here, known to nobody else. The machine gets their hashes, the bot gets them
 * sealed, and the log gets neither.
 */
import { newTicket } from '../base/ids.ts'
import { newOneTimePassword, sha512Crypt } from '../playbooks/index.ts'
import { PASSWORD } from '../record/one-time-password.ts'
import type { Journal } from './journal.ts'
import type { World } from './world.ts'

export class NewPasswords {
  readonly #journal: Journal
  readonly #made = new Map<string, string>()

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** Hidden in the log before the first byte of it is typed. */
  hashFor(user: string): string {
    const password = newOneTimePassword()
    const hash = sha512Crypt(password)
    this.#journal.keepWholeSecret(password)
    this.#journal.keepWholeSecret(hash)
    this.#made.set(user, password)
    return hash
  }

  /** To whoever asked for the rescue, when the machine has them. Sealed first: the log must not name what is not there. */
  async handOver(world: World, now: () => Date, signal: AbortSignal): Promise<void> {
    for (const [user, password] of this.#made) {
      const place = { rescue: this.#journal.rescue, about: PASSWORD, handOver: newTicket() }
      const { lifeMs } = await world.handOverPassword(place, { password }, signal)
      const expiresAt = new Date(now().getTime() + lifeMs).toISOString()
      await this.#journal.append({ type: 'handed-over', what: PASSWORD, user, handOver: place.handOver, expiresAt })
    }
  }
}
