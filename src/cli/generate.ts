// Writes the structural schema of every kind and the words of its fields, from the models of @kubernetes/client-node.
import { readFileSync, writeFileSync } from 'node:fs'
import { schemaNameOf } from '#simulator/cluster/api/schemaName.ts'
import { kinds } from '#simulator/cluster/kinds/registry.ts'
import { betterWords, newestWords, readKubernetesTypes } from './apiWords.ts'

interface Attribute {
  readonly name: string
  readonly baseName: string
  readonly type: string
  readonly format: string
}

/** Types that requests carry without being stored. */
const requestTypes = [
  'AuthenticationV1TokenRequest',
  'V1Binding',
  'V1DeleteOptions',
  'V1Eviction',
  'V1ListMeta',
  'V1LocalSubjectAccessReview',
  'V1Scale',
  'V1SelfSubjectAccessReview',
  'V1SelfSubjectReview',
  'V1SelfSubjectRulesReview',
  'V1SubjectAccessReview',
  'V1TokenReview',
]

const models = new URL('../../node_modules/@kubernetes/client-node/dist/gen/models/', import.meta.url)
const target = new URL('../simulator/cluster/api/', import.meta.url)
const classes: Record<string, { attributeTypeMap?: Attribute[] }> = await import(new URL('all.js', models).href)

const olderWords = readKubernetesTypes()

const types: Record<string, string> = {}
const typeWords: Record<string, string> = {}
const fieldWords: Record<string, Record<string, string>> = {}
const waiting = [...kinds.map(schemaNameOf), ...requestTypes]
for (let name = waiting.pop(); name; name = waiting.pop()) {
  if (types[name] !== undefined) continue
  const attributes = classes[name]?.attributeTypeMap
  if (!attributes) throw new Error(`@kubernetes/client-node has no model ${name}`)
  const declaration = declarationOf(name)
  types[name] = attributes
    .map(({ baseName, type, format }) => {
      const compact = compactType(type, format)
      const model = /[A-Z]\w*$/.exec(compact)?.[0]
      if (model) waiting.push(model)
      return `${baseName}${declaration.required.has(baseName) ? '!' : ''}:${compact}`
    })
    .join(' ')
  const older = olderWords(name)
  typeWords[name] = betterWords(declaration.description, older?.type) ?? ''
  const words: Record<string, string> = {}
  for (const { baseName } of attributes) {
    const described =
      newestWords[name]?.[baseName] ?? betterWords(declaration.fields[baseName], older?.fields[baseName])
    if (described) words[baseName] = described
  }
  fieldWords[name] = words
}

writeFileSync(
  new URL('schema.generated.ts', target),
  `/** The fields of every type: \`name:type\`, or \`name!:type\` where the field is required. */\n${constant('types', types)}`,
)
writeFileSync(
  new URL('descriptions.generated.ts', target),
  `/** What every type is. */\n${constant('typeDescriptions', typeWords)}
/** What every field of a type is. */\n${constant('fieldDescriptions', fieldWords)}`,
)

/** `s`tring, `i`nt32, `l`ong, `d`ouble, `b`oolean, `t`ime, `m`icroseconds, `y`bytes, `x` int or string, `*` anything; `[` list, `{` map. */
function compactType(type: string, format: string): string {
  const list = /^Array<(.*)>$/.exec(type)
  if (list) return `[${compactType(list[1]!, format)}`
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)
  if (map) return `{${compactType(map[1]!, format)}`
  if (type === 'string') return format === 'byte' ? 'y' : 's'
  if (type === 'number') return format === 'int64' ? 'l' : format === 'int32' ? 'i' : 'd'
  if (type === 'boolean') return 'b'
  if (type === 'Date') return 't'
  if (type === 'V1MicroTime') return 'm'
  if (type === 'IntOrString') return 'x'
  if (type === 'any') return '*'
  return type
}

interface Declaration {
  readonly description: string
  readonly required: ReadonlySet<string>
  readonly fields: Record<string, string>
}

/** Reads what only the declaration file says: which fields are required, and the words. */
function declarationOf(name: string): Declaration {
  const text = readFileSync(new URL(`${name}.d.ts`, models), 'utf8')
  const description = /\/\*\*\n\* (.*)\n\*\/\nexport declare class/.exec(text)?.[1] ?? ''
  const required = new Set<string>()
  const fields: Record<string, string> = {}
  const baseNames = new Map(classes[name]!.attributeTypeMap!.map(attribute => [attribute.name, attribute.baseName]))
  for (const [, words, property = '', optional] of text.matchAll(
    /^(?: {4}\/\*\*\n {4}\* (.*)\n {4}\*\/\n)? {4}'(\w+)'(\?)?: /gm,
  )) {
    const field = baseNames.get(property) ?? property
    if (!optional) required.add(field)
    if (words) fields[field] = withoutEscapes(words)
  }
  return { description: withoutEscapes(description), required, fields }
}

/** Undoes what the code generator did to quotes. */
function withoutEscapes(words: string): string {
  return words.replace(/\\(["'])/g, '$1').replaceAll('*_/', '*/')
}

function constant(name: string, value: object): string {
  const shape =
    name === 'fieldDescriptions' ? 'Record<string, Readonly<Record<string, string>>>' : 'Record<string, string>'
  return `export const ${name}: Readonly<${shape}> = ${JSON.stringify(value, undefined, 1)}\n`
}
