/** The newest list of instances that a worker has made, read again only when there is another one. */
import type { Inventories } from '../../core/store/inventories.ts'
import { type Directory, directoryOf } from './directory.ts'

export class KnownInstances {
  readonly #inventories: Pick<Inventories, 'stamp' | 'read'>
  readonly #onTrouble: (error: unknown) => void
  #held: { readonly digest: string; readonly directory: Directory } | undefined
  #looking: Promise<void> | undefined

  /** `onTrouble` hears why the newest list could not be had. */
  constructor(inventories: Pick<Inventories, 'stamp' | 'read'>, onTrouble: (error: unknown) => void) {
    this.#inventories = inventories
    this.#onTrouble = onTrouble
  }

  /** Undefined: no worker has made one yet. When Redis does not answer, what was there before has to do. */
  async now(): Promise<Directory | undefined> {
    // Somebody types, and each letter asks: those that come together look once.
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    await this.#looking.catch(this.#onTrouble)
    return this.#held?.directory
  }

  async #look(): Promise<void> {
    const stamp = await this.#inventories.stamp()
    if (stamp === undefined) {
      this.#held = undefined
      return
    }
    if (this.#held?.digest === stamp.digest) {
      const { directory } = this.#held
      this.#held = {
        ...stamp,
        directory: { ...directory, listing: { ...directory.listing, listedAt: stamp.listedAt } },
      }
      return
    }
    const listing = await this.#inventories.read()
    this.#held = listing && { digest: stamp.digest, directory: directoryOf(listing) }
  }
}
