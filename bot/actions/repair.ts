/** The repair under a diagnosis: starts it, opens the form that it needs first, or says what to type. */
import { bundleFor, type Finding, requestFor } from '../../core/record/findings.ts'
import type { PlaybookRequest } from '../../core/record/playbooks.ts'
import { refusalWords } from '../commands/refusal.ts'
import type { Desk } from '../desk.ts'
import { replaceKeyForm } from '../modals/replace-key-form.ts'
import { startTyped } from '../modals/start-fields.ts'
import { DEFAULT_USER } from '../read-request.ts'
import { readRepairReference } from '../slack/reference.ts'
import { say } from '../slack/text.ts'
import type { Pressed } from './click.ts'

export async function repair(desk: Desk, { person, from, value, press, whisper, open }: Pressed): Promise<void> {
  const { clicks } = desk.voice.text.commands
  const reference = readRepairReference(value)
  const diagnosed = reference && (await desk.rescues.diagnosed(reference.rescue))
  if (reference === undefined || diagnosed === undefined) return await whisper(clicks.notWaiting)
  const { findings, instance, channel } = diagnosed
  const playbook = reference.which === 'all' ? bundleFor(findings) : requestOf(findings[reference.which])
  if (playbook !== undefined) {
    const submission = `${reference.rescue} ${reference.which} ${press}`
    const started = await desk.rescues.start(person, { playbook, target: instance.id, channel, submission, from })
    return started.kind === 'started' ? undefined : await whisper(refusalWords(desk, started.verdict, person))
  }
  const wanted = reference.which === 'all' ? undefined : findings[reference.which]?.playbook
  if (wanted !== 'replace-key')
    return await whisper(say(clicks.typeIt, { command: wanted ?? '', target: instance.name }))
  const verdict = await desk.rescues.mayStart(person, { playbooks: [wanted], channel })
  if (verdict !== 'allowed') return await whisper(refusalWords(desk, verdict, person))
  const form = replaceKeyForm(desk.voice.text, { ...startTyped(instance.id, channel, ''), from }, DEFAULT_USER)
  if ((await open(form)) === 'too-late') await whisper(clicks.formTooLate)
}

function requestOf(finding: Finding | undefined): PlaybookRequest | undefined {
  return finding === undefined ? undefined : requestFor(finding)
}
