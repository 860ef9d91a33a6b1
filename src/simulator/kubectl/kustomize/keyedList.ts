type Item = Record<string, unknown>
type Values = readonly string[]

/**
 * Merges the items of a patch into those of a list, told apart by some keys, in kustomize's order: the patch's items,
 * then what the list had. With several keys, what the list had moves behind what is new (sigs.k8s.io/kustomize/kyaml/yaml/walk).
 */
export function mergeItems(
  list: readonly Item[],
  patch: readonly Item[],
  keys: Values,
  merge: (item: Item | undefined, change: Item | undefined) => Item | undefined,
): Item[] {
  const values = different([...patch, ...list].map(item => valuesOf(item, keys)))
  const known = keys.length > 1 ? completed(values) : values
  const used = keysInUse(known, keys)
  let live = [...list]
  let items: Item[] = []
  for (const all of known) {
    const wanted = all.filter((_, i) => used.includes(keys[i]!))
    const [ownKeys, ownValues] = present(wanted, used)
    const item = live.find(each => hasExactly(each, ownKeys, ownValues))
    const change = patch.find(each => hasExactly(each, ownKeys, ownValues))
    const result = item || change ? merge(item, change) : undefined
    if (result === undefined || Object.keys(result).length === 0) {
      live = live.filter(each => !has(each, used, wanted))
      continue
    }
    for (const [i, key] of used.entries()) if (result[key] === undefined && wanted[i]) result[key] = wanted[i]
    if (item) live = live.map(each => (each === item ? result : each))
    items = put(items, result, used, wanted)
  }
  for (const item of live) items = append(items, item, used)
  return items
}

function append(items: readonly Item[], item: Item, keys: Values): Item[] {
  const values: string[] = []
  let result = [...items]
  for (const key of keys) {
    if (item[key] === undefined || item[key] === null) result.push(item)
    else values.push(String(item[key]))
  }
  if (keys.length > 1) result = result.filter(each => values.length > 0 && !has(each, keys, values))
  if (values.length === 0) return [item]
  return put(result, item, keys, values)
}

/** Puts an item in the place of those that have the values, or at the end. */
function put(items: readonly Item[], item: Item, keys: Values, values: Values): Item[] {
  if (!items.some(each => has(each, keys, values))) return [...items, item]
  return items.map(each => (has(each, keys, values) ? item : each))
}

/** Whether an item has the values, as far as they go; an empty one asks only for the key. */
function has(item: Item, keys: Values, values: Values): boolean {
  return values.every((value, i) => {
    const own = item[keys[i]!]
    return own !== undefined && (value === '' || String(own) === value)
  })
}

function hasExactly(item: Item, keys: Values, values: Values): boolean {
  return values.every((value, i) => {
    const own = item[keys[i]!]
    return own !== undefined && String(own) === value
  })
}

function valuesOf(item: Item, keys: Values): string[] {
  return keys.map(key => (item[key] === undefined || item[key] === null ? '' : String(item[key])))
}

function different(all: readonly string[][]): string[][] {
  const seen = new Map(all.map(values => [values.join('\0'), values]))
  return [...seen.values()]
}

/** Items that agree in a key, where the other key is left out by one of them, count as one. */
function completed(all: readonly string[][]): string[][] {
  const result = all.map(values => [...values])
  for (let i = 0; i < result.length; i++) {
    for (let j = 0; j < result.length; j++) {
      const both = combined(result[i]!, result[j]!)
      if (both) result[i] = result[j] = both
    }
  }
  return result
}

function combined(a: readonly string[], b: readonly string[]): string[] | undefined {
  if (a.some((value, i) => value !== b[i] && value !== '' && b[i] !== '')) return undefined
  return a.some((value, i) => value === b[i]) ? a.map((value, i) => value || b[i]!) : undefined
}

function keysInUse(all: readonly Values[], keys: Values): Values {
  const used = keys.filter((_, i) => all.some(values => values[i] !== ''))
  return used.length > 0 ? used : keys
}

function present(values: Values, keys: Values): [keys: Values, values: Values] {
  if (values.every(value => value === '')) return [keys, values]
  return [keys.filter((_, i) => values[i] !== ''), values.filter(value => value !== '')]
}
