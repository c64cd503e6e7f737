/** Each state of OCI's switch breaks what it says, and the next one mends it. */
import { expect, it } from 'vitest'
import { Faults } from './oci/faults.ts'
import { ociSwitch } from './oci-switch.ts'

const first = (faults: Faults) => faults.take('GET', '/20160918/instances')

it('breaks every call until it is mended', () => {
  const faults = new Faults()
  const one = ociSwitch(faults)

  one.choose('failing')
  expect([first(faults), first(faults)]).toMatchObject([{ status: 500 }, { status: 500 }])
  one.choose('hanging')
  expect(first(faults)).toEqual({ kind: 'hang' })
  one.choose('fair')
  expect(first(faults)).toBeUndefined()
})

it('keeps no fault of the state before', () => {
  const faults = new Faults()
  const one = ociSwitch(faults)
  const state = () => [faults.consoleConnections, faults.gatewayBusy, faults.wrongHostKey]

  one.choose('no-console')
  expect(state()).toEqual(['failed', false, false])
  one.choose('console-taken')
  expect(state()).toEqual(['active', true, false])
  one.choose('wrong-host-key')
  expect(state()).toEqual(['active', false, true])
  expect(one.current()).toBe('wrong-host-key')
})
