/** The hosts for which both a listener and a route are; undefined when there are none. No names at all mean every host. */
export function intersect(listener: string | undefined, route: readonly string[]): readonly string[] | undefined {
  if (route.length === 0) return [listener ?? '']
  const found = route.flatMap(name => {
    if (listener === undefined || listener === '' || covers(listener, name)) return [name]
    return covers(name, listener) ? [listener] : []
  })
  return found.length > 0 ? [...new Set(found)] : undefined
}

/** Whether every host that one name stands for is one of the other's. Wildcards stand for one label or more. */
function covers(pattern: string, name: string): boolean {
  if (pattern === name) return true
  return pattern.startsWith('*.') && name.endsWith(pattern.slice(1)) && name !== pattern
}
