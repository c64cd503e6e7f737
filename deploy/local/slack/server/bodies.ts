/** Reading what comes over HTTP: forms, JSON and multipart, each up to a size. */
import type { IncomingMessage } from 'node:http'
import { fromJson } from './arguments.ts'

/** Room for 50 blocks of 3,000 characters in the widest encoding of a form. */
const LARGEST_CALL = 4_000_000
/** Slack takes 1 GB; a console's recording is far from this. */
const LARGEST_UPLOAD = 64_000_000

export class TooLarge extends Error {}

/** The arguments of a Web API call, from the address and the body. Values of a form are text. */
export async function readArguments(request: IncomingMessage, url: URL): Promise<Record<string, unknown>> {
  const fromAddress = Object.fromEntries(url.searchParams)
  const bytes = await readBody(request, LARGEST_CALL)
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('application/json')) return { ...fromAddress, ...asRecord(fromJson(bytes.toString())) }
  if (type.startsWith('multipart/form-data')) return { ...fromAddress, ...(await readMultipart(bytes, type)) }
  return { ...fromAddress, ...Object.fromEntries(new URLSearchParams(bytes.toString())) }
}

/** A JSON body; text that is not JSON comes back as it is, for the check that follows. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  return fromJson((await readBody(request, LARGEST_CALL)).toString())
}

/** The one file of an upload, sent as such or as the only file of a multipart form. */
export async function readUpload(request: IncomingMessage): Promise<Buffer> {
  const bytes = await readBody(request, LARGEST_UPLOAD)
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return bytes
  const form = await parseForm(bytes, type)
  const file = [...form.values()].find((value) => typeof value !== 'string')
  return file === undefined ? Buffer.alloc(0) : Buffer.from(await file.arrayBuffer())
}

async function readMultipart(bytes: Buffer, type: string): Promise<Record<string, unknown>> {
  return Object.fromEntries(await parseForm(bytes, type))
}

function parseForm(bytes: Buffer, type: string): Promise<FormData> {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
}

async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk))
    size += chunk.length
    if (size > most) throw new TooLarge(`more than ${most} bytes`)
  }
  return Buffer.concat(chunks)
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
