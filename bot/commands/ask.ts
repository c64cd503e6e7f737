/**
 * The commands that ask for a rescue: `/oci-rescue fstab web-1`. With all that it needs it begins at once, or opens the form
 * for what can not be typed; otherwise the form that asks for the rest opens, with what was typed.
 */
import type { ModalView } from '@slack/types'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { PlaybookRequest } from '../../core/record/playbooks.ts'
import type { Desk } from '../desk.ts'
import type { Directory } from '../instances/directory.ts'
import { connectForm } from '../modals/connect-form.ts'
import { replaceKeyForm } from '../modals/replace-key-form.ts'
import { type Start, startTyped } from '../modals/start-fields.ts'
import { type Askable, DEFAULT_USER, type Said, takenBy } from '../read-request.ts'
import { say } from '../slack/text.ts'
import { type Subcommand, type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'
import { openForm, openStart } from './start.ts'
import { startByName } from './start-by-name.ts'
import { isAny, named, understand } from './understand.ts'
import { notUnderstood, unusedWords } from './usage.ts'

type FormOf = (text: Catalogue, start: Start, said: Said) => ModalView

/** What is asked for by a form of its own, for a key can not be typed. */
const FORMS: Partial<Record<Askable, FormOf>> = {
  'replace-key': (text, start, { user = DEFAULT_USER }) => replaceKeyForm(text, start, user),
  connect: connectForm,
}

export function ask(name: Exclude<Askable, 'undo'>): Subcommand {
  return async (desk, typed) => {
    const { person, channel, words, why, respond } = typed
    const verdict = await desk.rescues.mayStart(person, { playbooks: [name], channel })
    if (verdict !== 'allowed') return await whisper(respond, refusalWords(desk, verdict, person))
    const directory = await desk.instances.now()
    const complete = inOrder(name, directory, words)
    if (complete === undefined) return await askForRest(desk, typed, name, directory)
    const { target, said } = complete
    const form = FORMS[name]
    if (form !== undefined)
      return await openForm(desk, typed, form(desk.voice.text, startTyped(target, channel, why), said))
    await startByName(desk, typed, PlaybookRequest.parse({ name, ...said }), target)
  }
}

/** The instance, and behind it all that is needed; undefined when it is not that. */
function inOrder(name: Askable, directory: Directory | undefined, [target, ...rest]: readonly string[]) {
  const taken = takenBy(name)
  if (target === undefined || (taken.isOwn(target) && !isAny(named(directory, target)))) return undefined
  const said = taken.read(rest)
  return said && { target, said }
}

async function askForRest(desk: Desk, typed: Typed, name: Askable, directory: Directory | undefined): Promise<void> {
  const understood = understand(directory, typed.words, name)
  const { unclear } = understood
  if (unclear.length === 0) return await openStart(desk, typed, understood)
  await notUnderstood(desk, typed, name, wrongWords(desk, name, unclear))
}

/** More is known of a word that stands where a user or a file is expected. */
function wrongWords(desk: Desk, name: Askable, unclear: readonly string[]): string {
  const { badUser, edit } = desk.voice.text.commands
  const { field } = takenBy(name)
  if (field === 'path') return say(edit.badPath, { path: unclear.join(' ') })
  const [user = '', ...more] = unclear
  return field === 'user' && more.length === 0 ? say(badUser, { user }) : unusedWords(desk, unclear)
}
