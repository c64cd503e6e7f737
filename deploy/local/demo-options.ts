/** The demo's command line. */
import { parseArgs } from 'node:util'

export type Approval =
  | { readonly kind: 'approve' }
  /** Gate 1 is approved first when the gate is 2, so that the machine is down when it happens. */
  | { readonly kind: 'deny' | 'ignore'; readonly gate: 1 | 2 }

export interface DemoOptions {
  readonly machines: string | undefined
  readonly say: string
  readonly key: string | undefined
  readonly identity: string | undefined
  readonly approval: Approval
  readonly json: string | undefined
}

export const USAGE = `npm run demo -- [--machines FILE] [--say '/oci-rescue replace-key web-1 opc'] [--key FILE.pub]
                [--identity FILE] [--approve | --deny[=1|2] | --ignore[=1|2]] [--json FILE]`

/** @throws Error with a sentence about what is wrong */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: args.map(withGate),
    options: {
      machines: { type: 'string' },
      say: { type: 'string', default: '/oci-rescue replace-key web-1 opc' },
      key: { type: 'string' },
      identity: { type: 'string' },
      approve: { type: 'boolean' },
      deny: { type: 'string' },
      ignore: { type: 'string' },
      json: { type: 'string' },
    },
  })
  const { machines, say, key, identity, json } = values
  if (identity !== undefined && key === undefined)
    throw new Error('--identity is the private half of --key, which is missing')
  return { machines, say, key, identity, json, approval: approvalOf(values) }
}

/** `--deny` alone means gate 2; parseArgs knows no options whose value may be left out. */
function withGate(arg: string): string {
  return arg === '--deny' || arg === '--ignore' ? `${arg}=2` : arg
}

function approvalOf(given: { approve?: boolean; deny?: string; ignore?: string }): Approval {
  const { approve, deny, ignore } = given
  if ([approve, deny, ignore].filter((one) => one !== undefined).length > 1) {
    throw new Error('only one of --approve, --deny and --ignore can be given')
  }
  if (deny !== undefined) return { kind: 'deny', gate: gateOf('--deny', deny) }
  if (ignore !== undefined) return { kind: 'ignore', gate: gateOf('--ignore', ignore) }
  return { kind: 'approve' }
}

function gateOf(option: string, value: string): 1 | 2 {
  if (value === '1') return 1
  if (value === '2') return 2
  throw new Error(`${option} takes the number of a gate, 1 or 2, not ${JSON.stringify(value)}`)
}
