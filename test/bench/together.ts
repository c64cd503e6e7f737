/** The time in which all of many rescues stream: it begins with the last one. */
export class Together {
  readonly #count: number
  readonly #lengthMs: number
  readonly #begun = Promise.withResolvers<void>()
  #streaming = 0
  #from = Number.POSITIVE_INFINITY

  constructor(count: number, lengthMs: number) {
    this.#count = count
    this.#lengthMs = lengthMs
  }

  get begun(): Promise<void> {
    return this.#begun.promise
  }

  /** One more streams. */
  join(): void {
    this.#streaming += 1
    if (this.#streaming < this.#count) return
    this.#from = performance.now()
    this.#begun.resolve()
  }

  /** When so much of it is over, from 0 to 1: never, as long as it has not begun. */
  at(share: number): number {
    return this.#from + share * this.#lengthMs
  }

  isNow(): boolean {
    const now = performance.now()
    return now >= this.at(0) && now < this.at(1)
  }
}
