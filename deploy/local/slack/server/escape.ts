/** What people write, as Slack keeps it and apps get it: messages, and the text of slash commands whose manifest says `should_escape`. */
import type { Workspace } from './workspace.ts'

/** `@riya` becomes `<@U…|riya>`, `#ops` becomes `<#C…|ops>`, addresses get angle brackets, the three special characters are escaped. */
export function escapeCommandText(text: string, workspace: Workspace): string {
  return escapeCharacters(text)
    .replaceAll(/(?<before>^|\s)(?<url>https?:\/\/\S+)/g, '$<before><$<url>>')
    .replaceAll(/(?<before>^|\s)@(?<name>[a-z0-9._-]+)/g, (whole, before: string, name: string) => {
      const user = workspace.users.find((one) => one.name === name)
      return user === undefined ? whole : `${before}<@${user.id}|${user.name}>`
    })
    .replaceAll(/(?<before>^|\s)#(?<name>[a-z0-9_-]+)/g, (whole, before: string, name: string) => {
      const channel = workspace.channels.find((one) => one.name === name)
      return channel === undefined ? whole : `${before}<#${channel.id}|${channel.name}>`
    })
}

/**
 * What a person writes, as Slack stores it: characters escaped, addresses in angle brackets, bare names of hosts and
 * addresses of mail as links that show what was written. What stands in back quotes is code, and only escaped.
 */
export function escapeMessageText(text: string): string {
  return text
    .split(/(?<code>```[\s\S]*?```|`[^`\n]+`)/)
    .map((piece, index) => (index % 2 === 1 ? escapeCharacters(piece) : linked(escapeCharacters(piece))))
    .join('')
}

/** A few of the top-level domains that Slack knows. */
const ADDRESS =
  /(?<before>^|[\s(])(?:(?<url>https?:\/\/[^\s<>]+)|(?<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<host>(?:[a-z\d-]+\.)+(?:com|org|net|io|dev|jp)(?:\/[^\s<>]*)?))(?=$|[\s),.;])/gi

function linked(text: string): string {
  return text.replaceAll(ADDRESS, (_, before: string, url?: string, mail?: string, host?: string) => {
    if (url !== undefined) return `${before}<${url}>`
    return mail === undefined ? `${before}<http://${host}|${host}>` : `${before}<mailto:${mail}|${mail}>`
  })
}

function escapeCharacters(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
