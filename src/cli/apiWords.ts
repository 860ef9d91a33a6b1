import { readdirSync, readFileSync } from 'node:fs'

/** What a type and its fields are, in the words of the API. */
export interface Words {
  readonly type: string
  readonly fields: Readonly<Record<string, string>>
}

const modules = new URL('../../node_modules/kubernetes-types/', import.meta.url)

/**
 * The words of kubernetes-types. It is some releases older than the schema, but keeps line breaks and the words of
 * fields that hold another type, both of which @kubernetes/client-node loses.
 */
export function readKubernetesTypes(): (model: string) => Words | undefined {
  const found = new Map<string, Words>()
  for (const group of readdirSync(modules, { withFileTypes: true })) {
    if (!group.isDirectory()) continue
    for (const file of readdirSync(new URL(`${group.name}/`, modules))) {
      const version = /^(v\d+)\.d\.ts$/.exec(file)?.[1]
      if (!version) continue
      const text = readFileSync(new URL(`${group.name}/${file}`, modules), 'utf8')
      for (const [name, words] of interfacesOf(text)) {
        const model = `${version.toUpperCase()}${name}`
        found.set(`${group.name[0]!.toUpperCase()}${group.name.slice(1)}${model}`, words)
        if (!found.has(model) || group.name === 'core') found.set(model, words)
      }
    }
  }
  return model => found.get(model)
}

const comment = String.raw`(?:(?:\/\*\* (?<short>.*) \*\/|\/\*\*\n(?<long>(?:\s*\*(?!\/).*\n)*)\s*\*\/)\n)?`
const declaration = new RegExp(String.raw`^${comment}export interface (?<name>\w+) \{\n(?<body>[^]*?)^\}`, 'gm')
const member = new RegExp(String.raw`^ {4}${comment}(?: {4})?(?:readonly )?(?<name>"[^"]+"|\w+)\??: `, 'gm')

function* interfacesOf(text: string): Iterable<[string, Words]> {
  for (const { groups } of text.matchAll(declaration)) {
    const fields: Record<string, string> = {}
    for (const { groups: field } of groups!['body']!.matchAll(member)) {
      const words = wordsOf(field!)
      if (words) fields[field!['name']!.replaceAll('"', '')] = words
    }
    yield [groups!['name']!, { type: wordsOf(groups!), fields }]
  }
}

function wordsOf({ short, long }: { short?: string; long?: string }): string {
  if (short !== undefined) return short
  return (long ?? '')
    .split('\n')
    .slice(0, -1)
    .map(line => line.replace(/^\s*\* ?/, ''))
    .join('\n')
}

/** The better of two sayings of the same thing: the newer words, with the line breaks of the older where they agree. */
export function betterWords(newer: string | undefined, older: string | undefined): string | undefined {
  // Fields of these types carry the type's words instead of their own.
  if (newer === undefined || /^(IntOrString is a type|MicroTime is version|Quantity is a fixed)/.test(newer))
    return older ?? newer
  if (older === undefined) return withParagraphs(newer)
  const common = commonStart(newer, older)
  return withParagraphs(older.slice(0, common) + newer.slice(common), older, common)
}

/** How far two texts agree when line breaks and tabs count as spaces. */
function commonStart(newer: string, older: string): number {
  const flat = older.replace(/[\n\t]/g, ' ')
  let length = 0
  while (length < newer.length && newer[length] === flat[length]) length++
  return length
}

/** From `start` on, two spaces after a sentence were an empty line once, unless the older text has them as well. */
function withParagraphs(text: string, older = '', start = 0): string {
  return text.replace(/([.:)`"\]]) {2}(?=\S)/g, (gap, end: string, place: number) => {
    if (place + end.length < start) return gap
    const before = text.slice(Math.max(0, place - 20), place) + end
    return older.includes(`${before}  `) ? gap : `${end}\n\n`
  })
}

/** Fields whose words both libraries lack or know only in an older form. */
export const newestWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  V1Probe: {
    exec: 'Exec specifies a command to execute in the container.',
    grpc: 'GRPC specifies a GRPC HealthCheckRequest.',
    httpGet: 'HTTPGet specifies an HTTP GET request to perform.',
    tcpSocket: 'TCPSocket specifies a connection to a TCP port.',
  },
}
