/** `/oci-rescue` alone, or with words that do not say all: opens the form that asks for the rest. */
import type { ModalView } from '@slack/types'
import type { Desk } from '../desk.ts'
import type { Directory } from '../instances/directory.ts'
import { startWith } from '../modals/start-fields.ts'
import { startForm } from '../modals/start-form.ts'
import { type Offer, wishFor } from '../modals/tasks.ts'
import { offerTo } from '../offer.ts'
import { asTyped } from '../read-request.ts'
import { openView } from '../slack/open-view.ts'
import { clean } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'
import { NOTHING, type Understood } from './understand.ts'

export async function start(desk: Desk, typed: Typed): Promise<void> {
  await openStart(desk, typed, NOTHING)
}

/** With what was understood, of what may be asked for there. */
export async function openStart(desk: Desk, typed: Typed, understood: Understood): Promise<void> {
  const { person, channel, respond } = typed
  const offered = await offerTo(desk.rescues, person, [channel])
  if (offered.kind === 'refused') return await whisper(respond, refusalWords(desk, offered.verdict, person))
  await showStart(desk, typed, understood, { offer: offered.offer, directory: await desk.instances.now() })
}

/** What was not understood stands in the form, too. */
export async function showStart(
  desk: Desk,
  typed: Typed,
  { found, task, said, unclear }: Understood,
  { offer, directory }: { readonly offer: Offer; readonly directory: Directory | undefined },
): Promise<void> {
  const start = {
    ...startWith(directory, new Date(), found, { offer, isElsewhere: false }, typed.why),
    ...(unclear.length > 0 ? { unclear: clean(asTyped(unclear)) } : {}),
    said,
  }
  await openForm(desk, typed, startForm(desk.voice.text, start, task && wishFor(task)))
}

export async function openForm(desk: Desk, { client, triggerId, respond }: Typed, form: ModalView): Promise<void> {
  if ((await openView(client, triggerId, form)) === 'too-late')
    await whisper(respond, desk.voice.text.commands.formTooLate)
}
