/**
 * The one script that appends to a rescue's log. Redis runs it as a whole, so all
 * that it compares still holds when it writes.
 */
import { z } from 'zod'
import { script } from './script.ts'

/** How much of the feed is kept: the newest so many notes; whoever is further behind finds out by looking (see feed.ts). */
const FEED_LENGTH = 10_000

/**
 * A reply can get lost with its connection, and ioredis sends the command again: the `nonce` of an append tells
 * our own entry from a rival's, so the second time is answered like the first.
 */
export const APPEND = script(`
local headKey, entriesKey, liveKey, locksKey, feedKey = unpack(KEYS)
local rescue, seq, prev, hash, entry, nonce = unpack(ARGV, 1, 6)
local epoch, type, subject, at, retention = unpack(ARGV, 7, 11)
local head = redis.call('HMGET', headKey, 'seq', 'hash', 'epoch', 'ended', 'instance')
local headSeq, headHash, headEpoch = tonumber(head[1] or '0'), head[2] or '', head[3] or '0'

if headSeq >= tonumber(seq) then
  local there = redis.call('XRANGE', entriesKey, seq .. '-0', seq .. '-0')[1]
  if there and there[2][4] == nonce then return {'appended'} end
end
if head[4] then return {'ended'} end
if epoch ~= '' and type ~= 'claimed' and epoch ~= headEpoch then return {'fenced-off'} end
if headSeq + 1 ~= tonumber(seq) or headHash ~= prev then return {'conflict'} end
if type == 'claimed' then
  if tonumber(subject) ~= tonumber(headEpoch) + 1 then return {'wrong-epoch'} end
  redis.call('HSET', headKey, 'epoch', subject)
end
if type == 'resolved' then
  local holder = redis.call('HGET', locksKey, subject)
  if holder and holder ~= rescue then return {'instance-locked', holder} end
  if head[5] and head[5] ~= subject then redis.call('HDEL', locksKey, head[5]) end
  redis.call('HSET', locksKey, subject, rescue)
  redis.call('HSET', headKey, 'instance', subject)
end

redis.call('XADD', entriesKey, seq .. '-0', 'entry', entry, 'nonce', nonce)
redis.call('HSET', headKey, 'seq', seq, 'hash', hash)
if headSeq == 0 then redis.call('ZADD', liveKey, at, rescue) end
redis.call('XADD', feedKey, 'MAXLEN', '~', '${FEED_LENGTH}', '*', 'rescue', rescue, 'seq', seq)
if type == 'ended' then
  redis.call('HSET', headKey, 'ended', '1')
  if head[5] and redis.call('HGET', locksKey, head[5]) == rescue then redis.call('HDEL', locksKey, head[5]) end
  redis.call('ZREM', liveKey, rescue)
  redis.call('EXPIRE', headKey, retention)
  redis.call('EXPIRE', entriesKey, retention)
end
return {'appended'}
`)

export const AppendReply = z.union([
  z.tuple([z.enum(['appended', 'conflict', 'fenced-off', 'ended', 'wrong-epoch'])]),
  z.tuple([z.literal('instance-locked'), z.string()]),
])
export type AppendReply = z.infer<typeof AppendReply>
