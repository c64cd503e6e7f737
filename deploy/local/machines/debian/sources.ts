/**
 * Where the guest's packages come from: from where this machine's own come, so that
 * a mirror or a proxy that is set up here is used for the guest too.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../../commands.ts'

/** The lines of a sources.list for `suite`: this machine's, or Debian's own when it has none for that suite. */
export async function sourcesFor(suite: string, aptFolder = '/etc/apt'): Promise<string> {
  const lists = await Promise.all([join(aptFolder, 'sources.list'), ...(await listFiles(aptFolder))].map(readIfThere))
  const found = lists.flatMap(({ path, text }) => (path.endsWith('.sources') ? parseDeb822(text) : parseOneLine(text)))
  const wanted = found.filter((entry) => entry.components.includes('main') && belongsTo(entry.suite, suite))
  return wanted.length > 0 ? `${wanted.map(oneLine).join('\n')}\n` : debianOwn(suite)
}

/** apt's settings about how to reach an archive, as lines of an apt.conf. */
export async function transportSettings(): Promise<readonly string[]> {
  const dump = await runCommand('apt-config', ['dump', '--no-empty', '--format', '%F "%v";%n', 'Acquire'])
  return dump.split('\n').filter((line) => /^Acquire::(?:https?::|Retries|Check-|ForceIPv)/.test(line))
}

interface Entry {
  readonly uri: string
  readonly suite: string
  readonly components: readonly string[]
  readonly options: string
}

async function listFiles(aptFolder: string): Promise<readonly string[]> {
  const folder = join(aptFolder, 'sources.list.d')
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => /\.(?:list|sources)$/.test(name)).map((name) => join(folder, name))
}

async function readIfThere(path: string): Promise<{ path: string; text: string }> {
  return { path, text: await readFile(path, 'utf8').catch(() => '') }
}

/** `deb [options] uri suite component...`, see sources.list(5). */
function parseOneLine(text: string): readonly Entry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[(?<options>[^\]]*)\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)\s+(?<rest>[^#]*)/.exec(line)
    const { uri, suite, options = '', rest = '' } = match?.groups ?? {}
    if (uri === undefined || suite === undefined) return []
    return [{ uri, suite, components: words(rest), options: options.trim() }]
  })
}

/** Paragraphs of fields, see deb822(5). An embedded key (Signed-By over several lines) is left to apt's own keyrings. */
function parseDeb822(text: string): readonly Entry[] {
  return text.split(/\n[ \t]*\n/).flatMap((paragraph) => {
    const fields = fieldsOf(paragraph)
    if (!words(fields.get('types')).includes('deb') || fields.get('enabled') === 'no') return []
    const signedBy = fields.get('signed-by')
    const options = signedBy?.startsWith('/') ? `signed-by=${signedBy}` : ''
    const components = words(fields.get('components'))
    return words(fields.get('uris')).flatMap((uri) =>
      words(fields.get('suites')).map((suite) => ({ uri, suite, components, options })),
    )
  })
}

function fieldsOf(paragraph: string): ReadonlyMap<string, string> {
  const lines = paragraph.split('\n').filter((line) => !line.startsWith('#'))
  const unfolded = lines.join('\n').replaceAll(/\n[ \t]+/g, ' ')
  const pairs = [...unfolded.matchAll(/^(?<name>[\w-]+):[ \t]*(?<value>.*)$/gm)]
  return new Map(pairs.map(({ groups }) => [(groups?.name ?? '').toLowerCase(), (groups?.value ?? '').trim()]))
}

function words(text = ''): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

function belongsTo(entrySuite: string, suite: string): boolean {
  return [suite, `${suite}-updates`, `${suite}-security`].includes(entrySuite)
}

function oneLine(entry: Entry): string {
  const options = entry.options === '' ? '' : `[${entry.options}] `
  return `deb ${options}${entry.uri} ${entry.suite} main`
}

function debianOwn(suite: string): string {
  return [
    `deb http://deb.debian.org/debian ${suite} main`,
    `deb http://deb.debian.org/debian ${suite}-updates main`,
    `deb http://deb.debian.org/debian-security ${suite}-security main`,
    '',
  ].join('\n')
}
