/**
 * The story of a shell that people type into: the machine is taken down, each line is run as it comes and answered
 * before the next, and the machine boots normally once they are done, or nobody types for a while.
 */
import { TimeLimit, within } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import type { EventOf } from '../record/events.ts'
import { type TypedLine, waitingLine } from '../record/people-shell.ts'
import type { PlaybookRequest } from '../record/playbooks.ts'
import type { RescueState } from '../record/state.ts'
import type { SerialShell } from '../shell/serial-shell.ts'
import type { Ending } from './ending.ts'
import { bootFromShell, reachShell } from './repair.ts'
import { type Answer, LineRunner } from './run-line.ts'
import { passFirstGate, type Stage } from './stage.ts'

export async function operatorShell(stage: Stage, request: PlaybookRequest): Promise<Ending> {
  const { journal, context, instance, stoppable } = stage
  const { shellIdleMs, shellLineMs, workLimitMs } = context.settings
  const refused = await passFirstGate(stage, request)
  if (refused !== undefined) return refused

  const shell = await reach(stage)
  await journal.append({
    type: 'shell-opened',
    idleSeconds: Math.round(shellIdleMs / 1000),
    lineSeconds: Math.round(shellLineMs / 1000),
  })
  const why = await answerLines(stage, shell)

  using toTheEnd = within(stoppable, workLimitMs)
  await bootFromShell(stage, shell, toTheEnd.signal)
  return { outcome: 'done', code: `shell-${why}`, details: { instance: instance.name } }
}

async function reach(stage: Stage): Promise<SerialShell> {
  using limit = within(stage.stoppable, stage.context.settings.workLimitMs)
  return await reachShell(stage, limit.signal)
}

type Closed = EventOf<'shell-closed'>['why']

async function answerLines(stage: Stage, shell: SerialShell): Promise<Closed> {
  const { journal, context } = stage
  const runner = new LineRunner(shell, context.settings.shellLineMs)
  for (;;) {
    const next = await context.whileWaiting(() => lineOrClosed(stage))
    if (typeof next === 'string') return next
    const answer = await runInterruptibly(stage, runner, next)
    await journal.append(answered(stage, next, answer))
  }
}

/** Whoever wants the line to end is heard while it runs. */
async function runInterruptibly(
  { journal, stoppable }: Stage,
  runner: LineRunner,
  { id, text }: TypedLine,
): Promise<Answer> {
  const over = new AbortController()
  const interrupt = new AbortController()
  const asked = ({ shell }: RescueState) => shell?.lines.find((line) => line.id === id)?.interrupt
  const listening = journal.until(asked, AbortSignal.any([stoppable, over.signal])).then(
    () => interrupt.abort(),
    // The line has ended; or the log can not be read, which the next append says, too.
    () => undefined,
  )
  try {
    return await runner.run(text, stoppable, interrupt.signal)
  } finally {
    over.abort(new RescueError('us', 'line-over', 'the line has ended'))
    await listening
  }
}

function answered({ journal }: Stage, { id: line }: TypedLine, answer: Answer): EventOf<'line-answered'> {
  return { type: 'line-answered', line, ...answer, output: journal.mask(answer.output) }
}

/** The clock closes the shell, unless somebody was faster: the log has one winner. */
async function lineOrClosed({ journal, context, stoppable }: Stage): Promise<TypedLine | Closed> {
  using limit = within(stoppable, context.settings.shellIdleMs)
  try {
    return await journal.until(nextOf, limit.signal)
  } catch (thrown) {
    if (stoppable.aborted || !(thrown instanceof TimeLimit)) throw thrown
    await journal.record((state) => (nextOf(state) === undefined ? { type: 'shell-closed', why: 'idle' } : undefined))
    const next = nextOf(journal.state)
    if (next === undefined) throw new RescueError('us', 'unexpected', 'the shell is neither asked nor closed')
    return next
  }
}

/** A line that was typed before somebody closed the shell is still answered. */
function nextOf({ shell }: RescueState): TypedLine | Closed | undefined {
  return shell && (waitingLine(shell) ?? shell.closed?.why)
}
