import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSameRoute, readConnectionString, readVncConnectionString } from './console-strings.ts'

const USER = 'ocid1.instanceconsoleconnection.oc1.ap-tokyo-1.anxhiljrabc'
const INSTANCE = 'ocid1.instance.oc1.ap-tokyo-1.anxhiljrdef'
const HOST = 'instance-console.ap-tokyo-1.oci.oraclecloud.com'
const GATEWAY = `ssh -o ProxyCommand='ssh -W %h:%p -p 443 ${USER}@${HOST}'`
const SERIAL = `${GATEWAY} ${INSTANCE}`
const VNC = `${GATEWAY} -N -L localhost:5900:${INSTANCE}:5900 ${INSTANCE}`
const ROUTE = { gateway: { host: HOST, port: 443 }, user: USER, instance: INSTANCE }

it('reads the same way out of both strings', () => {
  expect(readConnectionString(SERIAL)).toEqual(ROUTE)
  expect(readVncConnectionString(VNC)).toEqual(ROUTE)
  expect(readVncConnectionString(VNC.replace('localhost', '127.0.0.1'))).toEqual(ROUTE)
})

it('does not take one for the other, or two instances in one string', () => {
  expect(readConnectionString(VNC)).toBeUndefined()
  expect(readVncConnectionString(SERIAL)).toBeUndefined()
  expect(readVncConnectionString(`${VNC}x`)).toBeUndefined()
})

it('has nothing to do with ports that do not exist', () => {
  for (const port of ['0', '65536', '99999', '0443', '-1', ''])
    expect(readConnectionString(SERIAL.replace('-p 443', `-p ${port}`)), port).toBeUndefined()
})

it('reads nothing that a shell or ssh would read differently, wherever it is put', () => {
  const hostile = fc.constantFrom(
    "'",
    '"',
    '`',
    '$(id)',
    ';',
    '|',
    '&',
    '\n',
    '\0',
    '\\',
    '%',
    '~',
    '*',
    '(',
    '<',
    '#',
    ' ',
  )
  for (const [read, right] of [
    [readConnectionString, SERIAL],
    [readVncConnectionString, VNC],
  ] as const)
    fc.assert(
      fc.property(fc.nat(right.length), hostile, (at, text) => {
        expect(read(right.slice(0, at) + text + right.slice(at))).toBeUndefined()
      }),
    )
  expect(readConnectionString(SERIAL.replace(HOST, '-oProxyCommand=reboot'))).toBeUndefined()
  expect(readConnectionString(SERIAL.replace(HOST, '-v'))).toBeUndefined()
})

it('tells ways apart by each of their parts', () => {
  const others = [
    { ...ROUTE, gateway: { host: HOST, port: 444 } },
    { ...ROUTE, gateway: { host: `${HOST}x`, port: 443 } },
    { ...ROUTE, user: INSTANCE },
    { ...ROUTE, instance: USER },
  ]

  expect(isSameRoute(ROUTE, { ...ROUTE, gateway: { ...ROUTE.gateway } })).toBe(true)
  for (const other of others) expect(isSameRoute(ROUTE, other)).toBe(false)
})
