/**
 * Loaded before a program of ours (`node --import`), which knows nothing of it: its time is that of the clock of
 * `npm run local`, which can be moved. The clock tells how far it is ahead, line by line, and is answered with the same line.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { moveGlobals } from './moved-globals.ts'
import { MovedTime } from './moved-time.ts'

const { LOCAL_CLOCK: address = '' } = process.env
const time = new MovedTime()
moveGlobals(time)

const socket = connect(address)
const lines = createInterface({ input: socket })
lines.on('line', (line) => {
  time.moveTo(Number(line))
  socket.write(`${line}\n`)
})
// Not before it is as late here as everywhere.
await once(lines, 'line')
// Whoever ends the clock ends this program, too, in their own order.
socket.on('error', () => socket.destroy())
socket.unref()
