/** Whether all that a rescue's log holds stands in its thread, once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { emptyThread, follow } from '../../bot/thread/thread.ts'
import { isMessage } from '../../bot/thread/view.ts'
import { CHANNEL, type Office } from '../helpers/office.ts'
import type { Asked } from './streamed-rescue.ts'

const LOOK_MS = 100
/** A recording comes as text and as asciicast. */
const FILES_OF = { picture: 1, capture: 1, diff: 1, recording: 2 } as const

/** Milliseconds until it was so; undefined when it was not within `limitMs`, or when something stands there twice. */
export async function keptWhole(office: Office, asked: Asked, limitMs: number): Promise<number | undefined> {
  const { entries } = await office.log.read(asked.rescue, 0)
  const { items } = follow(emptyThread(asked.rescue), entries)
  const keys = items.filter(isMessage).map(({ key }) => key)
  const files = items.reduce((sum, item) => sum + (isMessage(item) ? 0 : FILES_OF[item.kind]), 0)
  const began = performance.now()
  while (performance.now() - began < limitMs) {
    const messages = office.slack.thread(CHANNEL, asked.card)
    const stand = messages.flatMap(({ metadata }) => metadata?.event_payload.key ?? [])
    const sent = messages.reduce((sum, message) => sum + (message.files?.length ?? 0), 0)
    if (stand.length === keys.length && keys.every((key) => stand.includes(key)) && sent === files)
      return performance.now() - began
    if (stand.length > keys.length || sent > files) return undefined
    await sleep(LOOK_MS)
  }
  return undefined
}
