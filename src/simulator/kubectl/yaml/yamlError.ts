/** YAML that cannot be read, in libyaml's words, with the line as go-yaml reckons it. */
export class YamlError extends Error {
  constructor(problem: string, where?: { kind: 'scanner' | 'parser'; context: number; problem: number }) {
    super(`yaml: ${where ? lineOf(where) : ''}${problem}`)
  }
}

/** Lines count from zero inside, and go-yaml adds one only for scanner errors: parser errors name the line before. */
function lineOf({ kind, context, problem }: { kind: 'scanner' | 'parser'; context: number; problem: number }): string {
  const line = problem || context
  return line === 0 ? '' : `line ${kind === 'scanner' ? line + 1 : line}: `
}
