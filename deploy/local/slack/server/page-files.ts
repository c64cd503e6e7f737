/** The files of the chat page, from the folder beside this one. */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = join(import.meta.dirname, '..', 'page')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The player of recordings comes as it is in its package. */
const PLAYER: Readonly<Record<string, string>> = {
  '/asciinema-player.js': import.meta.resolve('asciinema-player/dist/bundle/asciinema-player.min.js'),
  '/asciinema-player.css': import.meta.resolve('asciinema-player/dist/bundle/asciinema-player.css'),
}

/** Undefined for what is not a file of the page: names are flat, so nothing outside the folder can be named. */
export async function readPageFile(path: string): Promise<{ bytes: Buffer; type: string } | undefined> {
  const name = path === '/' ? 'index.html' : path.slice(1)
  const type = TYPES[extname(name)]
  if (type === undefined || !/^[a-z-]+\.[a-z]+$/.test(name)) return undefined
  const packaged = PLAYER[path]
  const file = packaged === undefined ? join(FOLDER, name) : fileURLToPath(packaged)
  try {
    return { bytes: await readFile(file), type }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
