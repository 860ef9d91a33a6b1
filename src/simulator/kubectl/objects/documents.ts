import { jsonDocuments, jsonProblem } from '../yaml/goJson.ts'
import { parseYaml } from '../yaml/parser.ts'

/** The documents in a file of manifests as JSON values; what cannot be read is thrown when its turn comes. */
export function* documentsIn(text: string): Generator<unknown> {
  if (/^\s*\{/.test(text)) {
    for (const piece of jsonDocuments(text)) {
      const problem = jsonProblem(piece)
      if (problem === undefined) yield JSON.parse(piece)
      else yield* yamlInsteadOf(piece, problem)
    }
    return
  }
  for (const piece of yamlDocuments(text)) {
    let value: unknown
    try {
      value = parseYaml(piece)
    } catch (error) {
      throw new Error(`error converting YAML to JSON: ${(error as Error).message}`)
    }
    if (value !== undefined && value !== null) yield value
  }
}

/** Text that begins like JSON may still be YAML in flow style, and YAML may follow JSON. */
function* yamlInsteadOf(text: string, problem: string): Generator<unknown> {
  for (const [index, piece] of yamlDocuments(text).entries()) {
    let value: unknown
    try {
      value = parseYaml(piece)
    } catch (error) {
      throw new Error(index === 0 ? problem : `error converting YAML to JSON: ${(error as Error).message}`)
    }
    if (value !== undefined && value !== null) yield value
  }
}

/** Cuts YAML at lines of `---`; a line that opens the text stays with its document, so that lines count right. */
export function yamlDocuments(text: string): string[] {
  const documents: string[] = []
  let lines: string[] = []
  for (const line of text.split(/(?<=\n)/)) {
    if (/^---\s*(#.*)?$/.test(line.trimEnd()) && lines.length > 0) {
      documents.push(lines.join(''))
      lines = []
    } else lines.push(line)
  }
  documents.push(lines.join(''))
  return documents
}
