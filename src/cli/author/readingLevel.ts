import type { Language } from './lessonSource.ts'
import type { LessonText } from './lessonText.ts'

/** How hard a text is to read. */
export interface ReadingLevel {
  /** Words of an average sentence; code counts as one word. */
  readonly words: number
  /** Words of the longest. */
  readonly longest: number
  /** School years that English takes (Flesch and Kincaid); undefined for Korean, which has no such measure. */
  readonly grade: number | undefined
}

/** Measures the sentences of a lesson. */
export function readingLevel({ sentences }: LessonText, language: Language): ReadingLevel {
  const lists = sentences.map(({ text }) =>
    text
      .replace(/`[^`]*`/g, 'code')
      .split(/\s+/)
      .filter(Boolean),
  )
  const words = lists.flat()
  const average = words.length / Math.max(1, lists.length)
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0)
  const grade = 0.39 * average + 11.8 * (syllables / Math.max(1, words.length)) - 15.59
  return {
    words: average,
    longest: Math.max(0, ...lists.map(list => list.length)),
    grade: language === 'en' ? grade : undefined,
  }
}

/** About how many syllables an English word has: groups of vowels, without a silent e. */
function syllablesOf(word: string): number {
  const letters = word.toLowerCase().replace(/[^a-z]/g, '')
  const groups = letters.replace(/(?<=[^aeiouy])e$/, '').match(/[aeiouy]+/g)
  return Math.max(1, groups?.length ?? 1)
}
