import { Failure } from '../failure.ts'
import { apiVersionOf, type Resource } from './resource.ts'

/** No resource is of this kind; `resource mapping not found …` is made of it. */
export class NoKindMatch extends Failure {
  constructor(kind: string, apiVersion: string) {
    super(apiVersion ? `no matches for kind "${kind}" in version "${apiVersion}"` : `no matches for kind "${kind}"`)
  }
}

/** Everything that a server offers, and the names people have for it (kubectl's RESTMapper). */
export class Resources {
  /** In the order of the server's groups; each kind in the version the server prefers first. */
  readonly all: readonly Resource[]

  constructor(all: readonly Resource[]) {
    this.all = all
  }

  /** Finds what `po`, `pods`, `Pod`, `deployments.apps` or `deployments.v1.apps` mean. */
  named(argument: string): Resource {
    const found = this.findNamed(argument)
    if (found) return found
    throw new Failure(`the server doesn't have a resource type ${JSON.stringify(argument.split('.')[0])}`)
  }

  findNamed(argument: string): Resource | undefined {
    const name = argument.toLowerCase()
    const [word = '', ...rest] = name.split('.')
    if (rest.length >= 2) {
      const [version, ...group] = rest
      const exact = this.#withName(word, r => r.version === version && r.group === group.join('.'))
      if (exact) return exact
    }
    if (rest.length === 0) return this.#withName(word, () => true) ?? this.#ofKind(word, () => true)
    const group = rest.join('.')
    return (
      this.#withName(word, r => r.group === group) ??
      this.#withName(word, r => r.group.startsWith(group)) ??
      this.#ofKind(word, r => r.group === group || `${r.version}.${r.group}` === group)
    )
  }

  #withName(word: string, isWanted: (resource: Resource) => boolean): Resource | undefined {
    return (
      this.all.find(each => isWanted(each) && (each.plural === word || each.singular === word)) ??
      this.all.find(each => isWanted(each) && each.shortNames.includes(word))
    )
  }

  #ofKind(word: string, isWanted: (resource: Resource) => boolean): Resource | undefined {
    return this.all.find(each => isWanted(each) && each.kind.toLowerCase() === word)
  }

  hasKind(apiVersion: string, kind: string): boolean {
    return this.all.some(each => each.kind === kind && apiVersionOf(each) === apiVersion)
  }

  /** The resource that holds objects of a kind. */
  ofKind(apiVersion: string, kind: string): Resource {
    const found = this.all.find(each => each.kind === kind && apiVersionOf(each) === apiVersion)
    if (found) return found
    throw new NoKindMatch(kind, apiVersion)
  }

  /** The names that a category such as `all` stands for. */
  inCategory(category: string): Resource[] {
    return this.all.filter(each => each.categories.includes(category))
  }

  /** Replaces categories in `all,ingress` by what they stand for. */
  expand(argument: string): string[] {
    return argument.split(',').flatMap(part => {
      const members = this.inCategory(part)
      return members.length > 0
        ? members.map(each => (each.group ? `${each.plural}.${each.group}` : each.plural))
        : [part]
    })
  }
}
