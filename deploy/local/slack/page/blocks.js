/** Block Kit as elements. What a person does in a block is reported to `actions`; this file decides nothing. */
import { el, safeLink } from './dom.js'
import { inputElement } from './inputs.js'
import { plain, textObject } from './mrkdwn.js'
import { richText } from './rich-text.js'

/**
 * @typedef {object} Surface where the blocks stand, and what is known there
 * @property {import('./mrkdwn.js').Names} names
 * @property {(element: any, block: any, value?: unknown) => void} act
 * @property {(element: any, block: any) => boolean} isWaiting
 * @property {(element: any, block: any) => unknown} entered what was filled in before, undefined if nothing
 * @property {(element: any, block: any, typed: string) => Promise<any>} suggest what the app offers for what was typed
 * @property {(file: File) => Promise<any>} give hands a file over, for a file input
 * @property {(source: string, alt: string) => void} enlarge
 */

/** @param {any} block @param {Surface} surface */
export function blockElement(block, surface) {
  const element = content(block, surface)
  element.dataset.blockId = block.block_id
  element.classList.add('block', `block-${block.type}`)
  return element
}

/** @param {any} block @param {Surface} surface @returns {HTMLElement} */
function content(block, surface) {
  switch (block.type) {
    case 'section':
      return section(block, surface)
    case 'header':
      return el('h3', {}, plain(block.text))
    case 'divider':
      return el('hr')
    case 'context':
      return el('div', {}, ...block.elements.map((one) => contextElement(one, surface)))
    case 'actions':
      return el(
        'div',
        { role: 'group', 'aria-label': 'Actions' },
        ...block.elements.map((one) => control(one, block, surface)),
      )
    case 'image':
      return figure(block, surface)
    case 'rich_text':
      return richText(block, surface.names)
    case 'input':
      return input(block, surface)
    default:
      return el('div', { class: 'unknown-block' }, `[${block.type}]`)
  }
}

/** @param {any} block @param {Surface} surface */
function section(block, surface) {
  const fields = (block.fields ?? []).map((field) => el('div', { class: 'field' }, ...textObject(field, surface.names)))
  return el(
    'div',
    {},
    el(
      'div',
      { class: 'section-main' },
      block.text && el('div', { class: 'section-text' }, ...textObject(block.text, surface.names)),
      fields.length > 0 && el('div', { class: 'fields' }, ...fields),
    ),
    block.accessory && el('div', { class: 'accessory' }, accessory(block, surface)),
  )
}

/** @param {any} block @param {Surface} surface */
function accessory(block, surface) {
  if (block.accessory.type === 'image') return picture(block.accessory, 'accessory-image', surface)
  return control(block.accessory, block, surface)
}

/** @param {any} one @param {Surface} surface */
function contextElement(one, surface) {
  if (one.type === 'image') return picture(one, 'context-image', surface)
  return el('span', { class: 'context-text' }, ...textObject(one, surface.names))
}

/** @param {any} block @param {Surface} surface */
function figure(block, surface) {
  return el('figure', {}, block.title && el('figcaption', {}, plain(block.title)), picture(block, 'picture', surface))
}

/** Pictures come from this server only: the page asks nothing of the internet. @param {any} image @param {string} className @param {Surface} surface */
function picture(image, className, surface) {
  const id = image.slack_file?.id ?? /\/files-pri\/(F[A-Z0-9]+)\//.exec(image.slack_file?.url ?? '')?.[1]
  if (id === undefined)
    return el(
      'a',
      {
        class: 'picture-elsewhere',
        href: safeLink(image.image_url ?? ''),
        target: '_blank',
        rel: 'noopener noreferrer',
      },
      `🖼 ${image.alt_text}`,
    )
  const source = `/page-api/file/${id}`
  const open = { click: () => surface.enlarge(source, image.alt_text) }
  return el(
    'button',
    {
      type: 'button',
      class: `${className}-button picture-button`,
      on: open,
      'aria-label': `Enlarge: ${image.alt_text}`,
    },
    el('img', { class: className, src: source, alt: image.alt_text }),
  )
}

/** @param {any} element @param {any} block @param {Surface} surface */
function control(element, block, surface) {
  return element.type === 'button' ? button(element, block, surface) : inputElement(element, block, surface, true)
}

/** @param {any} element @param {any} block @param {Surface} surface */
function button(element, block, surface) {
  const isWaiting = surface.isWaiting(element, block)
  return el(
    'button',
    {
      type: 'button',
      class: `button ${element.style ? `button-${element.style}` : ''} ${isWaiting ? 'is-waiting' : ''}`,
      'aria-label': element.accessibility_label,
      'aria-disabled': isWaiting ? 'true' : undefined,
      'aria-busy': isWaiting ? 'true' : undefined,
      data: { actionId: element.action_id, value: element.value },
      on: { click: () => surface.act(element, block) },
    },
    plain(element.text),
  )
}

/** @param {any} block @param {Surface} surface */
function input(block, surface) {
  const isGroup = ['checkboxes', 'radio_buttons'].includes(block.element.type)
  const id = `input-${block.block_id}`
  const optional = block.optional && el('span', { class: 'optional' }, ' (optional)')
  const label = isGroup
    ? el('legend', { class: 'label' }, plain(block.label), optional)
    : el('label', { class: 'label', for: id }, plain(block.label), optional)
  return el(
    isGroup ? 'fieldset' : 'div',
    { class: 'input' },
    label,
    inputElement(block.element, block, surface, block.dispatch_action === true, id),
    el('p', { class: 'error', id: `${id}-error`, role: 'alert', data: { errorFor: block.block_id }, hidden: true }),
    block.hint && el('p', { class: 'hint', id: `${id}-hint` }, plain(block.hint)),
  )
}
