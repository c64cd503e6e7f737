/**
 * systemd's status lines, from all its versions to one form. From 249 on they have the unit before its description, and
 * where a line is too long, dots in the middle: `Failed to start ssh.serv…- OpenBSD Secure Shell server.`
 */

/** What a line says of a unit. */
const VERB =
  /(?:Start(?:ed|ing)|Stopp(?:ed|ing)|Finished|Mount(?:ed|ing)|Unmount(?:ed|ing)|Reached target|Listening on|Created slice|Found device|Set up automount|Failed to (?:start|mount|listen on|set up)|Dependency failed for|Timed out (?:waiting for device|starting|mounting)|Activat(?:ed|ing)|A start job is running for) /
const UNIT =
  /^(?:\S*…\S*|\S*\.{3}\S*|\S+\.(?:service|target|mount|automount|device|socket|path|timer|swap|slice|scope)) *- *(?=\S)/

/** The line without the name of the unit, where its description stands behind it. */
export function withoutUnitName(said: string): string {
  const verb = said.includes('- ') ? VERB.exec(said) : null
  if (verb === null) return said
  const at = verb.index + verb[0].length
  return said.slice(0, at) + said.slice(at).replace(UNIT, '')
}
