/** A part of a page that search can lead to. */
export interface Section {
  readonly title: string
  /** Empty at the beginning of a page. */
  readonly heading: string
  readonly path: string
  readonly text: string
}

/** What is searched in one language: sections, and words that mean the same. */
export interface SearchIndex {
  readonly sections: readonly Section[]
  /** Spellings of one thing, in both languages. */
  readonly synonyms: readonly (readonly string[])[]
}

/** A section that holds every word of a query, with the text around the first of them. */
export interface Hit {
  readonly section: Section
  readonly excerpt: string
}

const around = 60

/**
 * Sections that hold every word of a query, the best first. A word may stand inside a compound (정책 in 네트워크정책) and in
 * the other language (endpoint for 엔드포인트).
 */
export function findSections({ sections, synonyms }: SearchIndex, query: string, most = 20): Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const wanted = words.map(word => spellingsOf(word, synonyms))
  const found: { readonly score: number; readonly hit: Hit }[] = []
  for (const section of sections) {
    let score = 0
    let first = -1
    for (const spellings of wanted) {
      const { points, at } = scoreOf(section, spellings)
      if (points === 0) {
        score = 0
        break
      }
      score += points
      if (first < 0) first = at
    }
    if (score > 0) found.push({ score, hit: { section, excerpt: excerptOf(section.text, Math.max(0, first)) } })
  }
  return found
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ hit }) => hit)
}

function spellingsOf(word: string, synonyms: SearchIndex['synonyms']): string[] {
  const others = synonyms.filter(spellings => spellings.some(spelling => spelling.toLowerCase() === word))
  return [word, ...others.flat().map(spelling => spelling.toLowerCase())]
}

function scoreOf({ title, heading, text }: Section, spellings: readonly string[]): { points: number; at: number } {
  let points = 0
  let at = -1
  for (const spelling of new Set(spellings)) {
    if (title.toLowerCase().includes(spelling)) points += 20
    if (heading.toLowerCase().includes(spelling)) points += 10
    const pieces = text.toLowerCase().split(spelling)
    points += Math.min(5, pieces.length - 1)
    if (at < 0 && pieces.length > 1) at = pieces[0]!.length
  }
  return { points, at }
}

function excerptOf(text: string, at: number): string {
  const start = Math.max(0, at - around)
  const end = Math.min(text.length, at + around * 2)
  return `${start > 0 ? '… ' : ''}${text.slice(start, end).trim()}${end < text.length ? ' …' : ''}`
}
