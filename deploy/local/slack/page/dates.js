/** Points in time, as the reader's own clock says them. */

const DAY = 86_400_000
/** Of 24 hours: it is as short as the margin in which it stands. */
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }

/** @param {string} ts a message's timestamp */
export function timeOf(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], CLOCK)
}

/** @param {string} ts */
export function fullTimeOf(ts) {
  return new Date(Number(ts) * 1000).toLocaleString([], { dateStyle: 'full', timeStyle: 'medium' })
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
      return date.toLocaleDateString('sv-SE')
    case 'date_slash':
      return date.toLocaleDateString([])
    case 'date':
    case 'day_divider':
      return date.toLocaleDateString([], { month: 'long', day: 'numeric', year: 'numeric' })
    case 'date_short':
      return date.toLocaleDateString([], { month: 'short', day: 'numeric', year: 'numeric' })
    case 'date_long':
      return date.toLocaleDateString([], { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' })
    case 'time':
      return date.toLocaleTimeString([], CLOCK)
    case 'time_secs':
      return date.toLocaleTimeString([], { ...CLOCK, second: '2-digit' })
    case 'ago':
      return ago(date)
    default:
      return undefined
  }
}

/** @param {Date} date */
function relativeDay(date) {
  const midnight = new Date().setHours(0, 0, 0, 0)
  const days = Math.floor((date.getTime() - midnight) / DAY)
  return { 0: 'today', '-1': 'yesterday', 1: 'tomorrow' }[days]
}

/** @param {Date} date */
function ago(date) {
  const minutes = Math.round((date.getTime() - Date.now()) / 60_000)
  const words = new Intl.RelativeTimeFormat([], { numeric: 'auto' })
  return Math.abs(minutes) < 60 ? words.format(minutes, 'minute') : words.format(Math.round(minutes / 60), 'hour')
}
