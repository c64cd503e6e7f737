/** What visudo(8) says when it checks: each complaint with its file, and the line where it has one. Text in, values out. */

export interface SudoComplaint {
  readonly path: string
  /** Counted from 1; null where the file as a whole is meant: its owner, its mode. */
  readonly line: number | null
  /** In visudo's words. */
  readonly problem: string
}

/** `/etc/sudoers:27:11: syntax error` of sudo 1.9, `>>> /etc/sudoers: syntax error near line 27 <<<` of 1.8. */
const IN_A_LINE = [
  /^(?:visudo: )?(?<path>\/[^:]+):(?<line>\d+)(?::\d+)?: (?<problem>.+)$/,
  /^>>> (?<path>\/[^:]+): (?<problem>.+) near line (?<line>\d+) <<<$/,
  /^(?:visudo: )?(?<problem>parse error|syntax error) in (?<path>\/\S+) near line (?<line>\d+)$/,
]

/** `/etc/sudoers.d/x: bad permissions, should be mode 0440`, `wrong owner (uid, gid) should be (0, 0)`. */
const OF_A_FILE = /^(?:visudo: )?(?<path>\/[^:]+): (?<problem>bad permissions|wrong owner|.*owned by).*$/

/** What it only warns of stops nobody: sudo works all the same. */
const WARNING = /^(?:[Ww]arning\b|unused |.*referenced but not defined)/

/** The first of a line counts: what follows it is often its consequence. */
export function readSudoComplaints(output: string): readonly SudoComplaint[] {
  const found = output.split(/\r?\n/).flatMap(readComplaint)
  const isFirst = (one: SudoComplaint, index: number) =>
    found.findIndex(({ path, line }) => path === one.path && line === one.line) === index
  return found.filter(isFirst)
}

function readComplaint(said: string): readonly SudoComplaint[] {
  for (const pattern of IN_A_LINE) {
    const { path, line, problem } = pattern.exec(said.trim())?.groups ?? {}
    if (path === undefined || problem === undefined) continue
    return WARNING.test(problem) ? [] : [{ path, line: Number(line), problem }]
  }
  const { path, problem } = OF_A_FILE.exec(said.trim())?.groups ?? {}
  return path === undefined || problem === undefined ? [] : [{ path, line: null, problem }]
}
