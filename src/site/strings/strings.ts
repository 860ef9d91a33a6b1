import { en, type Strings } from './en.ts'
import { ko } from './ko.ts'

export type Locale = 'ko' | 'en'
export const locales: readonly Locale[] = ['ko', 'en']

/** The words of the interface in one language. For pages at build time: a page's script loads only its own language. */
export function strings(locale: Locale): Strings {
  return locale === 'ko' ? ko : en
}

export function otherLocale(locale: Locale): Locale {
  return locale === 'ko' ? 'en' : 'ko'
}
