import { comment, markIs, marks, setMark } from './chains.ts'

/** A chain that sends packets on by their interface. */
interface DispatchChain {
  readonly name: string
  readonly rules: readonly string[]
}

const unknown = `${comment('Unknown interface')} --jump DROP`

/** Where packets come from interfaces, where they go to them, and where a mark says from which they come. */
export type Direction = 'from' | 'to' | 'mark'

interface Dispatch {
  readonly root: string
  readonly match: string
  /** How the chain of one interface begins. */
  readonly own: string
  /** What becomes of the rest. */
  readonly last: readonly string[]
}

const dispatches: Readonly<Record<Direction, Dispatch>> = {
  from: { root: 'cali-from-wl-dispatch', match: '--in-interface', own: 'cali-fw-', last: [unknown] },
  to: { root: 'cali-to-wl-dispatch', match: '--out-interface', own: 'cali-tw-', last: [unknown] },
  mark: {
    root: 'cali-set-endpoint-mark',
    match: '--in-interface',
    own: 'cali-sm-',
    last: [
      `${comment('Unknown endpoint')} --in-interface cali+ --jump DROP`,
      `${comment('Non-Cali endpoint mark')} ${setMark(marks.noEndpoint, marks.endpoint)}`,
    ],
  },
}

/**
 * The chains that lead from an interface to the chain of its pod. Names that begin alike share a chain of their own, so
 * that a packet passes few rules on nodes with many pods.
 */
export function dispatchChains(direction: Direction, interfaces: readonly string[]): DispatchChain[] {
  const { root, match, own, last } = dispatches[direction]
  const sorted = [...interfaces].sort()
  const common = commonStart(sorted)
  const groups = new Map<string, string[]>()
  for (const name of sorted) {
    const start = name.slice(0, common.length + 1)
    groups.set(start, [...(groups.get(start) ?? []), name])
  }
  const goTo = (name: string) => `${match} ${name} --goto ${own}${name}`
  const rules: string[] = []
  const chains: DispatchChain[] = []
  for (const [start, names] of groups) {
    if (names.length === 1) {
      rules.push(goTo(names[0]!))
      continue
    }
    const name = `${root}-${start.slice(common.length)}`
    rules.push(`${match} ${start}+ --goto ${name}`)
    chains.push({ name, rules: [...names.map(goTo), unknown] })
  }
  return [...chains, { name: root, rules: [...rules, ...last] }]
}

/** The chain that leads from a mark to the chain of the pod that it stands for. */
export function markChain(marksOf: ReadonlyMap<string, number>): DispatchChain {
  const rules = [...marksOf].map(([name, mark]) => `${markIs(mark, marks.endpoint)} --goto cali-fw-${name}`)
  return { name: 'cali-from-endpoint-mark', rules: [...rules, unknown] }
}

/** With which letters all of them begin. */
function commonStart(sorted: readonly string[]): string {
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)]
  let length = 0
  // The last letter tells them apart, also where there is only one.
  while (length < first.length - 1 && first[length] === last[length]) length++
  return first.slice(0, length)
}
