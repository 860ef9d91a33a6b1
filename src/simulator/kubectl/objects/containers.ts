/** The containers that a pattern with `*` names. */
export function containersNamed<T extends { readonly name: string }>(containers: readonly T[], pattern: string): T[] {
  const source = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')
  return containers.filter(({ name }) => new RegExp(`^${source}$`).test(name))
}
