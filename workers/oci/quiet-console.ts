/** OCI's SDK warns on the console about each call that fails; we report those ourselves, with their reasons. */

/** From now on, what libraries say on the console goes to `hear`. */
export function quietConsole(hear: (said: readonly string[]) => void): void {
  for (const level of ['log', 'info', 'warn', 'error'] as const)
    console[level] = (...said: unknown[]) => hear(said.map(String))
}
