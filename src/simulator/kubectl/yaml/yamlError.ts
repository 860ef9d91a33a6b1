/** Where something is wrong: the line of the construct that it is in, and the line itself. */
interface Where {
  readonly kind: 'scanner' | 'parser'
  readonly context: number
  readonly problem: number
}

/** YAML that cannot be read, in libyaml's words, with the line as go-yaml reckons it. */
export class YamlError extends Error {
  readonly #problem: string
  readonly #where: Where | undefined

  constructor(problem: string, where?: Where) {
    super(`yaml: ${where ? lineOf(where, where.problem || where.context) : ''}${problem}`)
    this.#problem = problem
    this.#where = where
  }

  /** The message of go-yaml v3, which names the line of the construct first. */
  get asVersion3(): string {
    const where = this.#where
    return `yaml: ${where ? lineOf(where, where.context || where.problem) : ''}${this.#problem}`
  }
}

/** Lines count from zero inside, and go-yaml adds one only for scanner errors: parser errors name the line before. */
function lineOf({ kind }: Where, line: number): string {
  return line === 0 ? '' : `line ${kind === 'scanner' ? line + 1 : line}: `
}
