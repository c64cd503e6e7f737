/**
 * A serial line: bytes in, bytes out, nothing about who is at the other end.
 * `test/contracts/channel.ts` is the suite that every implementation passes.
 */
export interface Channel extends AsyncDisposable {
  /**
   * The next bytes, as soon as there are any; undefined once the line has dropped.
   * When `signal` ends the wait, nothing is lost: the next read begins where this one did.
   */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>
  /** Resolves when the bytes were handed to the line. Throws `line-dropped` when there is no line any more. */
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}
