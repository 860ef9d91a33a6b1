/** A stretch of lines that two texts have in common: where it begins in each, and how many lines it has. */
export interface Match {
  readonly left: number
  readonly right: number
  readonly length: number
}

/** In texts of so many lines, lines that make up more than a hundredth of the text do not begin a match. */
const manyLines = 200

/**
 * What two texts have in common, the longest stretch first and then what is left and right of it: Python's
 * difflib.SequenceMatcher as github.com/pmezard/go-difflib has it.
 */
export function matchLines(left: readonly string[], right: readonly string[]): Match[] {
  const places = placesOf(right)
  const found: Match[] = []
  const queue: [number, number, number, number][] = [[0, left.length, 0, right.length]]
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [leftStart, leftEnd, rightStart, rightEnd] = next
    const match = longest(left, right, places, next)
    if (match.length === 0) continue
    found.push(match)
    const [afterLeft, afterRight] = [match.left + match.length, match.right + match.length]
    if (leftStart < match.left && rightStart < match.right) queue.push([leftStart, match.left, rightStart, match.right])
    if (afterLeft < leftEnd && afterRight < rightEnd) queue.push([afterLeft, leftEnd, afterRight, rightEnd])
  }
  return joined(found.sort((a, b) => a.left - b.left || a.right - b.right))
}

/** Where each line stands; lines that are too common are left out. */
function placesOf(lines: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (const [index, line] of lines.entries()) {
    const known = places.get(line)
    if (known) known.push(index)
    else places.set(line, [index])
  }
  const most = Math.floor(lines.length / 100) + 1
  if (lines.length >= manyLines) for (const [line, all] of places) if (all.length > most) places.delete(line)
  return places
}

function longest(
  left: readonly string[],
  right: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  [leftStart, leftEnd, rightStart, rightEnd]: readonly [number, number, number, number],
): Match {
  let best = { left: leftStart, right: rightStart, length: 0 }
  // How long the match is that ends with the line before, by its place on the right.
  let lengths = new Map<number, number>()
  for (let index = leftStart; index < leftEnd; index++) {
    const next = new Map<number, number>()
    for (const place of places.get(left[index]!) ?? []) {
      if (place < rightStart) continue
      if (place >= rightEnd) break
      const length = (lengths.get(place - 1) ?? 0) + 1
      next.set(place, length)
      if (length > best.length) best = { left: index - length + 1, right: place - length + 1, length }
    }
    lengths = next
  }
  let { left: from, right: to, length } = best
  // Common lines join a match at its ends.
  for (; from > leftStart && to > rightStart && left[from - 1] === right[to - 1]; length++) {
    from--
    to--
  }
  while (from + length < leftEnd && to + length < rightEnd && left[from + length] === right[to + length]) length++
  return { left: from, right: to, length }
}

function joined(matches: readonly Match[]): Match[] {
  const result: Match[] = []
  for (const match of matches) {
    const last = result.at(-1)
    if (last && last.left + last.length === match.left && last.right + last.length === match.right)
      result[result.length - 1] = { ...last, length: last.length + match.length }
    else result.push(match)
  }
  return result
}
