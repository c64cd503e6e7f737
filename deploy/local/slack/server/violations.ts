/** Keeps what an app sent that it should not have sent, so that the test in which it happened can fail of it. */
import { type Problem, sentenceOf } from './refusal.ts'
import { type Surroundings, validate, validateFile, validateResponse, validateView } from './validate.ts'

export interface Violation {
  /** The method, `response_url`, `response_action` or `upload`. */
  readonly call: string
  readonly problems: readonly Problem[]
}

export class Violations {
  readonly #surroundings: Surroundings
  #kept: Violation[] = []

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  get all(): readonly Violation[] {
    return [...this.#kept]
  }

  /** Throws an Error that tells everything kept, and forgets it. */
  throwAny(): void {
    const kept = this.#kept
    this.#kept = []
    if (kept.length > 0) throw new Error(`the app sent what it should not have sent:\n${kept.map(line).join('\n')}`)
  }

  call(method: string, args: Readonly<Record<string, unknown>>): void {
    this.#keep(method, validate(method, args, this.#surroundings))
  }

  response(body: unknown): void {
    this.#keep('response_url', validateResponse(body, this.#surroundings))
  }

  view(view: unknown): void {
    this.#keep('response_action', validateView(view, this.#surroundings))
  }

  file(bytes: Buffer): void {
    this.#keep('upload', validateFile(bytes))
  }

  #keep(call: string, problems: readonly Problem[]): void {
    if (problems.length > 0) this.#kept.push({ call, problems })
  }
}

function line({ call, problems }: Violation): string {
  return `${call}: ${problems.map((problem) => `${problem.code}: ${sentenceOf(problem)}`).join('; ')}`
}
