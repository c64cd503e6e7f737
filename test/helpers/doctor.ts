/** `npm run doctor` as somebody types it: plain Node, nothing but the environment. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '..', '..')

const Finding = z.object({
  side: z.string(),
  what: z.string(),
  verdict: z.enum(['ok', 'note', 'warn', 'bad']),
  said: z.string(),
  mend: z.array(z.string()),
})
export type Finding = z.infer<typeof Finding>

export type Environment = Readonly<Record<string, string>>

interface DoctorRun {
  readonly args?: readonly string[]
  /** Its clock is so far ahead. */
  readonly aheadMs?: number
}

/** Starts one of the doctor's three files. */
export async function runDoctor(file: string, environment: Environment, { args = [], aheadMs = 0 }: DoctorRun = {}) {
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; out: string; err: string }>()
  const clock = aheadMs === 0 ? [] : ['--import', clockAhead(aheadMs)]
  const env = { PATH: process.env.PATH ?? '', ...environment }
  const child = execFile(process.execPath, [...clock, file, ...args], { cwd: ROOT, env }, (_, out, err) =>
    resolve({ code: child.exitCode, out, err }),
  )
  return await promise
}

/** With `--json`. Throws with what it said when that is not JSON. */
export async function examineWith(file: string, environment: Environment, run: DoctorRun = {}) {
  const { code, out, err } = await runDoctor(file, environment, { ...run, args: [...(run.args ?? []), '--json'] })
  if (err !== '') throw new Error(`the doctor said beside its findings: ${err}`)
  const findings = out
    .trim()
    .split('\n')
    .map((line) => Finding.parse(JSON.parse(line)))
  return { code, findings, out }
}

/** Those that are not `ok`: what was looked at, and how it is. */
export function troubles(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ verdict }) => verdict !== 'ok').map(({ what, verdict }) => `${verdict}: ${what}`)
}

export function findingOf(findings: readonly Finding[], what: string): Finding {
  const found = findings.find((finding) => finding.what === what)
  if (found === undefined) throw new Error(`nothing was said of ${what}, only of ${findings.map((one) => one.what)}`)
  return found
}

/** A module that sets the clock of the process that imports it. */
function clockAhead(milliseconds: number): string {
  const code = `const Real = Date
    globalThis.Date = class extends Real {
      constructor(...parts) { if (parts.length === 0) super(Real.now() + ${milliseconds}); else super(...parts) }
      static now() { return Real.now() + ${milliseconds} }
    }`
  return `data:text/javascript,${encodeURIComponent(code)}`
}
