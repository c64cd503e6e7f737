/** The buttons. What they do is decided from the log at the moment of the click, never from the message they stand in. */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import type { Decision } from '../../core/approvals/verdicts.ts'
import { assertNever } from '../../core/base/errors.ts'
import { stopWords } from '../commands/stop.ts'
import { undoWords } from '../commands/undo.ts'
import { attend, type Desk, speakingTo, wasHeard } from '../desk.ts'
import { reasonForm } from '../modals/reason-form.ts'
import { ACTIONS, CHOOSE_ACTION, REPAIR_ACTION } from '../slack/names.ts'
import { readChoiceReference, readGateReference, readRescueReference } from '../slack/reference.ts'
import { instanceName } from '../thread/words.ts'
import { answer } from './answer.ts'
import { type Pressed, pressed } from './click.ts'
import { getFile } from './get-file.ts'
import { interruptLine, leaveShell, typeLine } from './people-shell.ts'
import { refusedDecision } from './refused-decision.ts'
import { repair } from './repair.ts'
import { screen } from './screen.ts'

type Press = (desk: Desk, pressed: Pressed) => Promise<void>

export function registerActions(app: App, desk: Desk): void {
  const on = (id: string | RegExp, press: Press) => {
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: id },
      async ({ ack, body, action, client }) => {
        await ack()
        const click = pressed(body, action, client)
        if (await wasHeard(desk, click.press)) return
        const theirs = await speakingTo(desk, click.person, client)
        await attend(theirs, 'button', click.whisper, () => press(theirs, click))
      },
    )
  }
  on(ACTIONS.approve, approve)
  on(ACTIONS.deny, deny)
  on(ACTIONS.breakGlass, breakGlass)
  on(ACTIONS.stop, stop)
  on(ACTIONS.answer, answer)
  on(ACTIONS.getFile, getFile)
  on(ACTIONS.undo, undo)
  on(ACTIONS.typeLine, typeLine)
  on(ACTIONS.leaveShell, leaveShell)
  on(ACTIONS.interruptLine, interruptLine)
  on(ACTIONS.screen, screen)
  on(CHOOSE_ACTION, choose)
  on(REPAIR_ACTION, repair)
}

/** Who was allowed to sees it in the thread; everybody else is told why nothing happened. */
async function approve(desk: Desk, click: Pressed): Promise<void> {
  const { person, from, value, whisper } = click
  const reference = readGateReference(value)
  if (reference === undefined) return await unreadable(desk, click, 'approved')
  const result = await desk.rescues.decide(person, { ...reference, from }, { kind: 'approved' })
  if (result.kind !== 'decided') await whisper(refusedDecision(desk.voice.text, result))
}

/** Asks for the reason first; whoever may not deny it is told so before they write one. */
async function deny(desk: Desk, click: Pressed): Promise<void> {
  const { person, from, value, whisper, open } = click
  const { text } = desk.voice
  const reference = readGateReference(value)
  if (reference === undefined) return await unreadable(desk, click, 'denied')
  const { verdict, state } = await desk.rescues.mayDeny(person, { ...reference, from })
  if (verdict.kind !== 'allowed') return await whisper(refusedDecision(text, verdict))
  const about = { instance: instanceName(state), least: 1 }
  const form = reasonForm(text, 'denied', { ...reference, ...from }, about)
  if ((await open(form)) === 'too-late') await whisper(text.commands.clicks.formTooLate)
}

/** Asks for the reason, which everybody will read. */
async function breakGlass(desk: Desk, click: Pressed): Promise<void> {
  const { person, from, value, whisper, open } = click
  const { text } = desk.voice
  const reference = readGateReference(value)
  if (reference === undefined) return await unreadable(desk, click, 'broke-glass')
  const { verdict, ...about } = await desk.rescues.mayBreakGlass(person, { ...reference, from })
  if (verdict.kind !== 'allowed') return await whisper(refusedDecision(text, verdict))
  const form = reasonForm(text, 'broke-glass', { ...reference, ...from }, about)
  if ((await open(form)) === 'too-late') await whisper(text.commands.clicks.formTooLate)
}

/** None of our gates has such a button. */
async function unreadable(desk: Desk, { person, from, whisper }: Pressed, wish: Decision): Promise<void> {
  await desk.rescues.refuseUnreadable(person, from, wish)
  await whisper(desk.voice.text.commands.clicks.forged)
}

async function stop(desk: Desk, { person, from, value, whisper }: Pressed): Promise<void> {
  const rescue = readRescueReference(value)
  if (rescue === undefined) return await whisper(desk.voice.text.commands.clicks.notWaiting)
  const result = await desk.rescues.stop(person, rescue, from)
  if (result.kind !== 'asked') await whisper(stopWords(desk, rescue, result))
}

async function undo(desk: Desk, { person, from, value, press, whisper }: Pressed): Promise<void> {
  const rescue = readRescueReference(value)
  if (rescue === undefined) return await whisper(desk.voice.text.commands.clicks.notWaiting)
  await whisper(undoWords(desk, person, rescue, await desk.rescues.undo(person, rescue, { submission: press, from })))
}

async function choose(desk: Desk, { person, from, value, whisper }: Pressed): Promise<void> {
  const words = desk.voice.text.commands.clicks
  const reference = readChoiceReference(value)
  if (reference === undefined) return await whisper(words.notWaiting)
  const { kind } = await desk.rescues.choose(person, reference.rescue, reference.index, from)
  switch (kind) {
    case 'chosen':
      return
    case 'not-allowed':
      return await whisper(words.notChooser)
    case 'already-chosen':
      return await whisper(words.alreadyChosen)
    case 'not-waiting':
      return await whisper(words.notWaiting)
    default:
      return assertNever(kind)
  }
}
