/**
 * In which language to speak: to one person by the locale of their Slack, in a channel by its setting. A locale that can
 * not be had in time is no reason to keep anybody waiting: a form may be opened for three seconds only.
 */
import type { WebClient } from '@slack/web-api'
import { catalogues, type Language } from '../../core/i18n/catalogue.ts'

/** People change their language about never. */
const KEPT_MS = 60 * 60 * 1000
const PATIENCE_MS = 800

export interface LanguageSettings {
  /** Where nothing else is known. */
  readonly usual: Language
  /** By channel id. */
  readonly channels: ReadonlyMap<string, Language>
}

export class Languages {
  readonly #settings: LanguageSettings
  readonly #now: () => number
  readonly #known = new Map<string, { readonly language: Language; readonly until: number }>()

  constructor(settings: LanguageSettings, now: () => number) {
    this.#settings = settings
    this.#now = now
  }

  in(channel: string | undefined): Language {
    return this.#settings.channels.get(channel ?? '') ?? this.#settings.usual
  }

  /** Asks Slack (users.info, scope users:read) at most once an hour. */
  async of(user: string, client: WebClient): Promise<Language> {
    const known = this.#known.get(user)
    if (known !== undefined && known.until > this.#now()) return known.language
    const asked = this.#ask(user, client)
    return (await Promise.race([asked, later()])) ?? this.#settings.usual
  }

  async #ask(user: string, client: WebClient): Promise<Language | undefined> {
    try {
      const { user: found } = await client.users.info({ user, include_locale: true })
      const language = languageOf(found?.locale) ?? this.#settings.usual
      this.#known.set(user, { language, until: this.#now() + KEPT_MS })
      return language
    } catch {
      // Slack is slow, or the app lacks the scope: the answer is then in the usual language.
      return undefined
    }
  }
}

/** `ja-JP` is `ja`. */
function languageOf(locale: string | undefined): Language | undefined {
  const [name = ''] = (locale ?? '').split('-')
  return isLanguage(name) ? name : undefined
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(catalogues, name)
}

function later(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, undefined).unref())
}
