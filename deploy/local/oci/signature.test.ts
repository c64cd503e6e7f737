/** Requests signed by hand, well and badly. */
import { createHash, createSign } from 'node:crypto'
import { expect, it } from 'vitest'
import { newApiUser } from './oci-fixture.ts'
import { authenticate, type SignedRequest } from './signature.ts'

const user = newApiUser()
const now = new Date('2026-03-04T05:06:07Z')
const text = '{"instanceId":"x"}'
const signedHeaders = ['x-date', '(request-target)', 'host', 'content-type', 'content-length', 'x-content-sha256']

function post(overrides: Record<string, string> = {}): SignedRequest {
  const headers = {
    'x-date': now.toUTCString(),
    host: '127.0.0.1:1234',
    'content-type': 'application/json',
    'content-length': `${text.length}`,
    'x-content-sha256': createHash('sha256').update(text).digest('base64'),
    ...overrides,
  }
  return { method: 'POST', target: '/20160918/instances?action=RESET', headers, body: Buffer.from(text) }
}

function sign(request: SignedRequest, signed: readonly string[] = signedHeaders): SignedRequest {
  const values: Record<string, unknown> = { ...request.headers, '(request-target)': `post ${request.target}` }
  const toSign = signed.map((name) => `${name}: ${values[name]}`).join('\n')
  const signature = createSign('sha256').update(toSign).sign(user.privateKeyPem, 'base64')
  const keyId = `${user.tenancyId}/${user.userId}/${user.fingerprint}`
  const authorization = `Signature version="1",keyId="${keyId}",algorithm="rsa-sha256",headers="${signed.join(' ')}",signature="${signature}"`
  return { ...request, headers: { ...request.headers, authorization } }
}

function refusal(request: SignedRequest, at = now): string {
  try {
    authenticate(request, [user], at)
    return 'accepted'
  } catch (error) {
    return String(error)
  }
}

it('knows whose signature it is', () => {
  expect(authenticate(sign(post()), [{ ...newApiUser(), userId: 'ocid1.user.oc1..other' }, user], now)).toBe(user)
})

it('notices a changed target, header or body', () => {
  const request = sign(post())

  expect(refusal({ ...request, target: '/20160918/instances?action=STOP' })).toContain('Failed to verify')
  expect(refusal({ ...request, headers: { ...request.headers, host: 'elsewhere' } })).toContain('Failed to verify')
  expect(refusal({ ...request, body: Buffer.from('{"instanceId":"y"}') })).toContain('Failed to verify')
})

it('wants the body and the target signed', () => {
  for (const left of signedHeaders) {
    const without = signedHeaders.filter((header) => header !== left)
    expect(refusal(sign(post(), without)), left).toContain('was not provided or was incorrect')
  }
})

it('allows clocks to differ by five minutes', () => {
  const late = (ms: number) => new Date(now.getTime() + ms)

  expect(refusal(sign(post()), late(299_000))).toBe('accepted')
  expect(refusal(sign(post()), late(-299_000))).toBe('accepted')
  expect(refusal(sign(post()), late(301_000))).toContain('allowed clock skew')
  expect(refusal(sign(post({ 'x-date': 'yesterday' })))).toContain('allowed clock skew')
})

it('refuses other schemes', () => {
  expect(refusal({ ...post(), headers: { authorization: 'Bearer abc' } })).toContain('was not provided')
})
