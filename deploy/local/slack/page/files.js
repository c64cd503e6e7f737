/** Files in a message: pictures are shown, text can be read here, everything can be saved. */
import { el } from './dom.js'
import { play } from './player.js'

/** Enough to recognise a log by; the rest is a download away. */
const PREVIEW_CHARACTERS = 20_000

/** @param {any} file @param {import('./blocks.js').Surface} surface */
export function fileElement(file, surface) {
  const source = `/page-api/file/${file.id}`
  return /^image\/(png|jpeg|gif)$/.test(file.mimetype) ? pictureFile(file, source, surface) : otherFile(file, source)
}

/** @param {any} file @param {string} source @param {import('./blocks.js').Surface} surface */
function pictureFile(file, source, surface) {
  const words = file.alt_txt || file.title
  return el(
    'figure',
    { class: 'file-picture', data: { fileId: file.id, testid: 'file' } },
    el(
      'figcaption',
      {},
      file.title,
      ' ',
      el('a', { href: `${source}?download`, download: file.name, class: 'download' }, 'Download'),
    ),
    el(
      'button',
      {
        type: 'button',
        class: 'picture-button',
        'aria-label': `Enlarge: ${words}`,
        on: { click: () => surface.enlarge(source, words) },
      },
      el('img', { class: 'picture', src: source, alt: words }),
    ),
  )
}

/** @param {any} file @param {string} source */
function otherFile(file, source) {
  const preview = el('pre', { class: 'file-preview', tabindex: '0', hidden: true })
  const canRead = file.mimetype.startsWith('text/') || file.mimetype === 'application/json'
  const isRecording = file.name.endsWith('.cast')
  const screen = el('div', { class: 'player', data: { testid: 'player' }, hidden: true })
  const toggle = el(
    'button',
    {
      type: 'button',
      class: 'link-button',
      'aria-expanded': 'false',
      on: { click: () => show(toggle, preview, source) },
    },
    'Preview',
  )
  return el(
    'div',
    { class: 'file', data: { fileId: file.id, testid: 'file' } },
    el(
      'div',
      { class: 'file-row' },
      el('span', { class: 'file-icon', 'aria-hidden': 'true' }, file.filetype.slice(0, 4)),
      el(
        'span',
        { class: 'file-words' },
        el('span', { class: 'file-title' }, file.title),
        el('span', { class: 'file-size' }, `${file.name} · ${size(file.size)}`),
      ),
      el(
        'span',
        { class: 'file-actions' },
        isRecording && playButton(screen, source),
        canRead && toggle,
        el('a', { href: `${source}?download`, download: file.name, class: 'download' }, 'Download'),
      ),
    ),
    screen,
    preview,
  )
}

/** @param {HTMLElement} screen @param {string} source */
function playButton(screen, source) {
  let player
  const stop = () => {
    player?.dispose()
    player = undefined
    screen.hidden = true
    button.textContent = 'Play'
  }
  const start = async () => {
    screen.hidden = false
    button.textContent = 'Close player'
    try {
      player = await play(screen, source)
    } catch {
      screen.replaceChildren('This recording cannot be played.')
    }
  }
  const button = el(
    'button',
    { type: 'button', class: 'link-button', on: { click: () => (screen.hidden ? start() : stop()) } },
    'Play',
  )
  return button
}

/** @param {HTMLElement} toggle @param {HTMLElement} preview @param {string} source */
async function show(toggle, preview, source) {
  preview.hidden = !preview.hidden
  toggle.textContent = preview.hidden ? 'Preview' : 'Hide'
  toggle.setAttribute('aria-expanded', String(!preview.hidden))
  if (preview.hidden || preview.textContent !== '') return
  const response = await fetch(source)
  const text = await response.text()
  preview.textContent = response.ok ? text.slice(0, PREVIEW_CHARACTERS) : 'This file cannot be read any more.'
}

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
