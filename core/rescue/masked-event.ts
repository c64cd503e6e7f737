/**
 * The last guard before the log: hides secrets in all that an event quotes of the console.
 * Other events stay as they are, for plans are hashed and choices are compared.
 */
import type { RescueEvent, ScreenPicture } from '../record/events.ts'

export function maskedEvent(event: RescueEvent, hide: (text: string) => string): RescueEvent {
  switch (event.type) {
    case 'console':
      return { ...event, scrolled: event.scrolled.map(hide), rows: event.rows.map(hide) }
    case 'typed':
      return { ...event, keys: hide(event.keys) }
    case 'saw': {
      const { picture } = event
      const because = hide(event.because)
      return { ...event, because, ...(picture === undefined ? {} : { picture: hiddenInPicture(picture, hide) }) }
    }
    case 'line-answered':
      return { ...event, output: hide(event.output) }
    case 'noticed':
      return { ...event, details: hiddenInDetails(event.details, hide) }
    case 'ended': {
      const { screen } = event
      const details = hiddenInDetails(event.details, hide)
      return { ...event, details, ...(screen === undefined ? {} : { screen: screen.map(hide) }) }
    }
    default:
      return event
  }
}

/** Row by row: what stands in runs of different colours is one text. */
function hiddenInPicture(picture: ScreenPicture, hide: (text: string) => string): ScreenPicture {
  const rows = picture.rows.map((runs) => {
    const text = runs.map((run) => run.text).join('')
    const hidden = hide(text)
    return hidden === text ? runs : [{ text: hidden }]
  })
  return { ...picture, rows }
}

function hiddenInDetails(
  details: Readonly<Record<string, string>>,
  hide: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, hide(value)]))
}
