/** The text of a slash command as an app gets it when its manifest says `should_escape`. */
import type { Workspace } from './workspace.ts'

/** `@riya` becomes `<@U…|riya>`, `#ops` becomes `<#C…|ops>`, addresses get angle brackets, the three special characters are escaped. */
export function escapeCommandText(text: string, workspace: Workspace): string {
  return escapeMessageText(text)
    .replaceAll(/(?<before>^|\s)@(?<name>[a-z0-9._-]+)/g, (whole, before: string, name: string) => {
      const user = workspace.users.find((one) => one.name === name)
      return user === undefined ? whole : `${before}<@${user.id}|${user.name}>`
    })
    .replaceAll(/(?<before>^|\s)#(?<name>[a-z0-9_-]+)/g, (whole, before: string, name: string) => {
      const channel = workspace.channels.find((one) => one.name === name)
      return channel === undefined ? whole : `${before}<#${channel.id}|${channel.name}>`
    })
}

/** What a person writes, as Slack stores it: characters escaped, addresses in angle brackets. */
export function escapeMessageText(text: string): string {
  return escapeCharacters(text).replaceAll(/(?<before>^|\s)(?<url>https?:\/\/\S+)/g, '$<before><$<url>>')
}

function escapeCharacters(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
