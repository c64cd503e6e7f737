/** Where a sealed hand-over lies, between the one who gives it and the one it is for. */
export interface HandOver {
  readonly rescue: string
  /** What it is about: the id of the question that it answers, or the kind of what is handed out. */
  readonly about: string
  /** Names this one: two people can answer at one moment, and only one of them is taken. */
  readonly handOver: string
}
