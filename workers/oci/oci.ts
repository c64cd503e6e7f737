/**
 * The calls into OCI: the SDK's clients for paths, parameters and types, our own
 * HTTP below them. A client costs nothing to make, so each call gets one that
 * carries its own signal and asks its rescue's fence.
 */
import { composeRequest, EndpointBuilder, NoRetryConfigurationDetails } from 'oci-common'
import { ComputeClient, VirtualNetworkClient } from 'oci-core'
import { MOST_ATTEMPTS, type Operation, PatientHttp } from './patient-http.ts'
import type { OciAccess } from './sign-in.ts'

/** The SDK tries some operations (GetImage) eight times by default, also after a plain no: it does not know our errors. */
const WE_TRY_AGAIN_OURSELVES = { retryConfiguration: NoRetryConfigurationDetails }

type Query = Readonly<Record<string, number>>

/** Of the Identity service: one call is not worth its module (docs/decisions/002). */
const IDENTITY = 'https://identity.{region}.oci.{secondLevelDomain}'
const VERSION = '/20160918'

interface Answer {
  readonly bytes: Uint8Array
  readonly headers: Headers
}

export class Oci {
  readonly #access: OciAccess
  readonly #mayAct: Operation['mayAct']
  readonly #mostAttempts: number

  /** `mayAct` is asked before each attempt of each call. */
  constructor(access: OciAccess, mayAct: Operation['mayAct'], mostAttempts = MOST_ATTEMPTS) {
    this.#access = access
    this.#mayAct = mayAct
    this.#mostAttempts = mostAttempts
  }

  /** True: the API is on this machine, so its console gateway may be, too. */
  get isLoopback(): boolean {
    const { place } = this.#access
    return 'endpoint' in place && isLoopback(new URL(place.endpoint).hostname)
  }

  /** @throws RescueError `oci-…` */
  compute<T>(name: string, call: (client: ComputeClient) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#carryOut(name, (http) => call(this.#placed(computeClient(http))), signal)
  }

  /** @throws RescueError `oci-…` */
  network<T>(name: string, call: (client: VirtualNetworkClient) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#carryOut(name, (http) => call(this.#placed(networkClient(http))), signal)
  }

  /**
   * An answer as it is: the SDK takes every one of them for JSON.
   * @throws RescueError `oci-…`
   */
  computeBytes(name: string, path: string, queryParams: Query, signal: AbortSignal): Promise<Answer> {
    const endpoint = (http: PatientHttp) => this.#placed(computeClient(http)).endpoint
    return this.#get(name, endpoint, path, queryParams, signal)
  }

  /**
   * An answer of the Identity service, as JSON.
   * @throws RescueError `oci-…`
   */
  async identity(name: string, path: string, signal: AbortSignal): Promise<unknown> {
    const { place } = this.#access
    const host =
      'endpoint' in place ? place.endpoint : EndpointBuilder.createEndpointFromRegionId(IDENTITY, place.regionId)
    const { bytes } = await this.#get(name, () => `${host}${VERSION}`, path, {}, signal)
    return JSON.parse(new TextDecoder().decode(bytes))
  }

  #get(
    name: string,
    endpoint: (http: PatientHttp) => string,
    path: string,
    queryParams: Query,
    signal: AbortSignal,
  ): Promise<Answer> {
    const get = async (http: PatientHttp) => {
      const place = { baseEndpoint: endpoint(http), path, pathParams: {}, queryParams }
      const request = await composeRequest({ ...place, method: 'GET', defaultHeaders: {}, headerParams: {} })
      const response = await http.send(request)
      return { bytes: new Uint8Array(await response.arrayBuffer()), headers: response.headers }
    }
    return this.#carryOut(name, get, signal)
  }

  async #carryOut<T>(name: string, call: (http: PatientHttp) => Promise<T>, signal: AbortSignal): Promise<T> {
    const operation = { name, mayAct: this.#mayAct, signal, mostAttempts: this.#mostAttempts }
    const http = new PatientHttp(this.#access.signer, operation)
    try {
      return await call(http)
    } catch (thrown) {
      throw http.failure ?? thrown
    }
  }

  #placed<C extends ComputeClient | VirtualNetworkClient>(client: C): C {
    const { place } = this.#access
    if ('endpoint' in place) client.endpoint = place.endpoint
    else client.regionId = place.regionId
    return client
  }
}

function computeClient(httpClient: PatientHttp): ComputeClient {
  return new ComputeClient({ httpClient }, WE_TRY_AGAIN_OURSELVES)
}

function networkClient(httpClient: PatientHttp): VirtualNetworkClient {
  return new VirtualNetworkClient({ httpClient }, WE_TRY_AGAIN_OURSELVES)
}

/** Addresses that cannot leave the machine (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3; RFC 6761, section 6.3). */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}
