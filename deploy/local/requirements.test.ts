import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { byHand, missing, type Purpose, type Requirement, requirements } from './requirements.ts'

it('knows a package by the commands and files that it brings', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'oci-rescue-test-'))
  const tool = join(folder, 'some-tool')
  await writeFile(tool, '')
  await chmod(tool, 0o755)
  const wanted: Requirement[] = [
    { package: 'by-command', why: 'x', brings: ['some-tool'], for: 'demo' },
    { package: 'by-file', why: 'x', brings: [tool], for: 'demo' },
    { package: 'half-there', why: 'x', brings: [tool, join(folder, 'not-there')], for: 'demo' },
    { package: 'absent', why: 'x', brings: ['no-such-tool'], for: 'demo' },
  ]

  expect(missing(wanted, { PATH: folder }).map((one) => one.package)).toEqual(['half-there', 'absent'])
  await rm(folder, { recursive: true })
})

it('asks for a browser only for the tests, for more letters only for pictures, and for uidmap only without root', () => {
  const names = (purpose: Purpose, isRoot: boolean) => requirements(purpose, isRoot).map((one) => one.package)

  expect(names('demo', true)).not.toContain('chromium')
  expect(names('tests', true)).toContain('chromium')
  expect(names('tests', true)).not.toContain('fonts-noto-color-emoji')
  expect(names('pictures', true)).toEqual(expect.arrayContaining(['fonts-noto-color-emoji', ...names('tests', true)]))
  expect(names('demo', true)).not.toContain('uidmap')
  expect(names('demo', false)).toContain('uidmap')
  expect(names('tests', false)).toEqual(expect.arrayContaining(names('demo', false)))
})

it('gives a command that can be pasted', () => {
  expect(byHand(['ovmf', 'mmdebstrap'])).toBe(
    'sudo apt-get update && sudo apt-get install --no-install-recommends ovmf mmdebstrap',
  )
})
