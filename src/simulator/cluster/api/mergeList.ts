import { isEqual } from './equality.ts'

type Item = Record<string, unknown>

/** Whether two items of a merged list are the same one: by their key, or by their value. */
export function isSameItem(a: unknown, b: unknown, mergeKey: string | undefined): boolean {
  return mergeKey === undefined ? isEqual(a, b) : isEqual((a as Item)[mergeKey], (b as Item)[mergeKey])
}

export function indexOfItem(items: readonly unknown[], wanted: unknown, mergeKey: string | undefined): number {
  return items.findIndex(item => isSameItem(item, wanted, mergeKey))
}

/** Items in the order in which another list has them; strangers stay where they are, in front. */
export function inOrderOf(
  items: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  return items
    .map(item => ({ item, place: indexOfItem(order, item, mergeKey) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

/**
 * Brings a merged list into order: what the patch names in the patch's order, the rest in the server's, and both
 * woven together as the server had them (normalizeElementOrder of k8s.io/apimachinery/pkg/util/strategicpatch).
 */
export function weave(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const isNamed = (item: unknown): boolean => indexOfItem(patchOrder, item, mergeKey) >= 0
  const named = inOrderOf(merged.filter(isNamed), patchOrder, mergeKey)
  const others = inOrderOf(
    merged.filter(item => !isNamed(item)),
    serverOrder,
    mergeKey,
  )
  const woven: unknown[] = []
  let next = 0
  for (const item of named) {
    const place = indexOfItem(serverOrder, item, mergeKey)
    while (next < others.length) {
      const otherPlace = indexOfItem(serverOrder, others[next], mergeKey)
      if (place < 0 || otherPlace < 0 || otherPlace >= place) break
      woven.push(others[next++])
    }
    woven.push(item)
  }
  return [...woven, ...others.slice(next)]
}
