/** Reads a policy out of YAML: every mistake in it at once, each with its line. */
import { isMap, isNode, isPair, LineCounter, type Node, parseDocument } from 'yaml'
import { z } from 'zod'
import { PlaybookRequest } from '../record/playbooks.ts'
import { type GateRule, hasAll, type Policy, type Reminder, type Rule, USUAL_REMINDERS, type Who } from './policy.ts'

/** Its message is the whole report, one line for each mistake. */
export class PolicyError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(['The policy has mistakes:', ...mistakes.map((mistake) => `  ${mistake}`)].join('\n'))
    this.name = 'PolicyError'
    this.mistakes = mistakes
  }
}

/** A bundle is judged by the playbooks in it. */
const PLAYBOOKS = PlaybookRequest.options.map(({ shape }) => shape.name.value).filter((name) => name !== 'repair')

const CHANNEL = z.string().regex(/^[CG][A-Z0-9]+$/, 'must be a channel id (C…)')
const USER = z.string().regex(/^[UW][A-Z0-9]+$/, 'must be a user id (U…)')
const GROUP = z.string().regex(/^S[A-Z0-9]+$/, 'must be a user group id (S…)')
const COMPARTMENT = z
  .string()
  .regex(/^ocid1\.(?:compartment|tenancy)\.[\w.-]+$/, 'must be the OCID of a compartment or of the tenancy')

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const LONGEST_MS = 7 * UNITS.d

/** `90s`, `30m`, `2h`, `1d`. */
const Duration = z
  .string({ error: 'must be a time such as 90s, 30m or 2h' })
  .regex(/^\d+[smhd]$/, 'must be a time such as 90s, 30m or 2h')
  .transform(milliseconds)
  .refine((time) => time >= UNITS.s && time <= LONGEST_MS, 'must be between one second and seven days')

function milliseconds(text: string): number {
  const { count, unit } = /^(?<count>\d+)(?<unit>[smhd])$/.exec(text)?.groups ?? {}
  return Number(count) * (unit !== undefined && unit in UNITS ? UNITS[unit as keyof typeof UNITS] : Number.NaN)
}

const People = z.strictObject({
  users: z.array(USER).default([]),
  groups: z.array(GROUP).default([]),
  'members-of': z.array(CHANNEL).default([]),
})

/** Somebody has to be meant. */
const Somebody = People.refine((people) => Object.values(people).flat().length > 0, {
  error: 'nobody is named here: give users, groups or members-of',
}).transform(whoOf)

/** A typed reason says something: a word or two do not. */
const LEAST_REASON = 20

const Glass = z
  .strictObject({
    ...People.shape,
    requester: z.boolean().default(false),
    reason: z.int().min(1).max(500).default(LEAST_REASON),
  })
  .refine(
    ({ requester, users, groups, 'members-of': members }) => requester || [users, groups, members].flat().length > 0,
    {
      error: 'nobody may break this glass: give requester: true, users, groups or members-of',
    },
  )
  .transform(({ requester, reason: leastReason, ...people }) => ({ requester, leastReason, who: whoOf(people) }))

/** More than anybody would wait for. */
const MOST_APPROVALS = 20

const Gate = z
  .strictObject({
    by: Somebody,
    count: z.int().min(1).max(MOST_APPROVALS).default(1),
    'requester-counts': z.boolean().default(false),
    expires: Duration.nullable().default(null),
    'break-glass': Glass.nullable().default(null),
  })
  .superRefine(({ by, count }, context) => {
    const isKnown = by.groups.length === 0 && by.channels.length === 0
    if (isKnown && new Set(by.users).size < count)
      context.addIssue({ code: 'custom', path: ['count'], message: `${count} must approve, but fewer are named` })
  })
  .transform(
    (gate): GateRule => ({
      approve: gate.by,
      count: gate.count,
      requesterCounts: gate['requester-counts'],
      expiresInMs: gate.expires,
      breakGlass: gate['break-glass'],
    }),
  )

/** Numbers and truth values are what YAML makes of such values; OCI has text only. */
const Tag = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const RuleEntry = z
  .strictObject({
    name: z.string().min(1).max(60),
    playbooks: z.union([z.literal('all'), z.array(z.enum(PLAYBOOKS)).min(1)], {
      error: `must be all, or a list of: ${PLAYBOOKS.join(', ')}`,
    }),
    channels: z.array(CHANNEL).min(1),
    compartments: z.array(COMPARTMENT).min(1).nullable().default(null),
    tags: z.record(z.string(), Tag).default({}),
    'defined-tags': z
      .record(z.string().regex(/^[^.\s]+\.[^.\s]+$/, 'must be written as Namespace.Key'), Tag)
      .default({}),
    request: Somebody,
    approve: Gate.optional(),
    'gate-1': Gate.optional(),
    'gate-2': Gate.optional(),
  })
  .transform((entry, context): Rule => {
    const { name, playbooks, channels, compartments, tags, request, approve } = entry
    const gates = [entry['gate-1'] ?? approve, entry['gate-2'] ?? approve] as const
    const [first, second] = gates
    if (first === undefined || second === undefined) {
      context.addIssue('must say who approves: give approve, or gate-1 and gate-2')
      return z.NEVER
    }
    const definedTags = entry['defined-tags']
    return { name, playbooks, channels, compartments, tags, definedTags, request, gates: { 1: first, 2: second } }
  })

const ReminderEntry = z
  .string({ error: 'must be a share such as 50%, or a time before the end such as 5m' })
  .regex(/^(?:[1-9]\d?%|\d+[smh])$/, 'must be a share such as 50%, or a time before the end such as 5m')
  .transform((text): Reminder => {
    return text.endsWith('%') ? { passed: Number.parseInt(text, 10) / 100 } : { leftMs: milliseconds(text) }
  })

const PolicyFile = z.strictObject({
  audit: z
    .strictObject({
      channel: CHANNEL,
      mention: z
        .union([USER, GROUP], { error: 'must be a user id (U…) or a user group id (S…)' })
        .nullable()
        .default(null),
    })
    .nullable()
    .default(null),
  reminders: z
    .array(ReminderEntry)
    .max(5)
    .default([...USUAL_REMINDERS]),
  rules: z.array(RuleEntry).min(1),
})

/**
 * `file` is how the reader knows it; it stands before each line number.
 * @throws PolicyError
 */
export function readPolicy(text: string, file: string): Policy {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number | undefined, what: string) => `${file}:${lines.linePos(offset ?? 0).line}: ${what}`
  const broken = [...document.errors, ...document.warnings]
  if (broken.length > 0) throw new PolicyError(broken.map(({ pos, message }) => at(pos[0], message)))
  const parsed = PolicyFile.safeParse(document.toJS())
  const lineOf = (path: readonly PropertyKey[]) => offsetAt(document.contents, path)
  if (!parsed.success)
    throw new PolicyError(
      inOrder(
        parsed.error.issues.flatMap((issue) => told(issue)).map(({ path, what }) => [lineOf(path), what] as const),
        at,
      ),
    )
  const mistakes = mistakesBetween(parsed.data.rules).map(({ rule, what }) => [lineOf(['rules', rule]), what] as const)
  if (mistakes.length > 0) throw new PolicyError(inOrder(mistakes, at))
  return parsed.data
}

function inOrder(
  mistakes: readonly (readonly [offset: number | undefined, what: string])[],
  at: (offset: number | undefined, what: string) => string,
): readonly string[] {
  return mistakes.toSorted(([one = 0], [other = 0]) => one - other).map(([offset, what]) => at(offset, what))
}

interface Told {
  readonly path: readonly PropertyKey[]
  readonly what: string
}

/** What zod found, in the words of the file. */
function told(issue: z.core.$ZodIssue): readonly Told[] {
  const { path } = issue
  const named = path.filter((part) => typeof part === 'string').at(-1)
  // A rule as a whole has no key of its own.
  const where = named === undefined || (path.length === 2 && named === 'rules') ? '' : `${named}: `
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], what: `${key} is not known here` }))
  if (issue.code === 'invalid_type' && issue.input === undefined) return [{ path, what: `${named} is missing` }]
  return [{ path, what: `${where}${issue.message}` }]
}

/** Where the key or the entry stands; where there is none, the nearest thing around it. */
function offsetAt(contents: Node | null, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = contents
  let offset = isNode(node) ? node.range?.[0] : undefined
  for (const part of path) {
    const inside = isMap(node) ? node.items.find(({ key }) => String(key) === String(part)) : itemOf(node, part)
    if (inside === undefined) return offset
    const first = isPair(inside) ? inside.key : inside
    offset = (isNode(first) ? first.range?.[0] : undefined) ?? offset
    node = isPair(inside) ? inside.value : inside
  }
  return offset
}

function itemOf(node: unknown, part: PropertyKey): unknown {
  return typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)
    ? node.items[Number(part)]
    : undefined
}

/** What is wrong with rules that are each good in themselves. */
function mistakesBetween(rules: readonly Rule[]): readonly { readonly rule: number; readonly what: string }[] {
  return rules.flatMap((rule, index) => {
    const earlier = rules.slice(0, index)
    if (earlier.some(({ name }) => name === rule.name))
      return [{ rule: index, what: `there is another rule called ${rule.name}` }]
    const hiding = earlier.find((other) => hides(other, rule))
    return hiding === undefined
      ? []
      : [{ rule: index, what: `${rule.name} never applies: whatever it matches, ${hiding.name} has matched before` }]
  })
}

function hides(earlier: Rule, later: Rule): boolean {
  const playbooks =
    earlier.playbooks === 'all' || (later.playbooks !== 'all' && isWithin(later.playbooks, earlier.playbooks))
  const compartments =
    earlier.compartments === null || (later.compartments !== null && isWithin(later.compartments, earlier.compartments))
  return (
    playbooks &&
    compartments &&
    isWithin(later.channels, earlier.channels) &&
    hasAll(later.tags, earlier.tags) &&
    hasAll(later.definedTags, earlier.definedTags)
  )
}

function isWithin<T>(some: readonly T[], all: readonly T[]): boolean {
  return some.every((one) => all.includes(one))
}

function whoOf(people: z.infer<typeof People>): Who {
  return { users: people.users, groups: people.groups, channels: people['members-of'] }
}
