import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalogues } from '../../core/i18n/catalogue.ts'
import { checkView } from '../../deploy/local/slack/server/check-blocks.ts'
import { editForm, partsOf, readEditForm } from './edit-form.ts'

const { en } = catalogues
const reference = { rescue: 'R-ABC123', ask: '0123456789abcdef', channel: 'C0OPS', message: '1700000000.000100' }
const lines = (count: number) => Array.from({ length: count }, (_, index) => `option${index} = value\n`).join('')

const Input = z.object({
  type: z.literal('input'),
  block_id: z.string(),
  label: z.object({ text: z.string() }),
  element: z.object({ initial_value: z.string().optional() }),
})

function inputsOf({ blocks }: { readonly blocks: readonly { readonly type: string }[] }) {
  return blocks.filter(({ type }) => type === 'input').map((block) => Input.parse(block))
}

/** What Slack sends back for the form, its parts edited so; an input without text has the value null. */
function submitted(content: string, edited: (part: string, index: number) => string) {
  const form = editForm(en, reference, { path: '/etc/x', text: content })
  const inputs = inputsOf(form)
  const values = inputs.map(({ block_id, element }, index) => {
    const value = edited(element.initial_value ?? '', index)
    return [block_id, { text: { type: 'plain_text_input', value: value === '' ? null : value } }]
  })
  return { id: 'V1', private_metadata: form.private_metadata, state: { values: Object.fromEntries(values) } }
}

describe('editForm', () => {
  it.each([0, 1, 100, 3000])('is one that Slack takes: %i lines', (count) => {
    const form = editForm(en, reference, { path: '/etc/x', text: lines(count) })

    expect(() => checkView(form, () => false)).not.toThrow()
    // docs.slack.dev: a view has 250 kB at most.
    expect(JSON.stringify(form).length).toBeLessThan(250_000)
  })

  it('names the lines of each part, and shows a short file in one', () => {
    const labels = (text: string) =>
      inputsOf(editForm(en, reference, { path: '/etc/x', text })).map(({ label }) => label.text)

    expect(labels(lines(3))).toEqual(['Its text'])
    expect(labels('')).toEqual(['Its text'])
    expect(labels(lines(200))).toEqual(['Lines 1 to 139', 'Lines 140 to 200'])
  })
})

describe('readEditForm', () => {
  it('gives back what nobody touched as it was, whatever it was', () => {
    const text = fc
      .array(fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\n', 'ü', '<', '😀') }), { maxLength: 400 })
      .map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, (content) => {
        expect(
          readEditForm(
            en,
            submitted(content, (part) => part),
            content,
          ),
        ).toEqual({ kind: 'good', text: content })
        expect(partsOf(content).join('')).toBe(content)
      }),
    )
  })

  it('takes an edit in one part, and leaves the others and their blank ends alone', () => {
    const content = `\n${lines(110)}\n\n${lines(100)}\n`
    const view = submitted(content, (part, index) => (index === 1 ? part.replace('option99', 'changed') : part))

    expect(readEditForm(en, view, content)).toEqual({
      kind: 'good',
      text: content.replace(/option99(?= = value\n\n$)/, 'changed'),
    })
  })

  it('takes what was added behind the last line of a part as lines of their own', () => {
    const content = lines(200)
    const view = submitted(content, (part, index) => (index === 0 ? `${part}\r\nadded` : part))

    const read = readEditForm(en, view, content)

    expect(read).toEqual({ kind: 'good', text: content.replace('option139', 'added\noption139') })
  })

  it('takes an empty form for an empty file', () => {
    expect(
      readEditForm(
        en,
        submitted(lines(200), () => ''),
        lines(200),
      ),
    ).toEqual({ kind: 'good', text: '' })
  })

  it('refuses control characters beside the part that has them', () => {
    const view = submitted(lines(200), (part, index) => (index === 1 ? `${part}\u0007` : part))

    expect(readEditForm(en, view, lines(200))).toMatchObject({ kind: 'bad', errors: { 'part-1': expect.any(String) } })
  })
})
