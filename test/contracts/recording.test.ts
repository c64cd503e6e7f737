/** From a machine to the file that people play: what a whole rescue leaves as its recording. */
import { expect, it } from 'vitest'
import { z } from 'zod'
import { recordingOf } from '../../bot/thread/recording.ts'
import { Screen } from '../../core/console/screen.ts'
import { canHaveSandbox } from '../helpers/sandbox.ts'
import { useLog } from '../helpers/simulated-log.ts'
import { SimulatedRescue } from '../helpers/simulated-rescue.ts'

/** docs.asciinema.org/manual/asciicast/v2. */
const Header = z.object({ version: z.literal(2), width: z.number(), height: z.number() })
const Frame = z.tuple([z.number(), z.enum(['i', 'o']), z.string()])

const log = useLog()

it.runIf(canHaveSandbox)(
  'is played back to the screens that the rescue saw, with what it typed between them',
  async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { chatter: 'token=s3cr3t-of-the-kernel\r\n' } })
    await own.run()
    const entries = await own.entries()

    const [header, ...lines] = recordingOf('R-1', entries).cast.trimEnd().split('\n')
    const { width, height } = Header.parse(JSON.parse(header ?? ''))
    const frames = lines.map((line) => Frame.parse(JSON.parse(line)))
    using screen = new Screen(width, height)
    const shown: string[] = []
    for (const [, , text] of frames.filter(([, direction]) => direction === 'o')) {
      await screen.feed(Buffer.from(text))
      shown.push(screen.view().text)
    }
    const logged = entries.flatMap(({ event }) => (event.type === 'console' ? [event.rows] : []))
    expect(shown).toEqual(logged.map((rows) => rows.flatMap((row) => brokenAt(width, row)).join('\n')))

    const times = frames.map(([time]) => time)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    const typed = frames.flatMap(([, direction, text]) => (direction === 'i' ? [text] : [])).join('')
    expect(typed).toMatch(/init=\/bin\/bash[\s\S]*\u0018[\s\S]*dmesg -n 1[\s\S]*reboot/)
    expect(lines.join('\n')).not.toContain('s3cr3t')
  },
)

/** A row of the log may be a line that went over several rows of the screen. */
function brokenAt(width: number, row: string): readonly string[] {
  const count = Math.max(1, Math.ceil(row.trimEnd().length / width))
  return Array.from({ length: count }, (_, index) => row.slice(index * width, (index + 1) * width).trimEnd())
}
