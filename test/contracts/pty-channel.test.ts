import { PtyChannel } from '../helpers/pty-channel.ts'
import { channelContract } from './channel.ts'

channelContract('a pty', async () => {
  const channel = new PtyChannel(['bash', '--norc', '--noprofile'])
  return { channel, drop: () => void process.kill(channel.pid, 'SIGKILL') }
})

channelContract('a pty, one byte at a time', async () => {
  const channel = new PtyChannel(['bash', '--norc', '--noprofile'], { atOnce: 1 })
  return { channel, drop: () => void process.kill(channel.pid, 'SIGKILL') }
})
