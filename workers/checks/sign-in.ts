/** Whether the worker can sign in to OCI, and whether its clock lets it. */
import { type Check, type Seen, whyOf } from '../../core/base/checks.ts'
import { skewByDate, skewSeen } from '../../core/base/clock-skew.ts'
import { describeError, toRescueError } from '../../core/base/errors.ts'
import { isGone } from '../oci/errors.ts'
import { Oci } from '../oci/oci.ts'
import { type OciAccess, type SignInSettings, signIn } from '../oci/sign-in.ts'

/** OCI's own limit (docs.oracle.com/iaas/Content/API/Concepts/signingrequests.htm). */
const REFUSED_FROM_MS = 300_000

/** Somebody waits: once more after a hiccup, and no longer. */
const MOST_ATTEMPTS = 2

/** There is none of that id: what counts is whether OCI says so, or does not know us. */
const NOBODY = 'ocid1.instance.oc1..oci-rescue-doctor'

const MENDS: Readonly<Record<SignInSettings['auth'], readonly string[]>> = {
  config: [
    'OCI_CONFIG_FILE (default ~/.oci/config) must have, under OCI_CONFIG_PROFILE: user, fingerprint, tenancy, region, key_file',
    'fingerprint: openssl rsa -in KEY_FILE -pubout -outform DER | openssl md5 -c',
    'the same fingerprint must stand in the OCI console, the user, API keys; add it there: openssl rsa -in KEY_FILE -pubout',
  ],
  'instance-principal': [
    'this must run on an OCI instance that asks itself: curl -H "Authorization: Bearer Oracle" http://169.254.169.254/opc/v2/instance/id',
    "and a dynamic group must match it: All {instance.id = 'INSTANCE-OCID'}",
  ],
  'resource-principal': [
    'OCI sets OCI_RESOURCE_PRINCIPAL_VERSION, _RPST, _PRIVATE_PEM, _REGION where it runs us: pass them on',
  ],
  'workload-identity': ['this must run in an enhanced OKE cluster, with a service account’s token; set OCI_REGION'],
}

/** What can be looked at, once it is known where OCI is, and once OCI knows us. */
export interface AfterSignIn {
  readonly located: (oci: Oci, access: OciAccess) => readonly Check[]
  readonly known: (oci: Oci) => readonly Check[]
}

export function signInCheck(settings: SignInSettings, now: () => number, { located, known }: AfterSignIn): Check {
  const mend = MENDS[settings.auth]
  const look = async (): Promise<Seen> => {
    const access = await signIn(settings).catch(asComplaint)
    if (typeof access === 'string') return { verdict: 'bad', said: access, mend }
    const oci = new Oci(access, async () => {}, MOST_ATTEMPTS)
    const place = 'endpoint' in access.place ? access.place.endpoint : access.place.regionId
    return {
      verdict: 'ok',
      said: `are there (${settings.auth}), for ${place}`,
      next: [
        { what: 'clock beside OCI', look: (signal) => clock(oci, now, signal) },
        { what: 'OCI sign-in', look: (signal) => signedIn(oci, mend, () => known(oci), signal) },
        ...located(oci, access),
      ],
    }
  }
  return { what: 'OCI credentials', look, mend }
}

/** Some of the SDK's complaints quote a line of the file, which can be a piece of a key. */
function asComplaint(thrown: unknown): string {
  const why = describeError(thrown)
  const [, plain] =
    /^(.*(?:Found line with no (?:key-value pair|key)|without specifying a profile|empty profile name))\b/s.exec(why) ??
    []
  return (plain ?? why).replaceAll(/\s+/g, ' ').trim()
}

/** Unsigned, so that OCI's no to a wrong clock does not hide by how much it is wrong. */
async function clock(oci: Oci, now: () => number, signal: AbortSignal): Promise<Seen> {
  // The SDK's client knows the address; nothing is called here.
  const endpoint = await oci.compute('endpoint', async (client) => client.endpoint, signal)
  const from = now()
  try {
    const { headers } = await fetch(endpoint, { signal, redirect: 'manual' })
    return skewSeen('OCI', skewByDate(headers.get('date'), { from, to: now() }), REFUSED_FROM_MS)
  } catch (thrown) {
    signal.throwIfAborted()
    const mend = [
      `this computer must reach ${new URL(endpoint).host}: curl -sS -o /dev/null -w '%{http_code}\\n' ${endpoint}`,
    ]
    return { verdict: 'bad', said: `could not be compared: ${whyOf(thrown)}`, mend }
  }
}

async function signedIn(
  oci: Oci,
  mend: readonly string[],
  next: () => readonly Check[],
  signal: AbortSignal,
): Promise<Seen> {
  try {
    await oci.compute('GetInstance', (client) => client.getInstance({ instanceId: NOBODY }), signal)
  } catch (thrown) {
    const { code, message: said } = toRescueError(thrown)
    if (code === 'oci-not-authenticated')
      return { verdict: 'bad', said, mend: /clock skew/i.test(said) ? ['set the clock, as it says above'] : mend }
    // It may also dislike the id: whom it does not know, it tells nothing of the kind.
    if (!isGone(thrown) && code !== 'oci-refused') throw thrown
  }
  return { verdict: 'ok', said: 'is accepted', next: next() }
}
