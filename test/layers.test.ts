/** Imports point one way: the table of the design, and the one promise that matters most: the bot cannot touch a machine. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Import, importsOf } from './helpers/imports.ts'

const ROOT = join(import.meta.dirname, '..')

/** What each folder may import besides itself. The first match decides. */
const MAY_IMPORT: ReadonlyArray<readonly [folder: string, may: readonly string[]]> = [
  ['core/base', []],
  ['core/console', ['core/base']],
  ['core/machine', ['core/base', 'core/console']],
  ['core/diagnosis', ['core/base', 'core/console']],
  ['core/grub', ['core/base', 'core/console', 'core/machine']],
  ['core/shell', ['core/base', 'core/console', 'core/machine']],
  ['core/playbooks', ['core/base', 'core/record', 'core/shell']],
  ['core/approvals', ['core/base', 'core/record']],
  ['core/record', ['core/base']],
  [
    'core/rescue',
    [
      ...['core/base', 'core/console', 'core/machine', 'core/grub', 'core/shell'],
      ...['core/playbooks', 'core/approvals', 'core/record', 'core/diagnosis'],
    ],
  ],
  ['core/config', []],
  ['core/i18n', []],
  ['core/store', ['core/base', 'core/record']],
  ['bot', ['core/base', 'core/record', 'core/approvals', 'core/config', 'core/i18n', 'core/store']],
  ['workers', ['core']],
  ['deploy/local', []],
  ['deploy/slack', []],
  ['deploy/doctor.ts', []],
  ['test', ['core', 'bot', 'workers', 'deploy']],
]

/** What would let the bot touch a machine, by whatever way it was reached. */
const OUT_OF_THE_BOTS_REACH = [
  ...['core/console', 'core/machine', 'core/grub', 'core/shell', 'core/playbooks', 'core/rescue', 'workers'],
  ...['ssh2', 'node-pty', 'oci-core', 'oci-common', '@xterm/headless', 'node:child_process'],
]

/** Packages that belong to one room. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  ssh2: ['workers/serial', 'deploy/local', 'test'],
  'oci-core': ['workers/oci', 'deploy/local', 'test'],
  'oci-common': ['workers/oci', 'deploy/local', 'test'],
  '@slack/bolt': ['bot', 'deploy/local', 'test'],
  '@slack/web-api': ['bot', 'deploy/local', 'test'],
  ioredis: ['core/store', 'bot/main.ts', 'workers/main.ts', 'deploy/local', 'test'],
  bullmq: ['core/store', 'workers', 'test'],
  'node:net': ['workers', 'deploy/local', 'test'],
  'node:child_process': ['workers/serial', 'deploy/local', 'deploy/doctor.ts', 'test'],
}

const FILES = globSync('{bot,core,workers,deploy,test}/**/*.ts', { cwd: ROOT })

describe('imports point one way', () => {
  it('reads a house that is not empty', () => {
    expect(FILES.length).toBeGreaterThan(100)
    expect(FILES.every((file) => folderOf(file) !== undefined)).toBe(true)
  })

  it('follows the table', () => {
    const wrong = FILES.flatMap((file) =>
      localImports(file)
        .filter(({ target }) => !mayImport(file, target))
        .map(({ target }) => `${file} -> ${target}`),
    )

    expect(wrong).toEqual([])
  })

  it('keeps packages in their rooms', () => {
    const wrong = FILES.flatMap((file) =>
      importsOf(read(file))
        .filter(({ specifier }) => !isAllowedPackage(file, specifier))
        .map(({ specifier }) => `${file} -> ${specifier}`),
    )

    expect(wrong).toEqual([])
  })

  it('leaves every machine out of the reach of the bot', () => {
    const reached = runtimeReach(FILES.filter((file) => inside(file, 'bot') && !isTest(file)))

    expect(reached.has('core/store/event-log.ts')).toBe(true)
    expect([...reached].filter((name) => OUT_OF_THE_BOTS_REACH.some((far) => inside(name, far)))).toEqual([])
  })
})

describe('the reader of imports', () => {
  it.each([
    ["import { a } from './x.ts'", './x.ts', true],
    ["import a, { b } from './x.ts'", './x.ts', true],
    ["import * as a from './x.ts'", './x.ts', true],
    ["import './x.ts'", './x.ts', true],
    ["import type { A } from './x.ts'", './x.ts', false],
    ["import { type A } from './x.ts'", './x.ts', true],
    ["import {\n  a,\n  b,\n} from './x.ts'", './x.ts', true],
    ["export { a } from './x.ts'", './x.ts', true],
    ["export * from './x.ts'", './x.ts', true],
    ["export type { A } from './x.ts'", './x.ts', false],
    ["const a = await import('./x.ts')", './x.ts', true],
    ['const a = require("x")', 'x', true],
    ["  import a from 'x'", 'x', true],
  ])('sees %j', (text, specifier, runtime) => {
    expect(importsOf(`const before = 1\n${text}\n`)).toEqual([{ specifier, runtime }])
  })

  it('passes over comments', () => {
    expect(importsOf("/**\n * import { a } from './x.ts'\n */\n// import './y.ts'\n")).toEqual([])
  })
})

function mayImport(file: string, target: string): boolean {
  const [folder = '', may = []] = folderOf(file) ?? []
  const allowed = isTest(file) ? [...may, 'test', 'deploy/local'] : may
  return inside(target, folder) || allowed.some((name) => inside(target, name))
}

function isAllowedPackage(file: string, specifier: string): boolean {
  const rooms = ONLY_IN[specifier]
  return rooms === undefined || isTest(file) || rooms.some((room) => inside(file, room))
}

/** All files and packages that Node would load for `files`. */
function runtimeReach(files: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>()
  const visit = (name: string) => {
    if (reached.has(name)) return
    reached.add(name)
    if (!name.endsWith('.ts')) return
    for (const { specifier, runtime } of importsOf(read(name))) {
      if (runtime) visit(resolve(name, specifier))
    }
  }
  for (const file of files) visit(file)
  return reached
}

function localImports(file: string): ReadonlyArray<Import & { readonly target: string }> {
  return importsOf(read(file))
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map((found) => ({ ...found, target: resolve(file, found.specifier) }))
}

function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier
}

function folderOf(file: string): (typeof MAY_IMPORT)[number] | undefined {
  return MAY_IMPORT.find(([folder]) => inside(file, folder))
}

function inside(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`)
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts')
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}
