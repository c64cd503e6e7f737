/** Fetches a file that somebody has given to the app: with its token, so from Slack and from nobody else. */

/** A megabyte takes far less; whoever sent it waits. */
const LIMIT_MS = 30_000

export interface Access {
  readonly token?: string | undefined
  /** Where the methods of Slack are called. */
  readonly slackApiUrl: string
}

/** Undefined when Slack does not give it, or it has more than `mostBytes`. */
export async function download(
  { token, slackApiUrl }: Access,
  address: string,
  mostBytes: number,
): Promise<Uint8Array | undefined> {
  const url = new URL(address)
  if (token === undefined || !isSlacks(url, new URL(slackApiUrl))) return undefined
  // Whoever may not have a file is led to a page for people.
  const options = { headers: { authorization: `Bearer ${token}` }, redirect: 'manual' } as const
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(LIMIT_MS) })
  if (!response.ok || response.body === null) return undefined
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body) {
    length += piece.length
    if (length > mostBytes) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** Slack's own, which gives files from `files.slack.com`, or the one that stands in for it. */
function isSlacks(url: URL, api: URL): boolean {
  if (url.origin === api.origin) return true
  return (
    url.protocol === 'https:' && /(?:^|\.)slack\.com$/.test(url.hostname) && /(?:^|\.)slack\.com$/.test(api.hostname)
  )
}
