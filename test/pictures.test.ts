/** `npm run pictures` renews what is there by its name: each picture stands on the page for them, and each that a page shows is there. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = 'docs/pictures'

function picturesOn(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/[("](?<path>[\w./-]+\.png)[")]/g)].map(({ groups }) =>
    normalize(join(dirname(page), groups?.path ?? '')),
  )
}

const kept = globSync(`${FOLDER}/*.png`, { cwd: ROOT }).sort()

it('shows every picture once on the page for them', () => {
  expect(kept.length).toBeGreaterThan(10)
  expect([...picturesOn(join(FOLDER, 'README.md'))].sort()).toEqual(kept)
})

it('names none elsewhere that is not there', () => {
  const pages = globSync('{*.md,docs/**/*.md}', { cwd: ROOT })
  expect(picturesOn('README.md').length).toBeGreaterThan(0)
  expect(pages.flatMap(picturesOn).filter((one) => !kept.includes(one))).toEqual([])
})
