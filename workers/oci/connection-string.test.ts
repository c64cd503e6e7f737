import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { believedRoute, gatewayOf, isWayToScreen } from './connection-string.ts'

const CONNECTION = 'ocid1.instanceconsoleconnection.oc1.ap-tokyo-1.anxhiljrabc'
const INSTANCE = 'ocid1.instance.oc1.ap-tokyo-1.anxhiljrdef'
const HOST = 'instance-console.ap-tokyo-1.oci.oraclecloud.com'
const EXPECTED = { connectionId: CONNECTION, instanceId: INSTANCE, loopback: false }

function command(host: string, port: number | string = 443, user = CONNECTION, instance = INSTANCE): string {
  return `ssh -o ProxyCommand='ssh -W %h:%p -p ${port} ${user}@${host}' ${instance}`
}

/** What is not the form we know must be refused, never read in some other way. */
function isRefused(text: string, expected = EXPECTED): boolean {
  try {
    believedRoute(text, expected)
  } catch (error) {
    expect(error).toMatchObject({ code: 'connection-string-unknown' })
    return true
  }
  return false
}

it('reads what OCI returns', () => {
  expect(believedRoute(command(HOST), EXPECTED)).toEqual({
    gateway: { host: HOST, port: 443 },
    user: CONNECTION,
    instance: INSTANCE,
  })
})

it('knows the domains of all realms, and the older names without "oci"', () => {
  for (const host of [
    'instance-console.us-phoenix-1.oraclecloud.com',
    'instance-console.us-langley-1.oci.oraclegovcloud.com',
    'instance-console.uk-gov-london-1.oci.oraclegovcloud.uk',
    'instance-console.eu-madrid-2.oci.oraclecloud.eu',
    'instance-console.me-dcc-muscat-1.oci.oraclecloud9.com',
  ])
    expect(believedRoute(command(host), EXPECTED).gateway.host).toBe(host)
})

it('knows where the gateway of a region is, and believes that one', () => {
  expect(gatewayOf('ap-tokyo-1')).toEqual({ host: HOST, port: 443 })
  expect(gatewayOf('us-langley-1').host).toBe('instance-console.us-langley-1.oci.oraclegovcloud.com')
  expect(gatewayOf('xx-nowhere-1').host).toBe('instance-console.xx-nowhere-1.oci.oraclecloud.com')
  for (const region of ['ap-tokyo-1', 'us-langley-1', 'xx-nowhere-1'])
    expect(believedRoute(command(gatewayOf(region).host), EXPECTED).gateway).toEqual(gatewayOf(region))
})

it('takes loopback only when the API is there, too', () => {
  expect(believedRoute(command('127.0.0.1', 40022), { ...EXPECTED, loopback: true }).gateway).toEqual({
    host: '127.0.0.1',
    port: 40022,
  })
  expect(isRefused(command('127.0.0.1', 40022))).toBe(true)
  expect(isRefused(command('127.0.0.1', 0), { ...EXPECTED, loopback: true })).toBe(true)
})

describe('the string for VNC', () => {
  const route = believedRoute(command(HOST), EXPECTED)
  const vnc = (gateway: string, local = 'localhost', instance = INSTANCE) =>
    command(gateway).replace(` ${INSTANCE}`, ` -N -L ${local}:5900:${instance}:5900 ${instance}`)

  it('leads the same way, whichever way it writes this computer', () => {
    expect(isWayToScreen(vnc(HOST), route)).toBe(true)
    expect(isWayToScreen(vnc(HOST, '127.0.0.1'), route)).toBe(true)
  })

  it('is not believed when it leads anywhere else, or listens for others', () => {
    const others = [
      command(HOST),
      vnc(HOST.replace('tokyo', 'osaka')),
      vnc(HOST, '0.0.0.0'),
      vnc(HOST, '*'),
      vnc(HOST, 'localhost', `${INSTANCE}x`),
      vnc(HOST).replace(`${INSTANCE}:5900`, `${INSTANCE}x:5900`),
      `${vnc(HOST)} reboot`,
      '',
    ]
    for (const text of others) expect(isWayToScreen(text, route), text).toBe(false)
  })
})

describe('refuses', () => {
  const hostile = {
    'a host that only looks like one': 'instance-console.ap-tokyo-1.oci.oraclecloud.com.evil.example',
    'a host in a domain that only ends alike': 'instance-console.ap-tokyo-1.notoraclecloud.com',
    'another host of the domain': 'objectstorage.ap-tokyo-1.oraclecloud.com',
    'a host with a dot at its end': `${HOST}.`,
    'an address': '10.0.0.1',
    'an option in place of the host': '-oProxyCommand=reboot',
    'another user in front of the host': `root@${HOST}`,
    'capital letters that another parser could read differently': HOST.toUpperCase(),
  }
  for (const [what, host] of Object.entries(hostile)) {
    it(what, () => {
      expect(isRefused(command(host))).toBe(true)
      expect(isRefused(command(host), { ...EXPECTED, loopback: true })).toBe(true)
    })
  }

  it('another port than the gateway has', () => {
    for (const port of [22, 0, 65_536, '0443', '443 -v']) expect(isRefused(command(HOST, port)), `${port}`).toBe(true)
  })

  it('other OCIDs than those that were asked about', () => {
    expect(isRefused(command(HOST, 443, `${CONNECTION}x`))).toBe(true)
    expect(isRefused(command(HOST, 443, CONNECTION, `${INSTANCE}x`))).toBe(true)
  })

  it('the forms of other products', () => {
    expect(isRefused(`ssh -i key -t -p 443 opc@proxy.example tty@${INSTANCE}`)).toBe(true)
    expect(isRefused(`ssh -o ProxyCommand='ssh -W %h:%p -p 19022 ${CONNECTION}@10.0.0.1 ${INSTANCE}`)).toBe(true)
  })

  it('anything else, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => isRefused(text)))
  })

  it('the right string with anything put in or taken away at any place', () => {
    const right = command(HOST)
    const place = fc.nat(right.length)
    const hostileText = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("'; reboot; '", '\n', '$(id)', '`id`', ' -v', '\0', '%'),
    )
    fc.assert(
      fc.property(place, hostileText, (at, text) => {
        const read = () => believedRoute(right.slice(0, at) + text + right.slice(at), EXPECTED)
        return isSameOrRefused(read)
      }),
    )
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 20 }), (at, length) => {
        const read = () => believedRoute(right.slice(0, at) + right.slice(at + length), EXPECTED)
        return at === right.length || isSameOrRefused(read)
      }),
    )
  })
})

/** Changing the name of the region is the one change that nobody can notice. */
function isSameOrRefused(read: () => ReturnType<typeof believedRoute>): boolean {
  try {
    const { gateway, user, instance } = read()
    expect(gateway.host).toMatch(/^instance-console\.[a-z0-9-]+\.(oci\.)?oraclecloud\d*\.com$/)
    expect({ port: gateway.port, user, instance }).toEqual({ port: 443, user: CONNECTION, instance: INSTANCE })
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'connection-string-unknown' })
    return true
  }
}
