/** Plays a recording of a console (asciicast). The player itself is fetched when the first one is played. */
import { el } from './dom.js'

let loading

/** @param {HTMLElement} place @param {string} source */
export async function play(place, source) {
  const [player, response] = await Promise.all([load(), fetch(source)])
  if (!response.ok) throw new Error('this file cannot be read any more')
  const data = await response.text()
  return player.create({ data }, place, { fit: 'width', idleTimeLimit: 2, autoPlay: true, terminalFontFamily: MONO })
}

const MONO = '"DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace'

function load() {
  loading ??= new Promise((resolve, reject) => {
    const script = el('script', { src: '/asciinema-player.js' })
    script.addEventListener('load', () => resolve(globalThis.AsciinemaPlayer))
    script.addEventListener('error', () => reject(new Error('the player could not be loaded')))
    document.head.append(el('link', { rel: 'stylesheet', href: '/asciinema-player.css' }), script)
  })
  return loading
}
