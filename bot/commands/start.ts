/** `/oci-rescue` alone, or with words that name an instance: opens the form that asks for the rest. */
import type { Desk } from '../desk.ts'
import type { Directory } from '../instances/directory.ts'
import { type Mentioned, mentioned } from '../instances/mentioned.ts'
import { calledExactly, namedLike } from '../instances/search.ts'
import { MOST_OFFERED, startWith } from '../modals/start-fields.ts'
import { startForm } from '../modals/start-form.ts'
import type { Offer, Wish } from '../modals/tasks.ts'
import { offerTo } from '../offer.ts'
import { openView } from '../slack/open-view.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'

const NOBODY: Mentioned = { instances: [], unlisted: undefined }

/** With what is to be done, if that is known already. */
export async function start(desk: Desk, typed: Typed, wish?: Wish): Promise<void> {
  const offered = await offerTo(desk.rescues, typed.person, [typed.channel])
  if (offered.kind === 'refused') return await whisper(typed.respond, refusalWords(desk, offered.verdict, typed.person))
  const directory = await desk.instances.now()
  await openStart(desk, typed, { directory, offer: offered.offer, found: NOBODY }, wish)
}

interface Beginning {
  readonly directory: Directory | undefined
  readonly offer: Offer
  readonly found: Mentioned
}

/** With the instance that somebody speaks of, or those. */
export async function openStart(
  desk: Desk,
  { why, client, triggerId, respond }: Typed,
  { directory, offer, found }: Beginning,
  wish?: Wish,
): Promise<void> {
  const form = startWith(directory, new Date(), found, { offer, isElsewhere: false }, why)
  if ((await openView(client, triggerId, startForm(desk.voice.text, form, wish))) === 'too-late')
    await whisper(respond, desk.voice.text.commands.formTooLate)
}

/** Instances that are called exactly so. */
export function called(directory: Directory | undefined, said: string): Mentioned {
  return directory === undefined ? NOBODY : { ...NOBODY, instances: calledExactly(directory, said) }
}

/** Instances that these words speak of, or whose names are like them. */
export function spokenOf(directory: Directory | undefined, said: string): Mentioned {
  const found = mentioned(directory, said)
  if (directory === undefined || isAny(found)) return found
  return { ...NOBODY, instances: namedLike(directory, said, MOST_OFFERED) }
}

export function isAny({ instances, unlisted }: Mentioned): boolean {
  return instances.length > 0 || unlisted !== undefined
}
