/** A word of the course in one language. */
export interface TermWords {
  readonly term: string
  /** Other spellings that mean the same. */
  readonly also?: readonly string[] | undefined
  readonly text: string
}

/** An entry of content/glossary.yaml. */
export interface GlossaryEntry {
  readonly id: string
  readonly ko: TermWords
  readonly en: TermWords
}

/** Finds the words of the glossary in running text. */
export interface TermPattern {
  readonly pattern: RegExp
  /** The entry that a match speaks of. */
  idOf(match: string): string | undefined
}

/** What finds the terms of one language, longer ones first: `파드를`, `pods`. */
export function termPattern(entries: readonly GlossaryEntry[], language: 'ko' | 'en'): TermPattern {
  const ids = new Map<string, string>()
  for (const entry of entries)
    for (const spelling of [entry[language].term, ...(entry[language].also ?? [])]) ids.set(spelling, entry.id)
  const spellings = [...ids.keys()].sort((one, other) => other.length - one.length)
  const escaped = spellings.map(spelling => spelling.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  // Korean words go on with particles, English ones with an s; neither begins in the middle of a word.
  const source =
    language === 'ko' ? `(?<![\\p{L}\\p{N}-])(?:${escaped})` : `(?<![\\w-])(?:${escaped})(?:e?s)?(?![\\w-])`
  return {
    pattern: new RegExp(source, 'gu'),
    idOf: match => ids.get(match) ?? ids.get(match.replace(/s$/, '')) ?? ids.get(match.replace(/es$/, '')),
  }
}
