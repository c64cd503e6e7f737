/** Reads the imports of a TypeScript source text: what it names, and whether Node would load it. */

export interface Import {
  /** As written: `./x.ts`, `ssh2`, `node:fs`. */
  readonly specifier: string
  /** False for `import type` and `export type`, which are gone before Node sees the file. */
  readonly runtime: boolean
}

const STATIC =
  /^[ \t]*(?:import|export)\s+(?<type>type\s+(?!from\b))?(?:[\w*{][^'";]*?\s*from\s*)?(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm
const DYNAMIC = /\b(?:import|require|createRequire\([^)]*\))\s*\(\s*(?<quote>['"`])(?<specifier>[^'"`\n]+)\k<quote>/g

export function importsOf(source: string): readonly Import[] {
  const text = withoutBlockComments(source)
  return [...text.matchAll(STATIC), ...text.matchAll(DYNAMIC)].map(({ groups }) => ({
    specifier: groups?.specifier ?? '',
    runtime: groups?.type === undefined,
  }))
}

function withoutBlockComments(source: string): string {
  return source.replaceAll(/^[ \t]*\/\*[\s\S]*?\*\//gm, '').replaceAll(/^[ \t]*\/\/.*$/gm, '')
}
