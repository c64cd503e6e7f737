/**
 * Would sshd let this key in? RFC 4252, section 7 lets a client ask before it signs:
 * a `publickey` request without signature is answered SSH_MSG_USERAUTH_PK_OK when
 * the key is good for the user. So it needs no private key, and nobody logs in.
 *
 * ssh2 asks first when its key comes from an agent. Our agent holds one public key;
 * being asked to sign means that the answer was PK_OK, and it never signs.
 */
import ssh2, { type IdentityCallback, type ParsedKey } from 'ssh2'
import { sleep, TimeLimit, within } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Proof } from '../../core/record/events.ts'
import { describeAuthorizedKey } from '../../core/record/public-key.ts'
import { connectSsh, SshError } from './ssh-connection.ts'

export interface KeyQuestion {
  /** Where the instance's sshd may be; all are asked at once. */
  readonly hosts: readonly string[]
  readonly port: number
  readonly user: string
  /** One line of `authorized_keys`, without options. */
  readonly publicKey: string
}

/** Login prompt and sshd come up about together; after this, there is no way to it from here. */
const PATIENCE_MS = 45_000
/** For one try: TCP gives up much later when packets are dropped, and a machine that has just booted is busy. */
const TRY_LIMIT_MS = 25_000
const PAUSE_MS = 500
/** sshd lets ten wait for their login, and then turns away (sshd_config, MaxStartups); each costs that busy machine time. */
const MOST_TRIES_AT_ONCE = 4

type Answer =
  | { readonly kind: 'accepted' | 'refused'; readonly host: string }
  | { readonly kind: 'silent'; readonly why: string }

/** Asks until sshd answers, for less than a minute. Throws `key-not-accepted` when it answered and would not take the key. */
export async function probeLogin(question: KeyQuestion, signal: AbortSignal, patienceMs = PATIENCE_MS): Promise<Proof> {
  const facts = describeAuthorizedKey(question.publicKey)
  if (facts === undefined || facts === 'unreadable') throw new RescueError('us', 'unreadable-key', 'not a public key')
  const { hosts, port, user } = question
  if (hosts.length === 0) return { kind: 'sshd-not-reached', reason: 'no-address' }
  const answer = await untilAnswered(question, signal, patienceMs)
  switch (answer.kind) {
    case 'accepted':
      return { kind: 'key-accepted', user, fingerprint: facts.fingerprint, host: answer.host, port }
    case 'refused':
      throw new RescueError('machine', 'key-not-accepted', `sshd at ${answer.host} does not take the key for ${user}`, {
        details: { user, fingerprint: facts.fingerprint, host: answer.host, port: `${port}` },
      })
    case 'silent':
      return { kind: 'sshd-not-reached', reason: answer.why }
  }
}

/**
 * A new try every half second, beside those that hang: a packet to a machine whose network is still coming up is lost,
 * and TCP repeats it after one second, then three, then seven.
 */
async function untilAnswered(question: KeyQuestion, signal: AbortSignal, patienceMs: number): Promise<Answer> {
  using limit = within(signal, patienceMs)
  const answered = new AbortController()
  const until = AbortSignal.any([limit.signal, answered.signal])
  const found = Promise.withResolvers<Answer>()
  found.promise.catch(() => undefined)
  let last: Answer = { kind: 'silent', why: 'no-answer' }
  let open = 0
  const tryOnce = async () => {
    if (open === MOST_TRIES_AT_ONCE) return
    open += 1
    const asked = question.hosts.map(async (host) => {
      const answer = await ask(host, question, until)
      if (answer.kind === 'accepted') found.resolve(answer)
      return answer
    })
    const answer = best(await Promise.all(asked))
    open -= 1
    if (answer.kind === 'silent') last = answer
    else found.resolve(answer)
  }
  try {
    for (;;) {
      tryOnce().catch(found.reject)
      const answer = await Promise.race([found.promise, sleep(PAUSE_MS, until)])
      if (answer !== undefined) return answer
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof TimeLimit)) throw error
    return last
  } finally {
    answered.abort()
  }
}

/** A refusal counts only when no address takes the key: a private one can lead to somebody else's machine. */
function best(answers: readonly Answer[]): Answer {
  const rank = ['accepted', 'refused', 'silent']
  const [first] = answers.toSorted((a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind))
  return first ?? { kind: 'silent', why: 'no-answer' }
}

async function ask(host: string, { port, user, publicKey }: KeyQuestion, signal: AbortSignal): Promise<Answer> {
  const agent = new AskingAgent(publicKey)
  const over = new AbortController()
  using limit = within(AbortSignal.any([signal, over.signal]), TRY_LIMIT_MS)
  // Any host key: nothing secret is said, and the new key of a machine that cannot be entered is known to nobody here.
  const hop = { host, port, username: user, identity: { agent }, isKnownHost: () => true }
  try {
    const login = connectSsh(hop, limit.signal)
    const connection = await Promise.race([agent.accepted, login])
    // A server that lets us in without a signature has accepted the key, too.
    await connection?.close()
    return { kind: 'accepted', host }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof SshError && error.kind === 'not-authenticated') return { kind: 'refused', host }
    if (error instanceof SshError) return { kind: 'silent', why: `${host}: ${error.message}` }
    if (error instanceof TimeLimit) return { kind: 'silent', why: 'no-answer' }
    throw error
  } finally {
    over.abort(new SshError('unreachable', 'sshd has answered'))
  }
}

class AskingAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #key: ParsedKey
  readonly #accepted = Promise.withResolvers<void>()

  constructor(publicKey: string) {
    super()
    this.#key = bareKey(publicKey)
  }

  /** Resolves when sshd has said that the key is good. */
  get accepted(): Promise<void> {
    return this.#accepted.promise
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    done(undefined, [this.#key])
  }

  override sign(): void {
    this.#accepted.resolve()
  }
}

/** Type and bytes are all that the question takes, so keys that ssh2 cannot read (security keys) can be asked about, too. */
function bareKey(publicKey: string): ParsedKey {
  const [type = '', base64 = ''] = publicKey.trim().split(/\s+/)
  const blob = Buffer.from(base64, 'base64')
  const any = ssh2.utils.parseKey(
    `ssh-ed25519 ${Buffer.concat([field('ssh-ed25519'), field(Buffer.alloc(32))]).toString('base64')}`,
  )
  if (any instanceof Error) throw any
  const key: ParsedKey = Object.create(any, { type: { value: type }, getPublicSSH: { value: () => blob } })
  return key
}

/** RFC 4251, section 5: `string`. */
function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
