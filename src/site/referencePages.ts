import type { Strings } from './strings/en.ts'
import type { Locale } from './strings/strings.ts'

/** A page of the site that is no lesson. */
export interface ReferencePage {
  readonly path: string
  readonly title: string
}

/** The pages beside the lessons, in the order in which they are listed. */
export function referencePages(locale: Locale, words: Strings): readonly ReferencePage[] {
  const pages = [
    ['review', words.reviewTitle],
    ['glossary', words.glossaryTitle],
    ['commands', words.commandsTitle],
    ['playground', words.playgroundTitle],
    ['notes', words.notesTitle],
    ['simulated', words.simulatedTitle],
    ['instructors', words.instructorsTitle],
  ] as const
  return pages.map(([page, title]) => ({ path: `/${locale}/${page}/`, title }))
}
