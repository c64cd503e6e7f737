/** What a bare shell has to work with: found out once, by its own answers. Pure. */
import { ENCODERS, type Encoder } from './encoding.ts'
import { SUM_TOOLS, type SumTool } from './sums.ts'

export interface Surroundings {
  /** `bash` where the functions for bash work: it also needs a place for a command's output. Else any POSIX sh. */
  readonly shell: 'bash' | 'sh'
  readonly isBash: boolean
  /** Undefined: there is none, and sums are worked out by the shell itself. */
  readonly sum: SumTool | undefined
  readonly encoder: Encoder
  /** What may stand between a command and the encoder, to end an output that is too long. */
  readonly limiter: 'head' | 'cat' | undefined
  readonly hasCat: boolean
  /** A directory in memory, not on the machine's disk: an output is kept there, in a file without a name. */
  readonly place: string | undefined
}

/** Something that this machine lacks, to be told to people. */
export type Lack =
  /** The kernel could not be silenced: its messages come in between. */
  | 'silence'
  /** Ctrl-C reaches nothing: a command that hangs can not be stopped. */
  | 'interrupt'
  | 'sum-tool'
  | 'base64'
  /** A NUL byte in a command's output is left out. */
  | 'nul-bytes'

/** Programs whose presence is asked for. */
export const TOOLS = [
  'bash',
  'setsid',
  'rm',
  'head',
  'cat',
  ...SUM_TOOLS,
  ...ENCODERS.filter((name) => name !== 'shell'),
] as const

export function surroundingsOf(isBash: boolean, tools: readonly string[], place: string | undefined): Surroundings {
  return {
    shell: isBash && place !== undefined && tools.includes('rm') ? 'bash' : 'sh',
    isBash,
    sum: SUM_TOOLS.find((name) => tools.includes(name)),
    encoder: ENCODERS.find((name) => tools.includes(name)) ?? 'shell',
    limiter: (['head', 'cat'] as const).find((name) => tools.includes(name)),
    hasCat: tools.includes('cat'),
    place,
  }
}

export function lacksOf({ isBash, sum, encoder }: Surroundings): readonly Lack[] {
  return [
    ...(sum === undefined ? (['sum-tool'] as const) : []),
    ...(encoder === 'base64' ? [] : (['base64'] as const)),
    ...(encoder === 'shell' && !isBash ? (['nul-bytes'] as const) : []),
  ]
}
