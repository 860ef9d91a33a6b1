/** A place where two texts differ: lines `from`–`fromEnd` of the first became `to`–`toEnd` of the second (ends excluded). */
export interface Change {
  readonly from: number
  readonly fromEnd: number
  readonly to: number
  readonly toEnd: number
}

/** The changes that turn one list of lines into the other, as few as possible and placed as GNU diff places them. */
export function diffLines(before: readonly string[], after: readonly string[]): Change[] {
  const removed = new Flags(before.length)
  const added = new Flags(after.length)
  markChanges(before, after, removed, added)
  shiftBoundaries(before, removed, added)
  shiftBoundaries(after, added, removed)
  return collectChanges(removed, added)
}

/** One flag per line; there is room on both sides, so that looking past the ends finds nothing. */
class Flags {
  readonly length: number
  readonly #bits: Uint8Array

  constructor(length: number) {
    this.length = length
    this.#bits = new Uint8Array(length + 2)
  }

  get(line: number): boolean {
    return this.#bits[line + 1] === 1
  }

  set(line: number, value: boolean): void {
    this.#bits[line + 1] = value ? 1 : 0
  }
}

/** Finds a shortest edit script (Myers, "An O(ND) difference algorithm"). */
function markChanges(before: readonly string[], after: readonly string[], removed: Flags, added: Flags): void {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let [end, otherEnd] = [before.length, after.length]
  while (end > start && otherEnd > start && before[end - 1] === after[otherEnd - 1]) {
    end--
    otherEnd--
  }
  const [n, m] = [end - start, otherEnd - start]
  const most = n + m
  const furthest = new Int32Array(2 * most + 3)
  const history: Int32Array[] = []
  for (let depth = 0; depth <= most; depth++) {
    history.push(furthest.slice())
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      const at = diagonal + most + 1
      const goesDown = diagonal === -depth || (diagonal !== depth && furthest[at - 1]! < furthest[at + 1]!)
      let x = goesDown ? furthest[at + 1]! : furthest[at - 1]! + 1
      let y = x - diagonal
      while (x < n && y < m && before[start + x] === after[start + y]) {
        x++
        y++
      }
      furthest[at] = x
      if (x >= n && y >= m) {
        trace(history, { n, m, most, start }, removed, added)
        return
      }
    }
  }
}

interface Region {
  readonly n: number
  readonly m: number
  readonly most: number
  readonly start: number
}

/** Walks the found path back and marks what it leaves out and puts in. */
function trace(history: readonly Int32Array[], { n, m, most, start }: Region, removed: Flags, added: Flags): void {
  let [x, y] = [n, m]
  for (let depth = history.length - 1; depth > 0; depth--) {
    const furthest = history[depth]!
    const at = x - y + most + 1
    const diagonal = x - y
    const goesDown = diagonal === -depth || (diagonal !== depth && furthest[at - 1]! < furthest[at + 1]!)
    const previous = diagonal + (goesDown ? 1 : -1)
    x = furthest[previous + most + 1]!
    y = x - previous
    if (goesDown) added.set(start + y, true)
    else removed.set(start + x, true)
  }
}

/** Slides each run of changed lines as far down as it goes, joining runs, and back to where the other side changes. */
function shiftBoundaries(lines: readonly string[], changed: Flags, otherChanged: Flags): void {
  const end = lines.length
  let i = 0
  let j = 0
  for (;;) {
    while (i < end && !changed.get(i)) {
      while (otherChanged.get(j)) j++
      j++
      i++
    }
    if (i >= end) return
    let start = i
    do i++
    while (changed.get(i))
    while (otherChanged.get(j)) j++
    let corresponding: number
    let length: number
    do {
      length = i - start
      while (start > 0 && lines[start - 1] === lines[i - 1]) {
        changed.set(--start, true)
        changed.set(--i, false)
        while (changed.get(start - 1)) start--
        do j--
        while (otherChanged.get(j))
      }
      corresponding = otherChanged.get(j - 1) ? i : end
      while (i < end && lines[start] === lines[i]) {
        changed.set(start++, false)
        changed.set(i++, true)
        while (changed.get(i)) i++
        j++
        while (otherChanged.get(j)) {
          corresponding = i
          j++
        }
      }
    } while (length !== i - start)
    while (corresponding < i) {
      changed.set(--start, true)
      changed.set(--i, false)
      do j--
      while (otherChanged.get(j))
    }
  }
}

function collectChanges(removed: Flags, added: Flags): Change[] {
  const changes: Change[] = []
  let [i, j] = [0, 0]
  while (i < removed.length || j < added.length) {
    if (!removed.get(i) && !added.get(j)) {
      i++
      j++
      continue
    }
    const [from, to] = [i, j]
    while (removed.get(i)) i++
    while (added.get(j)) j++
    changes.push({ from, fromEnd: i, to, toEnd: j })
  }
  return changes
}
