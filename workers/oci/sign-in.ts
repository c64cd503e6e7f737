/** Who we are for OCI, and where its API is: from the settings, once, when the worker starts. */
import {
  type AuthenticationDetailsProvider,
  ConfigFileAuthenticationDetailsProvider,
  DefaultRequestSigner,
  InstancePrincipalsAuthenticationDetailsProviderBuilder,
  isRegionProvider,
  OkeWorkloadIdentityAuthenticationDetailsProvider as OkeProvider,
  type RequestSigner,
  ResourcePrincipalAuthenticationDetailsProvider,
} from 'oci-common'
import { assertNever, describeError, RescueError } from '../../core/base/errors.ts'

export interface SignInSettings {
  readonly auth: 'config' | 'instance-principal' | 'resource-principal' | 'workload-identity'
  /** For `config`; undefined: `~/.oci/config`. */
  readonly configFile: string | undefined
  readonly profile: string
  /** Undefined: the region that the credentials name. */
  readonly region: string | undefined
  /** Instead of the region's public endpoint. */
  readonly endpoint: string | undefined
}

/** What every call needs. */
export interface OciAccess {
  readonly signer: RequestSigner
  readonly place: { readonly endpoint: string } | { readonly regionId: string }
}

/** @throws RescueError `oci-credentials-unusable`, `oci-region-unknown` */
export async function signIn(settings: SignInSettings): Promise<OciAccess> {
  try {
    const provider = await providerFor(settings)
    return { signer: new DefaultRequestSigner(provider), place: placeFor(settings, provider) }
  } catch (thrown) {
    if (thrown instanceof RescueError) throw thrown
    const why = describeError(thrown)
    throw new RescueError(
      'operator',
      'oci-credentials-unusable',
      `cannot sign in to OCI with ${settings.auth}: ${why}`,
      {
        cause: thrown,
        details: { auth: settings.auth, why },
      },
    )
  }
}

async function providerFor({ auth, configFile, profile }: SignInSettings): Promise<AuthenticationDetailsProvider> {
  switch (auth) {
    case 'config':
      return new ConfigFileAuthenticationDetailsProvider(configFile, profile)
    case 'instance-principal':
      return await new InstancePrincipalsAuthenticationDetailsProviderBuilder().build()
    case 'resource-principal':
      return ResourcePrincipalAuthenticationDetailsProvider.builder()
    case 'workload-identity':
      return new OkeProvider.OkeWorkloadIdentityAuthenticationDetailsProviderBuilder().build()
    default:
      return assertNever(auth)
  }
}

function placeFor({ endpoint, region }: SignInSettings, provider: AuthenticationDetailsProvider): OciAccess['place'] {
  if (endpoint !== undefined) return { endpoint: endpoint.replace(/\/+$/, '') }
  const regionId = region ?? (isRegionProvider(provider) ? provider.getRegion()?.regionId : undefined)
  if (regionId !== undefined) return { regionId }
  throw new RescueError('operator', 'oci-region-unknown', 'the credentials name no region: set OCI_REGION')
}
