import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sourcesFor } from './sources.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oci-rescue-test-'))
  await mkdir(join(folder, 'sources.list.d'))
})
afterEach(() => rm(folder, { recursive: true }))

it("uses this machine's mirror, in the old format and in the new one", async () => {
  await writeFile(
    join(folder, 'sources.list'),
    '# deb http://off.example/debian bookworm main\ndeb [arch=amd64] http://one.example/debian bookworm main contrib # ours\ndeb-src http://one.example/debian bookworm main\n',
  )
  await writeFile(
    join(folder, 'sources.list.d', 'debian.sources'),
    'Types: deb deb-src\n# a remark\nURIs: http://two.example/debian\nSuites: bookworm-updates\n bookworm-security\nComponents: main\nSigned-By: /k.gpg\n\nTypes: deb\nEnabled: no\nURIs: http://off.example\nSuites: bookworm\nComponents: main\n',
  )

  expect(await sourcesFor('bookworm', folder)).toBe(
    [
      'deb [arch=amd64] http://one.example/debian bookworm main',
      'deb [signed-by=/k.gpg] http://two.example/debian bookworm-updates main',
      'deb [signed-by=/k.gpg] http://two.example/debian bookworm-security main',
      '',
    ].join('\n'),
  )
})

it("leaves out what is not Debian's own", async () => {
  const list = join(folder, 'sources.list.d', 'other.list')
  await writeFile(list, 'deb https://node.example nodistro main\ndeb http://d.example/debian trixie main\n')

  expect(await sourcesFor('bookworm', folder)).toContain('deb http://deb.debian.org/debian bookworm main\n')
})
