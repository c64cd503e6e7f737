/** The root shell that people type into, as the log has it: which lines, what came of them, whether it takes more. */
import type { Actor, EventOf } from './events.ts'

export interface TypedLine {
  readonly id: string
  readonly text: string
  readonly by: Actor
  readonly at: string
  /** Who wanted it to end before it did. */
  readonly interrupt: { readonly by: Actor; readonly at: string } | undefined
  readonly answer: EventOf<'line-answered'> | undefined
}

export interface PeopleShell {
  readonly idleSeconds: number
  readonly lineSeconds: number
  /** Of the worker that has opened it: with that one it is gone. */
  readonly epoch: number
  /** Oldest first; at most the last one waits for its answer. */
  readonly lines: readonly TypedLine[]
  readonly closed: { readonly why: EventOf<'shell-closed'>['why']; readonly by: Actor } | undefined
}

export function shellOpened({ idleSeconds, lineSeconds }: EventOf<'shell-opened'>, epoch: number): PeopleShell {
  return { idleSeconds, lineSeconds, epoch, lines: [], closed: undefined }
}

/** The same line that comes twice is one line, and the next one waits for the answer: a rival's is not there. */
export function lineSent(
  shell: PeopleShell | undefined,
  { line: id, text }: EventOf<'line-sent'>,
  by: Actor,
  at: string,
): PeopleShell | undefined {
  if (shell === undefined || shell.closed !== undefined || waitingLine(shell) !== undefined) return shell
  if (shell.lines.some((line) => line.id === id)) return shell
  return { ...shell, lines: [...shell.lines, { id, text, by, at, interrupt: undefined, answer: undefined }] }
}

/** The first wish for it counts, and only while the line runs. */
export function interruptAsked(
  shell: PeopleShell | undefined,
  { line: id }: EventOf<'interrupt-asked'>,
  by: Actor,
  at: string,
): PeopleShell | undefined {
  if (shell === undefined) return shell
  const isMeant = (line: TypedLine) => line.id === id && line.answer === undefined && line.interrupt === undefined
  return { ...shell, lines: shell.lines.map((line) => (isMeant(line) ? { ...line, interrupt: { by, at } } : line)) }
}

export function lineAnswered(
  shell: PeopleShell | undefined,
  answer: EventOf<'line-answered'>,
): PeopleShell | undefined {
  if (shell === undefined) return shell
  return { ...shell, lines: shell.lines.map((line) => (line.id === answer.line ? { ...line, answer } : line)) }
}

export function shellClosed(
  shell: PeopleShell | undefined,
  { why }: EventOf<'shell-closed'>,
  by: Actor,
): PeopleShell | undefined {
  return shell === undefined || shell.closed !== undefined ? shell : { ...shell, closed: { why, by } }
}

/** The line that has no answer yet. */
export function waitingLine({ lines }: PeopleShell): TypedLine | undefined {
  return lines.find(({ answer }) => answer === undefined)
}
