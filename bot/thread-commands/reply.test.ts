import { expect, it } from 'vitest'
import { readReply } from './reply.ts'

const event = {
  type: 'message',
  channel: 'C0OPS',
  user: 'U0RIYA',
  team: 'T1',
  text: '!stop',
  ts: '1793502245.000200',
  thread_ts: '1793502245.000100',
  channel_type: 'channel',
  blocks: [],
}
const body = (changes: object = {}, outer: object = {}) => ({
  team_id: 'T1',
  ...outer,
  type: 'event_callback',
  event: { ...event, ...changes },
})

it('is what a person writes in a thread', () => {
  expect(readReply(body())).toEqual({
    person: { kind: 'person', enterprise: null, team: 'T1', user: 'U0RIYA' },
    channel: 'C0OPS',
    thread: '1793502245.000100',
    ts: '1793502245.000200',
    text: '!stop',
  })
})

it('is one also when it was sent to the channel, too', () => {
  expect(readReply(body({ subtype: 'thread_broadcast' }))?.text).toBe('!stop')
})

it('is by the same person as their clicks, in a grid and from a connected workspace, too', () => {
  expect(readReply(body({}, { enterprise_id: 'E1' }))?.person).toMatchObject({ enterprise: 'E1', team: 'T1' })
  expect(readReply(body({ user_team: 'T2' }))?.person).toMatchObject({ team: 'T2' })
  expect(readReply(body({ team: undefined }))?.person).toMatchObject({ team: 'T1' })
})

it.each<[string, object]>([
  ['a message of the channel', { thread_ts: undefined }],
  ['the parent of a thread', { thread_ts: event.ts }],
  ['what a bot writes', { bot_id: 'B1' }],
  ['an edit', { subtype: 'message_changed', message: event, text: undefined, user: undefined }],
  ['an edit that looks like the message itself', { subtype: 'message_changed' }],
  ['a deletion', { subtype: 'message_deleted' }],
  ['a message of nobody', { user: undefined }],
  ['a message without text', { text: undefined }],
])('is not %s', (_, changes) => {
  expect(readReply(body(changes))).toBeUndefined()
})
