/** files.*: the upload in three steps, and looking files up. */
import { type ArgumentsOf, methodArguments } from '../arguments.ts'
import type { FileObject } from '../files.ts'
import { TIER_4 } from '../rates.ts'
import { SlackRefusal } from '../refusal.ts'
import type { Workspace } from '../workspace.ts'
import { type Methods, method } from './method.ts'

/** Slack's `snippet_too_large`: more than 1 MB. */
const LARGEST_SNIPPET = 1_000_000

export function fileMethods(workspace: Workspace, baseUrl: () => string): Methods {
  const writes = { token: 'bot', scope: 'files:write', limit: TIER_4 } as const
  return {
    'files.getUploadURLExternal': method(writes, methodArguments['files.getUploadURLExternal'], (args) =>
      ticket(workspace, baseUrl(), args),
    ),
    'files.completeUploadExternal': method(writes, methodArguments['files.completeUploadExternal'], (args) =>
      complete(workspace, baseUrl(), args),
    ),
    'files.info': method(
      { token: 'bot', scope: 'files:read', limit: TIER_4 },
      methodArguments['files.info'],
      (args) => {
        const file = workspace.files.find(args.file)
        if (file === undefined) throw new SlackRefusal('file_not_found')
        return { ok: true, file: file.object, comments: [], response_metadata: { next_cursor: '' } }
      },
    ),
  }
}

function ticket({ files }: Workspace, baseUrl: string, args: ArgumentsOf<'files.getUploadURLExternal'>) {
  const isSnippet = args.snippet_type !== undefined && args.snippet_type !== ''
  if (isSnippet && args.length > LARGEST_SNIPPET) throw new SlackRefusal('snippet_too_large')
  const begun = files.begin(args.filename, args.length, isSnippet, args.alt_txt ?? args.alt_text)
  return { ok: true, upload_url: `${baseUrl}/upload/v1/${begun.ticket}`, file_id: begun.file }
}

/** As at Slack, the answer does not say yet where the files are shared; files.info does, later. */
function complete(workspace: Workspace, baseUrl: string, args: ArgumentsOf<'files.completeUploadExternal'>) {
  const place = placeOf(workspace, args)
  if (args.files.some((file) => !workspace.files.isUploaded(file.id))) throw new SlackRefusal('file_not_found')
  const { botUserId } = workspace.app
  const created = Math.floor(workspace.clock.now() / 1000)
  const done = args.files.map((file) => workspace.files.complete(file.id, file.title, botUserId, created, baseUrl))
  if (place !== undefined) share(workspace, place, args.initial_comment ?? '', done)
  return { ok: true, files: done }
}

interface Place {
  readonly channel: string
  readonly thread_ts: string | undefined
}

function placeOf(workspace: Workspace, args: ArgumentsOf<'files.completeUploadExternal'>): Place | undefined {
  const id = args.channel_id ?? args.channels?.split(',')[0] ?? ''
  if (id === '') return undefined
  const channel = workspace.joinedChannel(id).id
  const thread_ts = args.thread_ts === '' ? undefined : args.thread_ts
  if (thread_ts !== undefined && workspace.messages.find(channel, thread_ts) === undefined)
    throw new SlackRefusal('thread_not_found')
  return { channel, thread_ts }
}

function share(workspace: Workspace, { channel, thread_ts }: Place, text: string, done: readonly FileObject[]): void {
  const message = workspace.botMessage({ text, thread_ts })
  for (const file of done) workspace.files.share(file.id, channel, message.ts)
  const files = done.map((file) => workspace.files.find(file.id)?.object ?? file)
  workspace.messages.post(channel, { ...message, files })
}
