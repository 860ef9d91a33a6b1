import type { Pod } from '../../kinds/pod.ts'

export const indexAnnotation = 'batch.kubernetes.io/job-completion-index'

/** The number of an Indexed Job's pod. */
export function indexOf({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[indexAnnotation]
  return text === undefined ? undefined : Number(text)
}

/** Reads `0,2-4`. */
export function parseIndexes(text: string | undefined): Set<number> {
  const indexes = new Set<number>()
  for (const part of text ? text.split(',') : []) {
    const [first = 0, last = first] = part.split('-').map(Number)
    for (let index = first; index <= last; index++) indexes.add(index)
  }
  return indexes
}

/** Writes `0,2-4`: two neighbours are listed, three and more become a range. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b)
  const parts: string[] = []
  for (let i = 0; i < sorted.length; ) {
    let end = i
    while (sorted[end + 1] === sorted[end]! + 1) end++
    const [first, last] = [sorted[i]!, sorted[end]!]
    parts.push(last - first > 1 ? `${first}-${last}` : first === last ? `${first}` : `${first},${last}`)
    i = end + 1
  }
  return parts.join(',')
}
