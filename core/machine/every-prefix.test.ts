import { expect, it } from 'vitest'
import { type Label, labelsAt, readLabels, WEAK_KINDS } from '../../test/helpers/labels.ts'
import { recording, recordings } from '../../test/helpers/recordings.ts'
import { Screen } from '../console/screen.ts'
import { recognise } from './recognise.ts'

const LABELS = readLabels()
/**
 * Byte by byte, a look costs more than the byte: near the edge of a label each byte is looked at, elsewhere one of so
 * many; pieces of 7 bytes are looked at one and all.
 */
const LOOK_EVERY = 13
const NEAR = 24

it('has a label for every recording, and a recording for every label', () => {
  expect([...LABELS.keys()].sort()).toEqual(recordings())
})

it.each(recordings())('never contradicts the labels of %s, in pieces of 1, 7 and 4096 bytes', (name) => {
  expect([1, 7, 4096].flatMap((size) => contradictions(name, size))).toEqual([])
})

function contradictions(name: string, size: number): string[] {
  const labels = LABELS.get(name) ?? []
  const bytes = recording(name)
  const wrong: string[] = []
  using screen = new Screen()
  for (let at = 0; at < bytes.length; at += size) {
    screen.feed(bytes.subarray(at, at + size))
    const length = Math.min(at + size, bytes.length)
    if (size < LOOK_EVERY && length % LOOK_EVERY !== 0 && !isNearEdge(labels, length)) continue
    const { state, because } = recognise(screen.view())
    if (!isAllowed(labels, length, state.kind)) wrong.push(`${name} ${length}: ${state.kind}, because ${because}`)
  }
  return wrong.slice(0, 5)
}

function isNearEdge(labels: readonly Label[], length: number): boolean {
  return labels.some(({ from, to }) => Math.abs(from - length) <= NEAR || Math.abs(to - length) <= NEAR)
}

function isAllowed(labels: readonly Label[], length: number, kind: string): boolean {
  const speaking = labelsAt(labels, length)
  if (speaking.length === 0) return WEAK_KINDS.some((weak) => weak === kind)
  return speaking.every(({ kinds }) => kinds.includes(kind))
}
