/** Makes elements. Text only ever becomes text nodes, so nothing that somebody wrote is taken for markup. */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} properties `class`, `data` (an object), `on` (listeners by event), and attributes
 * @param {...(Node | string | null | undefined | false)} children
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  const { class: className, data = {}, on = {}, ...attributes } = properties
  if (className) element.className = String(className)
  for (const [name, value] of Object.entries(data)) if (value !== undefined) element.dataset[name] = String(value)
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener)
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value)
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

/** @param {HTMLElement} element @param {string} name @param {unknown} value */
function setAttribute(element, name, value) {
  if (value === undefined || value === null || value === false) return
  element.setAttribute(name, value === true ? '' : String(value))
}

/** Only addresses a click may go to: no `javascript:`, no `file:`. @param {string} address */
export function safeLink(address) {
  const url = URL.parse(address)
  return url !== null && /^(https?|mailto):$/.test(url.protocol) ? url.href : undefined
}

/** @param {string} address @param {...(Node | string)} children */
export function link(address, ...children) {
  const href = safeLink(address)
  if (href === undefined) return el('span', {}, ...children)
  return el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...children)
}
