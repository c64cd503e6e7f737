/** Points in time, in the reader's language and zone. */

/** @type {{ locale: string | undefined, timeZone: string | undefined }} */
let reader = { locale: undefined, timeZone: undefined }

/** Milliseconds by which time is moved here. */
let ahead = 0

/** @param {number} milliseconds */
export function moveTime(milliseconds) {
  ahead = milliseconds
}

/** Milliseconds since 1970, as it is here. */
export function now() {
  return Date.now() + ahead
}

/** From now on for this person. @param {any} user */
export function readAs({ locale, tz }) {
  reader = { locale, timeZone: tz }
}

/** @param {Intl.DateTimeFormatOptions} options */
function inZone(options) {
  return { ...options, timeZone: reader.timeZone }
}

const DAY = 86_400_000
/** Of 24 hours: it is as short as the margin in which it stands. */
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }

/** @param {string | number} ts a message's timestamp */
export function timeOf(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString(reader.locale, inZone(CLOCK))
}

/** @param {string} ts */
export function fullTimeOf(ts) {
  return new Date(Number(ts) * 1000).toLocaleString(reader.locale, inZone({ dateStyle: 'full', timeStyle: 'medium' }))
}

/** Slack's date tokens: `{date_short_pretty} at {time}`. @param {number} epoch seconds @param {string} format */
export function formatDate(epoch, format) {
  const date = new Date(epoch * 1000)
  return format.replaceAll(/\{(\w+)\}/g, (whole, token) => dateToken(date, token) ?? whole)
}

/** @param {Date} date @param {string} token */
function dateToken(date, token) {
  const pretty = /^date(_short|_long)?_pretty$/.test(token) ? relativeDay(date) : undefined
  if (pretty !== undefined) return pretty
  switch (token.replace('_pretty', '')) {
    case 'date_num':
      return date.toLocaleDateString('sv-SE', inZone({}))
    case 'date_slash':
      return date.toLocaleDateString(reader.locale, inZone({}))
    case 'date':
    case 'day_divider':
      return date.toLocaleDateString(reader.locale, inZone({ month: 'long', day: 'numeric', year: 'numeric' }))
    case 'date_short':
      return date.toLocaleDateString(reader.locale, inZone({ month: 'short', day: 'numeric', year: 'numeric' }))
    case 'date_long':
      return date.toLocaleDateString(
        reader.locale,
        inZone({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
      )
    case 'time':
      return date.toLocaleTimeString(reader.locale, inZone(CLOCK))
    case 'time_secs':
      return date.toLocaleTimeString(reader.locale, inZone({ ...CLOCK, second: '2-digit' }))
    case 'ago':
      return ago(date)
    default:
      return undefined
  }
}

/** @param {Date} date */
function relativeDay(date) {
  const days = (dayOf(date) - dayOf(new Date(now()))) / DAY
  if (Math.abs(days) > 1) return undefined
  return new Intl.RelativeTimeFormat(reader.locale, { numeric: 'auto' }).format(days, 'day')
}

/** The day in the reader's zone, as milliseconds. @param {Date} date */
function dayOf(date) {
  return Date.parse(date.toLocaleDateString('sv-SE', inZone({})))
}

/** @param {Date} date */
function ago(date) {
  const minutes = Math.round((date.getTime() - now()) / 60_000)
  const words = new Intl.RelativeTimeFormat(reader.locale, { numeric: 'auto' })
  return Math.abs(minutes) < 60 ? words.format(minutes, 'minute') : words.format(Math.round(minutes / 60), 'hour')
}
