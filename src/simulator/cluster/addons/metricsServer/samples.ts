/** What one scrape of a kubelet has told of something. */
export interface Sample {
  /** Seconds of processor time so far. */
  readonly processor: number
  /** Bytes. */
  readonly memory: number
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What something used between two scrapes. */
export interface Usage {
  /** Billionths of a core. */
  readonly processor: number
  readonly memory: number
  readonly at: number
  /** Milliseconds between the scrapes. */
  readonly window: number
}

/** The two newest scrapes of everything. */
export class Samples {
  readonly #pairs = new Map<string, { readonly before: Sample | undefined; readonly last: Sample }>()

  /** Reads the text of `/metrics/resource`; keys are `node/NAME` and `pod/NAMESPACE/NAME/CONTAINER`. */
  read(nodeName: string, text: string): void {
    const found = new Map<string, { processor?: number; memory?: number; at: number }>()
    for (const [, name = '', labels = '', value = '', at = ''] of text.matchAll(
      /^(\w+?)_(?:cpu_usage_seconds_total|memory_working_set_bytes)(?:\{([^}]*)\})? (\S+) (\d+)$/gm,
    )) {
      const key = name === 'node' ? `node/${nodeName}` : name === 'container' ? containerKey(labels) : undefined
      if (key === undefined) continue
      const sample = found.get(key) ?? { at: Number(at) }
      found.set(key, {
        ...sample,
        ...(sample.processor === undefined ? { processor: Number(value) } : { memory: Number(value) }),
      })
    }
    for (const [key, { processor, memory, at }] of found) {
      if (processor === undefined || memory === undefined) continue
      this.#pairs.set(key, { before: this.#pairs.get(key)?.last, last: { processor, memory, at } })
    }
  }

  /** Forgets what has not been seen for a while. */
  forget(before: number): void {
    for (const [key, { last }] of this.#pairs) if (last.at < before) this.#pairs.delete(key)
  }

  usageOf(key: string): Usage | undefined {
    const { before, last } = this.#pairs.get(key) ?? {}
    if (!before || !last || last.processor < before.processor) return undefined
    const window = last.at - before.at
    const processor = Math.round(((last.processor - before.processor) / (window / 1000)) * 1e9)
    return { processor, memory: last.memory, at: last.at, window }
  }

  get size(): number {
    return this.#pairs.size
  }
}

function containerKey(labels: string): string {
  const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? ''
  return `pod/${value('namespace')}/${value('pod')}/${value('container')}`
}
