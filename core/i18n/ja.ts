/** Japanese: 疲れている人のために、何が起きたか、何を変更したか、次に何をするか。用語はOracleの日本語ドキュメントに合わせる。 */
import { commands } from './ja/commands.ts'
import { findings } from './ja/findings.ts'
import { notices } from './ja/notices.ts'
import { problems } from './ja/problems.ts'
import { reasons } from './ja/reasons.ts'
import { terms } from './ja/terms.ts'
import { thread } from './ja/thread.ts'

export const ja = { commands, thread, notices, problems, findings, reasons, terms }
