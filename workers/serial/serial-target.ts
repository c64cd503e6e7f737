/** What has to be known to open a console connection, whichever SSH client does it, and whether for its serial line or its screen. */

export interface SerialTarget {
  readonly gateway: { readonly host: string; readonly port: number }
  /** The console connection's OCID. */
  readonly user: string
  /** The instance's OCID. */
  readonly instance: string
  /** PKCS#1 PEM. */
  readonly privateKey: string
  /** OCI's `serviceHostKeyFingerprint` of this console connection. */
  readonly hostKeyFingerprint: string
}

/** The port that the gateway leads to. */
export const CONSOLE_PORT = 22
/** VNC's, which the console's server leads to. */
export const SCREEN_PORT = 5900
