/** English. Written for a tired person: what happened, what was changed, what to do next. */
import { commands } from './en/commands.ts'
import { findings } from './en/findings.ts'
import { notices } from './en/notices.ts'
import { problems } from './en/problems.ts'
import { reasons } from './en/reasons.ts'
import { terms } from './en/terms.ts'
import { thread } from './en/thread.ts'

export const en = { commands, thread, notices, problems, findings, reasons, terms }
