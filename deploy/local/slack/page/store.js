/** What the signed-in user sees, kept in step with the server's stream of changes. */

export class Store {
  /** @param {() => void} changed called after every change */
  constructor(changed) {
    this.changed = changed
    this.snapshot = undefined
    this.connection = 'connecting'
    this.stream = undefined
  }

  /** Shows the workspace as `user` sees it, from now on. @param {string} user the first user of the workspace when empty */
  connect(user) {
    this.stream?.close()
    const stream = new EventSource(`/page-api/stream${user === '' ? '' : `?user=${encodeURIComponent(user)}`}`)
    this.stream = stream
    stream.addEventListener('open', () => this.set('connection', 'live'))
    stream.addEventListener('error', () => {
      const isRefused = stream.readyState === EventSource.CLOSED
      if (isRefused && user !== '') this.connect('')
      else this.set('connection', 'reconnecting')
    })
    stream.addEventListener('snapshot', (event) => this.set('snapshot', JSON.parse(event.data)))
    stream.addEventListener('change', (event) => this.apply(JSON.parse(event.data)))
  }

  set(name, value) {
    this[name] = value
    this.changed()
  }

  channel(id) {
    return this.snapshot?.channels.find((channel) => channel.id === id)
  }

  apply(change) {
    if (change.kind === 'clock') return this.set('snapshot', { ...this.snapshot, ahead: change.ahead })
    const channel = this.channel(change.channel)
    switch (change.kind) {
      case 'posted':
      case 'updated':
        put(channel.messages, change.message)
        break
      case 'deleted':
        remove(channel.messages, change.ts)
        break
      case 'ephemeral':
        put(channel.ephemerals, change.message)
        break
      case 'ephemeral-removed':
        remove(channel.ephemerals, change.ts)
        break
      case 'views':
        this.snapshot.views = change.views
        break
      default:
        this.snapshot.notices.push(change.notice)
    }
    this.changed()
  }
}

/** In place of the one with that timestamp, else at its place in time. */
function put(messages, message) {
  const index = messages.findIndex((other) => other.ts === message.ts)
  if (index >= 0) messages[index] = message
  else messages.splice(messages.filter((other) => Number(other.ts) < Number(message.ts)).length, 0, message)
}

function remove(messages, ts) {
  const index = messages.findIndex((message) => message.ts === ts)
  if (index >= 0) messages.splice(index, 1)
}

/** Does something as `user`; resolves with the server's account of how it went. */
export async function deed(user, what) {
  const response = await fetch('/page-api/deed', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, ...what }),
  })
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  return response.json()
}

/** Hands a file to the workspace as `user`; resolves with what it is called there. @param {string} user @param {File} file */
export async function give(user, file) {
  const address = `/page-api/give/${encodeURIComponent(file.name)}?user=${encodeURIComponent(user)}`
  const response = await fetch(address, { method: 'POST', body: file })
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  return (await response.json()).file
}
