/** Finds the instances that a text speaks of: by OCID, IP address or name. The text is whatever an alarm or a person wrote. */
import type { ListedInstance } from '../../core/record/inventory.ts'
import type { Directory } from './directory.ts'

export interface Mentioned {
  readonly instances: readonly ListedInstance[]
  /** An OCID that is in no list: of a new instance, of another compartment, or there is no list. */
  readonly unlisted: string | undefined
}

const OCID = /ocid1\.instance\.[\w.-]*\w/gi
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)/g
const IPV6 = /(?<![\w:])[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?![\w:])/gi
/** Around names: what no name has that is made for machines. */
const BETWEEN = /[^\p{L}\p{N}._:-]+/u
const PLAIN_NAME = /^[\p{L}\p{N}._:-]+$/u

/** Of several, those that are spoken of in the most ways come first. An OCID leaves no doubt: then nothing else counts. */
export function mentioned(directory: Directory | undefined, text: string): Mentioned {
  const ids = [...text.matchAll(OCID)].map(([id]) => id)
  const byId = [...new Set(ids.flatMap((id) => directory?.ids.get(id.toLowerCase()) ?? []))]
  if (ids.length > 0) return { instances: byId, unlisted: byId.length > 0 ? undefined : ids[0] }
  if (directory === undefined) return { instances: [], unlisted: undefined }
  const ways = new Map<ListedInstance, number>()
  for (const found of [byAddress(directory, text), byName(directory, text)])
    for (const instance of found) ways.set(instance, (ways.get(instance) ?? 0) + 1)
  const instances = [...ways].toSorted(([, one], [, other]) => other - one).map(([instance]) => instance)
  return { instances, unlisted: undefined }
}

function byAddress({ addresses }: Directory, text: string): ReadonlySet<ListedInstance> {
  const written = [...text.matchAll(IPV4), ...text.matchAll(IPV6)].map(([address]) => address.toLowerCase())
  return new Set(written.flatMap((address) => addresses.get(address) ?? []))
}

function byName({ names }: Directory, text: string): ReadonlySet<ListedInstance> {
  const written = text.toLowerCase()
  const plain = written.split(BETWEEN).flatMap(readings)
  const odd = [...names.keys()].filter((name) => !PLAIN_NAME.test(name) && standsIn(written, name))
  return new Set([...plain, ...odd].flatMap((name) => names.get(name) ?? []))
}

/** `web-1.prod.example.com:9100.` may speak of web-1 with its domain, its port, and the end of a sentence. */
function readings(token: string): readonly string[] {
  const bare = token.replace(/^[.:-]+|[.:]+$/g, '')
  const [host = ''] = bare.split(':')
  const [label = ''] = host.split('.')
  return [...new Set([token, bare, host, label])].filter((name) => name !== '')
}

/** As a word of its own, or several. */
function standsIn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); name !== '' && at >= 0; at = text.indexOf(name, at + 1)) {
    const around = [text.charAt(at - 1), text.charAt(at + name.length)]
    if (!around.some((character) => /[\p{L}\p{N}]/u.test(character))) return true
  }
  return false
}
