/** The labels of one series, in the order in which they are printed. */
export type Labels = Readonly<Record<string, string>>

/** Where the limits of buckets lie for times and sizes, as Envoy draws them. */
const limits = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
]

interface Histogram {
  readonly labels: string
  readonly counts: number[]
  count: number
  sum: number
}

/** Counters and histograms, printed as Prometheus reads them. */
export class MeshMetrics {
  readonly #counters = new Map<string, Map<string, number>>()
  readonly #histograms = new Map<string, Map<string, Histogram>>()

  add(name: string, labels: Labels, amount = 1): void {
    const series = seriesOf(this.#counters, name)
    const key = formatLabels(labels)
    series.set(key, (series.get(key) ?? 0) + amount)
  }

  observe(name: string, labels: Labels, value: number): void {
    const series = seriesOf(this.#histograms, name)
    const key = formatLabels(labels)
    let histogram = series.get(key)
    if (!histogram) {
      histogram = { labels: key, counts: limits.map(() => 0), count: 0, sum: 0 }
      series.set(key, histogram)
    }
    histogram.count++
    histogram.sum += value
    for (const [index, limit] of limits.entries())
      if (value <= limit) histogram.counts[index] = histogram.counts[index]! + 1
  }

  /** Every series of a counter: its labels as they are printed, and its value. */
  series(name: string): ReadonlyMap<string, number> {
    return this.#counters.get(name) ?? new Map()
  }

  /** All of it in Prometheus' text format. */
  toString(): string {
    const lines: string[] = []
    for (const [name, series] of sorted(this.#counters)) {
      lines.push(`# TYPE ${name} counter`)
      for (const [labels, value] of sorted(series)) lines.push(`${name}{${labels}} ${value}`)
    }
    for (const [name, series] of sorted(this.#histograms)) {
      lines.push(`# TYPE ${name} histogram`)
      for (const [labels, { counts, count, sum }] of sorted(series)) {
        for (const [index, limit] of limits.entries())
          lines.push(`${name}_bucket{${labels},le="${limit}"} ${counts[index]}`)
        lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`)
        lines.push(`${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${count}`)
      }
    }
    return lines.map(line => `${line}\n`).join('')
  }
}

function seriesOf<T>(all: Map<string, Map<string, T>>, name: string): Map<string, T> {
  const found = all.get(name) ?? new Map<string, T>()
  all.set(name, found)
  return found
}

function sorted<T>(all: ReadonlyMap<string, T>): [string, T][] {
  return [...all].sort(([one], [other]) => (one < other ? -1 : 1))
}

function formatLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`)
    .join(',')
}
