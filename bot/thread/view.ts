/** One message of a thread as Slack gets it: log in, words and blocks out. Pure. */
import type { MessageBody } from '../slack/blocks.ts'
import { alarmMessage } from './alarm.ts'
import { askMessage } from './ask.ts'
import { cardMessage } from './card.ts'
import { choiceMessage } from './choice.ts'
import { consoleCommandsMessage } from './console-commands.ts'
import { diagnosisMessage } from './diagnosis.ts'
import { gateMessage } from './gates.ts'
import { handOverMessage } from './hand-over.ts'
import { handedOutMessage } from './handed-out.ts'
import { milestoneMessage } from './milestones.ts'
import { reminderMessage } from './reminders.ts'
import { resultMessage } from './result.ts'
import { lineMessage, shellMessage } from './shell.ts'
import { tailMessage } from './tail.ts'
import type { Item, Thread } from './thread.ts'
import type { Voice } from './words.ts'

/** Items that are messages; the others are files. */
export type MessageItem = Exclude<Item, { kind: 'picture' | 'capture' | 'diff' | 'recording' }>

export function isMessage(item: Item): item is MessageItem {
  return !['picture', 'capture', 'diff', 'recording'].includes(item.kind)
}

export function view(voice: Voice, thread: Thread, item: MessageItem): MessageBody {
  switch (item.kind) {
    case 'card':
      return cardMessage(voice, thread)
    case 'choice':
      return choiceMessage(voice, thread)
    case 'gate':
      return gateMessage(voice, thread, item)
    case 'reminder':
      return reminderMessage(voice, thread, item)
    case 'alarm':
      return alarmMessage(voice, thread, item)
    case 'ask':
      return askMessage(voice, thread, item)
    case 'shell':
      return shellMessage(voice, thread)
    case 'line':
      return lineMessage(voice, thread, item)
    case 'hand-over':
      return handOverMessage(voice, thread, item)
    case 'milestone':
      return milestoneMessage(voice, thread, item)
    case 'tail':
      return tailMessage(voice, thread, item)
    case 'diagnosis':
      return diagnosisMessage(voice, thread, item)
    case 'console-commands':
      return consoleCommandsMessage(voice, thread)
    case 'handed-out':
      return handedOutMessage(voice, thread)
    case 'result':
      return resultMessage(voice, thread)
    default:
      return item satisfies never
  }
}
