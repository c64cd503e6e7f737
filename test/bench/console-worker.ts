/**
 * `node console-worker.ts <socket> <count>`: so many consoles in one process, each on a
 * line of its own, and on each what a rescue does there: look at every screen, and
 * press a key at the boot menu.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { Console } from '../../core/console/console.ts'
import { keys } from '../../core/console/keys.ts'
import type { ScreenView } from '../../core/console/screen-view.ts'
import { recognise } from '../../core/machine/recognise.ts'
import { SshChannel } from '../../workers/serial/ssh-channel.ts'

/** Longer than the recording takes: a console that sees nothing for so long has lost its place, and that is an error. */
const LIMIT_MS = 60_000
/** How often a rescue takes what scrolled away, to show it in the thread. */
const TAKE_MS = 500

const [path = '', count = '1'] = process.argv.slice(2)
const never = new AbortController().signal
await Promise.all(Array.from({ length: Number(count) }, () => driveOne()))

async function driveOne(): Promise<void> {
  const socket = connect(path)
  await once(socket, 'connect')
  await using console = new Console(new SshChannel(socket, async () => {}))
  setInterval(() => console.takeGone(), TAKE_MS)
  for (;;) {
    await console.until('shell-prompt', countsDown, LIMIT_MS, never)
    await console.type(keys.space, never)
    await console.until('shell-prompt', (view) => (countsDown(view) ? undefined : true), LIMIT_MS, never)
  }
}

function countsDown(view: ScreenView): true | undefined {
  const { state } = recognise(view)
  return state.kind === 'grub-menu' && state.menu.countdown !== undefined ? true : undefined
}
