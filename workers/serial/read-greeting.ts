/** Whether SSH gets through to a server: it greets first (RFC 4253, section 4.2), and nothing has to be sent for that. */
import { connect } from 'node:net'
import { TimeLimit, within } from '../../core/base/deadline.ts'

export type Greeting =
  | { readonly kind: 'greeted'; readonly words: string }
  /** Somebody answers there who does not speak SSH; `words` is how it began. */
  | { readonly kind: 'other'; readonly words: string }
  /** Connected, and then nothing. */
  | { readonly kind: 'silent' }
  /** Not even connected within the time. */
  | { readonly kind: 'unreached' }

/** OCI's gateway needs about a second. */
const PATIENCE_MS = 6000
/** What comes before the greeting, or in place of it, is short. */
const MOST_BYTES = 4096
const LONGEST_QUOTE = 60

/** Throws what Node says when the connection is refused or there is no such host. */
export async function readGreeting(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<Greeting> {
  using limit = within(signal, patienceMs)
  const socket = connect({ host, port })
  let isConnected = false
  socket.once('connect', () => {
    isConnected = true
  })
  const stop = () => socket.destroy(limit.signal.reason)
  limit.signal.addEventListener('abort', stop, { once: true })
  let heard = ''
  try {
    for await (const piece of socket) {
      heard += Buffer.from(piece).toString('latin1')
      const words = /^SSH-[^\r\n]*(?=\r?\n)/m.exec(heard)?.[0]
      if (words !== undefined) return { kind: 'greeted', words }
      if (heard.length > MOST_BYTES) break
    }
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof TimeLimit)) throw thrown
    if (heard === '') return { kind: isConnected ? 'silent' : 'unreached' }
  } finally {
    limit.signal.removeEventListener('abort', stop)
    socket.destroy()
  }
  return { kind: 'other', words: printable(heard).slice(0, LONGEST_QUOTE) }
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').trim()
}
