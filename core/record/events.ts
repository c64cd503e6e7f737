/**
 * What happened, in the order it happened. Appended, never edited; everything
 * else (the card, the gates, the debts, where a crashed rescue stands) is derived.
 *
 * Words: a *rescue* is one run of a playbook on an instance. An *entry* is an event
 * with its place in the rescue's log. A *gate* is a point where the rescue waits for
 * approval. An *ask* is a question whose answer must stand in no log. A *debt* is
 * something that outlives a process and must be undone. The *epoch* counts the workers
 * that have claimed the rescue: only the newest may act.
 */
import { z } from 'zod'
import { RESCUE_ID, TICKET } from '../base/ids.ts'
import { Change } from './changes.ts'
import { Sha256, TextSum } from './file-text.ts'
import { DiagnosisRecord } from './findings.ts'
import { Plan } from './plan.ts'
import { PlaybookRequest } from './playbooks.ts'
import { RefusedClick } from './refused-clicks.ts'
import { ShellLine } from './shell-line.ts'

/** The version that new entries carry; a reader refuses versions it does not know. */
export const FORMAT_VERSION = 1

export const Person = z.object({
  kind: z.literal('person'),
  enterprise: z.string().nullable(),
  team: z.string(),
  user: z.string(),
})
export type Person = z.infer<typeof Person>

export const Actor = z.discriminatedUnion('kind', [
  Person,
  z.object({ kind: z.literal('worker'), id: z.string() }),
  /** The bot, for what follows from the policy alone, or from what Slack refuses. */
  z.object({ kind: z.literal('policy') }),
])
export type Actor = z.infer<typeof Actor>

/** Where in Slack somebody did it. */
export const Origin = z.object({
  /** The workspace's id. */
  team: z.string(),
  channel: z.string(),
  /** The timestamp of the message whose button was pressed. */
  message: z.string().optional(),
})
export type Origin = z.infer<typeof Origin>

/** What OCI says of an instance, as far as we use it. */
export const Instance = z.object({
  id: z.string(),
  name: z.string(),
  compartmentId: z.string(),
  region: z.string(),
  lifecycleState: z.string(),
  shape: z.string(),
  /** From the image; null when the image is gone or not readable. */
  os: z.object({ name: z.string(), version: z.string() }).nullable(),
  /** Logs of older versions have no tags. */
  freeformTags: z.record(z.string(), z.string()).optional(),
  /** By `Namespace.Key`. */
  definedTags: z.record(z.string(), z.string()).optional(),
})
export type Instance = z.infer<typeof Instance>

export const PHASES = [
  'find',
  'gate-1',
  'connect',
  'bootloader',
  'shell',
  'look',
  'gate-2',
  'apply',
  'boot',
  'prove',
  'clean-up',
  /** Of those that are no repair. */
  'capture',
  'watch',
  'handed-out',
] as const
export const Phase = z.enum(PHASES)
export type Phase = z.infer<typeof Phase>

export const Debt = z.discriminatedUnion('kind', [
  /** Console connections of the instance that carry the rescue's tag; their ids need not be known. */
  z.object({ kind: z.literal('console-connection'), instance: Instance }),
  /** Console histories of the instance that OCI has captured for the rescue: they carry its tag, too. */
  z.object({ kind: z.literal('console-history'), instance: Instance }),
  /** The instance was taken down and must be booted normally. */
  z.object({ kind: z.literal('maintenance'), instance: Instance }),
])
export type Debt = z.infer<typeof Debt>

/** A picture of the screen: rows of runs of equal attributes; colours are palette indexes (0 to 255). */
export const ScreenPicture = z.object({
  columns: z.number().int(),
  rows: z.array(
    z.array(
      z.object({
        text: z.string(),
        inverse: z.literal(true).optional(),
        bold: z.literal(true).optional(),
        fg: z.number().int().optional(),
        bg: z.number().int().optional(),
      }),
    ),
  ),
  cursor: z.object({ row: z.number().int(), column: z.number().int() }).nullable(),
})
export type ScreenPicture = z.infer<typeof ScreenPicture>

/** What was shown about a login at the end. Each names only what was really seen. */
export const Proof = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('login-prompt'), host: z.string() }),
  /** sshd answered SSH_MSG_USERAUTH_PK_OK: it would accept this key for this user (RFC 4252, section 7). */
  z.object({
    kind: z.literal('key-accepted'),
    user: z.string(),
    fingerprint: z.string(),
    host: z.string(),
    port: z.number().int(),
  }),
  /** The worker could not reach sshd, so nothing is claimed about it. */
  z.object({ kind: z.literal('sshd-not-reached'), reason: z.string() }),
])
export type Proof = z.infer<typeof Proof>

/** In characters. */
export const MOST_REASON = 500
const DECISIONS = ['approved', 'denied', 'expired'] as const

/** `done`: what was asked for was no repair, and was done. */
const OUTCOMES = ['recovered', 'done', 'denied', 'expired', 'stopped', 'failed'] as const
export const Outcome = z.enum(OUTCOMES)
export type Outcome = z.infer<typeof Outcome>

/** Key of a sentence in `core/i18n`, with what that sentence names. */
const Message = { code: z.string(), details: z.record(z.string(), z.string()) }

const GateNumber = z.union([z.literal(1), z.literal(2)])

const WITHDRAWALS = ['expired', 'gone-on'] as const

const Ticket = z.string().regex(TICKET)

const FileToEdit = z.union([
  z.object({ path: z.string(), text: z.string() }),
  z.object({ path: z.string(), ...TextSum.shape }),
])

export const RescueEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('requested'),
    playbook: PlaybookRequest,
    /** A display name or an OCID, as it was typed. */
    target: z.string(),
    channel: z.string(),
    /** The policy's rules depend on the instance: nothing is done before `admitted`. */
    conditional: z.literal(true).optional(),
    /** What for, in the words of whoever asked. */
    why: z.string().max(MOST_REASON).optional(),
  }),
  z.object({
    type: z.literal('claimed'),
    epoch: z.number().int().min(1),
    /** Which of `NEWER_REQUESTS` this worker understands: it would refuse a log that holds another (docs/event-log.md). */
    hears: z.array(z.string()).optional(),
  }),
  z.object({ type: z.literal('choice-offered'), candidates: z.array(Instance), expiresAt: z.iso.datetime() }),
  z.object({ type: z.literal('chosen'), instanceId: z.string() }),
  /** The name is an OCID now, and the instance is locked for this rescue. */
  z.object({ type: z.literal('resolved'), instance: Instance }),
  /** By the policy, once the instance is known: whoever asked may ask for this there. */
  z.object({ type: z.literal('admitted'), rule: z.string() }),
  z.object({ type: z.literal('turned-away'), why: z.enum(['no-rule', 'several-rules', 'not-a-requester']) }),
  z.object({ type: z.literal('phase-began'), phase: Phase }),
  z.object({
    type: z.literal('gate-opened'),
    gate: GateNumber,
    plan: Plan,
    planHash: z.string(),
    expiresAt: z.iso.datetime(),
  }),
  /** By the policy: what this gate needs. It expires at that time, whatever was said when it was opened. */
  z.object({
    type: z.literal('terms-set'),
    gate: GateNumber,
    planHash: z.string(),
    rule: z.string(),
    count: z.number().int().min(1),
    mayBreakGlass: z.boolean(),
    expiresAt: z.iso.datetime(),
  }),
  /** One of several approvals that are needed; the last one is the decision. */
  z.object({ type: z.literal('approved'), gate: GateNumber, planHash: z.string() }),
  z.object({
    type: z.literal('decided'),
    gate: GateNumber,
    planHash: z.string(),
    decision: z.enum(DECISIONS),
    /** Why it was denied or opened alone, in the words of the one who did. */
    reason: z.string().max(MOST_REASON).optional(),
    /** Approved by one person alone, as the policy allows in an emergency. */
    brokeGlass: z.literal(true).optional(),
  }),
  /** By the person who clicked; it changed nothing. */
  z.object({ type: z.literal('refused-click'), click: RefusedClick }),
  /** `reason`: in the words of the one who did, if they said one. */
  z.object({ type: z.literal('stop-requested'), reason: z.string().max(MOST_REASON).optional() }),
  /** By a person: a picture of the screen as it is now. The worker answers with `saw`, once for all who have asked by then. */
  z.object({ type: z.literal('screen-asked') }),
  /** The machine wants something that must stand in no log; a person hands it over sealed (docs/event-log.md). */
  z.object({
    type: z.literal('asked'),
    /** GRUB 2 asks for a user name and a password, GRUB legacy for a password only. */
    what: z.enum(['grub-password', 'grub-legacy-password', 'file-text']),
    /** Of `file-text`: the file as it is, or where that stands when it is long. What it shall be is the answer. */
    file: FileToEdit.optional(),
    ask: Ticket,
    /** 1 at first; one more each time the machine has refused the answer before. */
    attempt: z.number().int().min(1),
    expiresAt: z.iso.datetime(),
  }),
  /** By the person who did it; what they entered is not in here, only where it lies. */
  z.object({ type: z.literal('answered'), ask: Ticket, handOver: Ticket }),
  /** By the worker, before anybody has answered: the time is over, or the machine does not wait for it any more. */
  z.object({ type: z.literal('withdrawn'), ask: Ticket, why: z.enum(WITHDRAWALS) }),
  /** By the worker: something for whoever asked for the rescue, and for nobody else; only where it lies. */
  z.object({
    type: z.literal('handed-over'),
    what: z.literal('password'),
    /** Whose password it is, on the machine. */
    user: z.string(),
    handOver: Ticket,
    /** Until then the bot can take it. */
    expiresAt: z.iso.datetime(),
  }),
  /**
   * Masked: the lines that left the screen since the last such event, oldest first (a transcript is all of them and
   * the last rows), and the rows that the screen shows now, blanks at the end cut.
   */
  z.object({ type: z.literal('console'), scrolled: z.array(z.string()), rows: z.array(z.string()) }),
  /**
   * What was typed at that time, and in the quarter of a second after it: masked, contents of files left out, and a
   * mask for all that was typed at a question for a password.
   */
  z.object({ type: z.literal('typed'), at: z.iso.datetime(), keys: z.string() }),
  /** A state that was recognised on the screen, with its evidence, and a picture where one is wanted. */
  z.object({
    type: z.literal('saw'),
    state: z.string(),
    because: z.string(),
    picture: ScreenPicture.optional(),
    /** Why there is a picture, where that is not what was recognised: somebody has asked for it, or something failed. */
    why: z.enum(['asked', 'failed']).optional(),
  }),
  z.object({ type: z.literal('noticed'), ...Message }),
  /**
   * The gateway holds the console for a client of ours that died. Written at each try to open it: it is tried again
   * until that time, and then given up.
   */
  z.object({ type: z.literal('console-held'), until: z.iso.datetime(), now: z.enum(['waiting', 'free', 'given-up']) }),
  /** A text that is too long to stand in every event that is about it: whole, once, and named by its sum from then on. */
  z.object({ type: z.literal('text-kept'), sha256: Sha256, text: z.string() }),
  /** A file that takes long over the line: written when it begins, with nothing done, and after each part. */
  z.object({
    type: z.literal('transferring'),
    way: z.enum(['from-machine', 'to-machine']),
    path: z.string(),
    /** Bytes on the line, compressed where the machine can. */
    done: z.number().int(),
    all: z.number().int(),
    secondsLeft: z.number().int(),
  }),
  z.object({ type: z.literal('change-began'), index: z.number().int() }),
  z.object({
    type: z.literal('change-finished'),
    index: z.number().int(),
    change: Change,
    /** The end of what a tool has printed, masked. */
    said: z.string().optional(),
  }),
  /** The maintenance shell takes lines from people, one at a time; after so long without one the machine boots. */
  z.object({ type: z.literal('shell-opened'), idleSeconds: z.number(), lineSeconds: z.number() }),
  /** By the person who typed it. The line's id names the form that it was typed into, however often that is delivered. */
  z.object({ type: z.literal('line-sent'), line: Ticket, text: ShellLine }),
  /** By a person, while that line runs: Ctrl-C, now. */
  z.object({ type: z.literal('interrupt-asked'), line: Ticket }),
  z.object({
    type: z.literal('line-answered'),
    line: Ticket,
    /** `interrupted`: by Ctrl-C, because somebody asked for it or its time was over. */
    how: z.enum(['ended', 'interrupted']),
    /** Null when the shell did not say. */
    exitCode: z.number().int().nullable(),
    /** Masked. The thread shows some of it, the recording all. */
    output: z.string(),
    /** There was more, which did not go over the line. */
    isCut: z.boolean(),
  }),
  z.object({ type: z.literal('shell-closed'), why: z.enum(['done', 'idle']) }),
  z.object({ type: z.literal('proved'), proof: Proof }),
  /** What the console's log, as OCI keeps it or as it was heard, says about the last boot. */
  z.object({ type: z.literal('diagnosed'), source: z.enum(['history', 'boot']), diagnosis: DiagnosisRecord }),
  /** The console history, masked, whole: it has 1 MB at the most. */
  z.object({ type: z.literal('history'), text: z.string() }),
  /** The machine's screen (VNC) as a PNG in base64; `blank` when it shows one colour only. */
  z.object({
    type: z.literal('screenshot'),
    png: z.base64(),
    width: z.number().int(),
    height: z.number().int(),
    blank: z.boolean(),
  }),
  /** A console connection for a person's own key stands until that time. Its strings open nothing without that key. */
  z.object({
    type: z.literal('console-handed-out'),
    connectionString: z.string(),
    vncConnectionString: z.string(),
    hostKeyFingerprint: z.string(),
    until: z.iso.datetime(),
  }),
  /** Something to undo before we leave, even if another worker has to do it. Written before the thing exists. */
  z.object({ type: z.literal('owes'), debt: Debt }),
  z.object({ type: z.literal('paid'), debt: z.enum(['console-connection', 'console-history', 'maintenance']) }),
  z.object({
    type: z.literal('ended'),
    outcome: Outcome,
    ...Message,
    /** What the rescue leaves behind: never reset; login prompt seen; reset but not watched; in doubt. */
    machine: z.enum(['untouched', 'up', 'reset', 'unknown']),
    /** Paths that were changed, with their backups. */
    changed: z.array(z.object({ path: z.string(), backup: z.string().nullable() })),
    /** The screen at the moment of a failure, masked. */
    screen: z.array(z.string()).optional(),
  }),
])
export type RescueEvent = z.infer<typeof RescueEvent>
export type EventType = RescueEvent['type']
export type EventOf<T extends EventType> = Extract<RescueEvent, { type: T }>

/** What people ask for while a worker has the rescue, and workers of earlier versions do not know. */
export const NEWER_REQUESTS = ['screen-asked', 'interrupt-asked'] as const satisfies readonly EventType[]
export type NewerRequest = (typeof NEWER_REQUESTS)[number]

export const Entry = z.object({
  v: z.literal(FORMAT_VERSION),
  rescue: z.string().regex(RESCUE_ID),
  /** 1, 2, 3 … without gaps. */
  seq: z.number().int().min(1),
  /** SHA-256 in hex of the entry before, as it is stored; empty for the first. */
  prev: z.string(),
  at: z.iso.datetime(),
  actor: Actor,
  /** Of what people do in Slack. */
  from: Origin.optional(),
  event: RescueEvent,
})
export type Entry = z.infer<typeof Entry>
