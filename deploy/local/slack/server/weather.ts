/** How well Slack itself does today: answers as always, slowly, with 429 or with 500, or cannot be reached by Socket Mode. */
import type { Sockets } from './sockets.ts'
import type { Switch } from './switches.ts'

export type Weather = 'fair' | 'slow' | 'rate-limited' | 'failing' | 'disconnected'

/** Longer than people like to wait, shorter than an app gives up. */
export const SLOW_MILLISECONDS = 4_000
/** What a 429 says in Retry-After, in seconds. */
export const RETRY_AFTER = 5

const STATES: readonly { id: Weather; words: string }[] = [
  { id: 'fair', words: 'Works' },
  { id: 'slow', words: `Slow (${SLOW_MILLISECONDS / 1000} s)` },
  { id: 'rate-limited', words: '429 to every call' },
  { id: 'failing', words: '500 to every call' },
  { id: 'disconnected', words: 'Disconnected' },
]

/** `change` is told of every choice. */
export function slackSwitch(current: () => Weather, change: (weather: Weather) => void, sockets: Sockets): Switch {
  return {
    id: 'slack',
    name: 'Slack',
    states: STATES,
    current,
    choose: (state) => {
      const weather = STATES.find(({ id }) => id === state)?.id ?? 'fair'
      change(weather)
      sockets.refuse(weather === 'disconnected')
    },
  }
}
