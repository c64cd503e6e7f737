/** The root shell that people type into: the message that opens it, and one for each line with what came of it. */
import type { KnownBlock } from '@slack/types'
import { mask } from '../../core/record/masking.ts'
import { type TypedLine, waitingLine } from '../../core/record/people-shell.ts'
import { hears, openShell } from '../../core/record/state.ts'
import { actions, button, context, header, type MessageBody, message, preformatted, section } from '../slack/blocks.ts'
import { ACTIONS } from '../slack/names.ts'
import { lineReference } from '../slack/reference.ts'
import { mention, moment, plain, say } from '../slack/text.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, type Voice } from './words.ts'

/** Of what a line has printed, in characters: the beginning tells what it is, the end what came of it. */
const HEAD_SHOWN = 1000
const TAIL_SHOWN = 1400

export function shellMessage(voice: Voice, thread: Thread): MessageBody {
  const words = voice.text.thread.shell
  const { shell } = thread.state
  if (shell === undefined) return message(thread.rescue, [])
  const names = {
    rescue: thread.rescue,
    instance: instanceName(thread.state),
    line: span(voice, shell.lineSeconds),
    idle: span(voice, shell.idleSeconds),
  }
  return message(say(words.text, names), [
    header(plain(words.title, names)),
    section(words.what),
    context(words.who, say(words.reply, { prefix: voice.commandPrefix }), say(words.limits, names), words.recorded),
    ...(shell.lines.length === 0 ? buttons(voice, thread) : []),
  ])
}

/** Always these three blocks: Slack does not let rich text be replaced by something else. */
export function lineMessage(voice: Voice, thread: Thread, { line: id }: ItemOf<'line'>): MessageBody {
  const { text } = voice
  const words = text.thread.shell
  const { shell } = thread.state
  const line = shell?.lines.find((one) => one.id === id)
  if (shell === undefined || line === undefined) return message(thread.rescue, [])
  const person = mention(line.by, text.thread.worker)
  const shown = shortened(line.answer?.output ?? '', words.leftOut)
  const isNewest = shell.lines.at(-1)?.id === id
  return message(say(words.lineText, { rescue: thread.rescue, person }), [
    context(say(words.typedBy, { person, at: moment(line.at) })),
    preformatted(terminal(line, shown.text, words.silent), words.silent, HEAD_SHOWN + TAIL_SHOWN + 400),
    context(
      ...outcome(voice, thread, line),
      ...(shown.hidden > 0 ? [say(words.shortened, { count: shown.hidden })] : []),
    ),
    ...(isNewest ? buttons(voice, thread) : []),
  ])
}

/** Nothing that a line holds by mistake is shown: secrets are masked as on the console. */
function terminal({ text, answer }: TypedLine, shown: string, silent: string): string {
  const typed = `# ${shortLine(mask(text))}`
  if (answer === undefined) return typed
  return `${typed}\n${shown.trim() === '' ? silent : shown}`
}

/** The recording has it whole. */
function shortLine(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

function shortened(output: string, notice: string): { readonly text: string; readonly hidden: number } {
  const hidden = output.length - HEAD_SHOWN - TAIL_SHOWN
  if (hidden <= 0) return { text: output, hidden: 0 }
  const middle = plain(notice, { count: hidden })
  return { text: `${output.slice(0, HEAD_SHOWN)}\n${middle}\n${output.slice(-TAIL_SHOWN)}`, hidden }
}

function span({ text }: Voice, seconds: number): string {
  const { units } = text.thread
  if (seconds > 60 && seconds % 60 === 0) return plain(units.wholeMinutes, { minutes: seconds / 60 })
  return plain(units.wholeSeconds, { seconds })
}

function outcome(voice: Voice, { state }: Thread, { answer, interrupt }: TypedLine): readonly string[] {
  const { text } = voice
  const words = text.thread.shell
  const names = { line: span(voice, state.shell?.lineSeconds ?? 0) }
  const asked = interrupt && { ...names, person: mention(interrupt.by, text.thread.worker) }
  if (answer === undefined) {
    const isRunning = state.ended === undefined && state.shell?.epoch === state.epoch
    if (!isRunning) return [words.lost]
    return [asked === undefined ? say(words.running, names) : say(words.interrupting, asked)]
  }
  const { how, exitCode, isCut } = answer
  const ended = exitCode === null ? words.endedOddly : say(words.ended, { code: exitCode })
  const interrupted = asked === undefined ? say(words.interrupted, names) : say(words.interruptedBy, asked)
  return [how === 'interrupted' ? interrupted : ended, ...(isCut && how === 'ended' ? [words.cut] : [])]
}

/** Under the newest message only: the next line, or, while one runs, its end. */
function buttons(voice: Voice, thread: Thread): readonly KnownBlock[] {
  const shell = openShell(thread.state)
  if (shell === undefined) return []
  const running = waitingLine(shell)
  return running === undefined ? nextButtons(voice, thread) : interruptButton(voice, thread, running)
}

function interruptButton({ text }: Voice, { rescue, state }: Thread, line: TypedLine): readonly KnownBlock[] {
  if (line.interrupt !== undefined || !hears(state, 'interrupt-asked')) return []
  const { interrupt, interruptLabel } = text.thread.shell
  const value = lineReference({ rescue, line: line.id })
  const spoken = plain(interruptLabel, { instance: instanceName(state) })
  return [actions(button({ label: interrupt, action: ACTIONS.interruptLine, value, spoken }))]
}

function nextButtons({ text }: Voice, { rescue, state }: Thread): readonly KnownBlock[] {
  const { type, typeLabel, done, doneLabel, doneConfirm } = text.thread.shell
  const names = { instance: instanceName(state) }
  return [
    actions(
      button({
        label: type,
        action: ACTIONS.typeLine,
        value: rescue,
        style: 'primary',
        spoken: plain(typeLabel, names),
      }),
      button({
        label: done,
        action: ACTIONS.leaveShell,
        value: rescue,
        spoken: plain(doneLabel, names),
        confirm: { ...doneConfirm, text: plain(doneConfirm.text, names), style: 'primary' },
      }),
    ),
  ]
}
