/** Puts what a sentence names into its places. A place is a word in braces: `There is no user {user}.` */
export function fill(sentence: string, names: Readonly<Record<string, string>>): string {
  return sentence.replaceAll(/\{(?<name>\w+)\}/g, (_, name: string) => names[name] ?? '?')
}
