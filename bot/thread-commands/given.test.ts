import { expect, it } from 'vitest'
import { readGiven } from './given.ts'

it.each([
  ['!stop', { word: 'stop', rest: '' }],
  ['  !Screen  ', { word: 'screen', rest: '' }],
  ['!keys ctrl-c', { word: 'keys', rest: 'ctrl-c' }],
  ['!say echo &lt;a&gt;\tb  ', { word: 'say', rest: 'echo &lt;a&gt;\tb' }],
  ['!say\n```ls\n```', { word: 'say', rest: '```ls\n```' }],
  ['!nonsense at all', { word: 'nonsense', rest: 'at all' }],
  // As a Japanese keyboard types it, with its own blank.
  ['！ｓｔｏｐ', { word: 'stop', rest: '' }],
  ['！keys　ctrl-c', { word: 'keys', rest: 'ctrl-c' }],
])('reads %j', (text, given) => {
  expect(readGiven('!', text)).toEqual(given)
})

it.each(['', 'stop', 'please !stop', '!', '!!!', '!?', '! stop', '`!stop`', '!!stop', '!1', '<!here>'])(
  'passes over %j',
  (text) => {
    expect(readGiven('!', text)).toBeUndefined()
  },
)

it('knows another sign, and then no other one', () => {
  expect(readGiven('..', '..stop')).toEqual({ word: 'stop', rest: '' })
  expect(readGiven('..', '!stop')).toBeUndefined()
  expect(readGiven('$', '$say a')).toEqual({ word: 'say', rest: 'a' })
})
