/** Where the sealed answer to a question lies, between the one who gave it and the worker that asked. */
export interface HandOver {
  readonly rescue: string
  /** The question's id. */
  readonly ask: string
  /** Names this answer: two people can answer at one moment, and only one of them is taken. */
  readonly handOver: string
}
