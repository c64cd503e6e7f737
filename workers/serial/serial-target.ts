/** What has to be known to open the serial line of a console connection, whichever SSH client does it. */

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

/** The only port that the gateway forwards to, besides VNC's. */
export const CONSOLE_PORT = 22
