/** Files on their way up and files that are there: Slack's three-step upload (ticket, bytes, completion). */
import { secret, slackId } from './ids.ts'

/** The fields of Slack's file object that apps and the page read. */
export interface FileObject {
  readonly id: string
  readonly created: number
  readonly name: string
  readonly title: string
  readonly mimetype: string
  readonly filetype: string
  readonly user: string
  readonly size: number
  readonly mode: 'hosted' | 'snippet'
  readonly is_public: boolean
  readonly url_private: string
  readonly url_private_download: string
  readonly permalink: string
  readonly alt_txt?: string | undefined
  readonly channels: readonly string[]
  readonly shares: { readonly public?: Readonly<Record<string, readonly { readonly ts: string }[]>> }
}

interface Ticket {
  readonly file: string
  readonly name: string
  readonly length: number
  readonly isSnippet: boolean
  readonly altText: string | undefined
  bytes: Buffer | undefined
}

/** By the end of the name, as Slack does first. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  json: 'application/json',
  cast: 'text/plain',
  log: 'text/plain',
  txt: 'text/plain',
  md: 'text/plain',
}

export class Files {
  readonly #tickets = new Map<string, Ticket>()
  readonly #files = new Map<string, { object: FileObject; bytes: Buffer }>()

  /** A ticket for one upload of exactly `length` bytes. */
  begin(
    name: string,
    length: number,
    isSnippet: boolean,
    altText: string | undefined,
  ): { ticket: string; file: string } {
    const ticket = secret(24)
    const file = slackId('F')
    this.#tickets.set(ticket, { file, name, length, isSnippet, altText, bytes: undefined })
    return { ticket, file }
  }

  /** False when there is no such ticket, it is used up, or the length is not the one announced. */
  receive(ticket: string, bytes: Buffer): boolean {
    const known = this.#tickets.get(ticket)
    if (known === undefined || known.bytes !== undefined || known.length !== bytes.length) return false
    known.bytes = bytes
    return true
  }

  /** Whether the bytes of that file have come and nobody completed it yet. */
  isUploaded(file: string): boolean {
    return this.#ticketOf(file)?.[1].bytes !== undefined
  }

  /** Makes an uploaded file a real one. */
  complete(file: string, title: string | undefined, user: string, created: number, baseUrl: string): FileObject {
    const [ticket, { name, bytes, isSnippet, altText }] = this.#ticketOf(file) ?? missing(file)
    this.#tickets.delete(ticket)
    const extension = name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : ''
    const url = `${baseUrl}/files-pri/${file}/${encodeURIComponent(name)}`
    const object: FileObject = {
      id: file,
      created,
      name,
      title: title ?? name,
      mimetype: TYPES[extension] ?? (isSnippet ? 'text/plain' : 'application/octet-stream'),
      filetype: extension === '' ? 'text' : extension,
      user,
      size: bytes?.length ?? 0,
      mode: isSnippet ? 'snippet' : 'hosted',
      is_public: false,
      url_private: url,
      url_private_download: `${url}?download=1`,
      permalink: `${url}?permalink=1`,
      alt_txt: altText,
      channels: [],
      shares: {},
    }
    this.#files.set(file, { object, bytes: bytes ?? Buffer.alloc(0) })
    return object
  }

  /** A file that a person gives in a modal: complete at once. */
  give(name: string, bytes: Buffer, user: string, created: number, baseUrl: string): FileObject {
    const { ticket, file } = this.begin(name, bytes.length, false, undefined)
    this.receive(ticket, bytes)
    return this.complete(file, undefined, user, created, baseUrl)
  }

  find(file: string): { object: FileObject; bytes: Buffer } | undefined {
    return this.#files.get(file)
  }

  share(file: string, channel: string, ts: string): void {
    const known = this.#files.get(file)
    if (known === undefined) return
    const shares = { public: { ...known.object.shares.public, [channel]: [{ ts }] } }
    known.object = { ...known.object, is_public: true, channels: [...known.object.channels, channel], shares }
  }

  /** True for an id, or an address we gave out, of a picture Slack would show in an image block. */
  pictureExists(file: { id?: string | undefined; url?: string | undefined }): boolean {
    const id = file.id ?? /\/files-pri\/(?<id>F[A-Z0-9]+)\//.exec(file.url ?? '')?.groups?.id ?? ''
    return /^image\/(png|jpeg|gif)$/.test(this.#files.get(id)?.object.mimetype ?? '')
  }

  #ticketOf(file: string): [string, Ticket] | undefined {
    return [...this.#tickets].find(([, ticket]) => ticket.file === file)
  }
}

function missing(file: string): never {
  throw new Error(`no upload for ${file}`)
}
