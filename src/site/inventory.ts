/** What the simulator has, by the names of its files: one thing, one file. */
export interface Inventory {
  readonly verbs: readonly string[]
  readonly kinds: readonly string[]
  readonly programs: readonly string[]
  readonly images: readonly string[]
}

/** Lists what the simulator has. */
export function inventory(): Inventory {
  return {
    verbs: namesOf(import.meta.glob('../simulator/kubectl/verbs/*.ts'), ['verb']),
    kinds: namesOf(import.meta.glob('../simulator/cluster/kinds/*.ts'), ['kind']),
    programs: namesOf(import.meta.glob('../simulator/machine/programs/*.ts'), []),
    images: namesOf(import.meta.glob('../simulator/cluster/images/*.ts'), ['image', 'elsewhere']),
  }
}

/** Names of files, without the registry and the files that say what all have in common. */
function namesOf(modules: Readonly<Record<string, unknown>>, common: readonly string[]): string[] {
  return Object.keys(modules)
    .map(path => path.replace(/^.*\/|\.ts$/g, ''))
    .filter(name => name !== 'registry' && !common.includes(name))
    .sort()
}
