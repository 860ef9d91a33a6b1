/** The names that a mistyped word may have meant: two slips away at most, or beginning with it. */
export function suggestions(word: string, names: readonly string[]): string[] {
  const typed = word.toLowerCase()
  return names.filter(name => {
    const candidate = name.toLowerCase()
    return slips(typed, candidate) <= 2 || candidate.startsWith(typed)
  })
}

/** Levenshtein's distance. */
function slips(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
