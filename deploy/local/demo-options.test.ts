import { describe, expect, it } from 'vitest'
import { readDemoOptions } from './demo-options.ts'

describe("the demo's command line", () => {
  it('rescues web-1 and approves when nothing else is said', () => {
    expect(readDemoOptions([])).toMatchObject({
      say: '/oci-rescue replace-key web-1 opc',
      approval: { kind: 'approve' },
    })
  })

  it.each([
    [['--deny'], { kind: 'deny', gate: 2 }],
    [['--deny=1'], { kind: 'deny', gate: 1 }],
    [['--ignore', '--json', 'x.json'], { kind: 'ignore', gate: 2 }],
    [['--ignore=1'], { kind: 'ignore', gate: 1 }],
  ])('reads %j', (args, approval) => {
    expect(readDemoOptions(args).approval).toEqual(approval)
  })

  it.each([[['--deny=3']], [['--approve', '--deny']], [['--nonsense']], [['--identity', 'key']], [['stray']]])(
    'refuses %j',
    (args) => {
      expect(() => readDemoOptions(args)).toThrow()
    },
  )
})
