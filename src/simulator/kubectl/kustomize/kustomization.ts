import { Failure } from '../failure.ts'
import { formatYaml } from '../output/yaml.ts'
import { parseYaml } from '../yaml/parser.ts'
import { decodeStrictly, type Shape } from './strictDecoding.ts'

/** Options of generated objects. */
export interface GeneratorOptions {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly disableNameSuffixHash?: boolean
  readonly immutable?: boolean
}

/** A config map or secret to be made. */
export interface Generator {
  readonly name?: string
  readonly namespace?: string
  readonly behavior?: string
  readonly literals?: readonly string[]
  readonly files?: readonly string[]
  readonly envs?: readonly string[]
  readonly env?: string
  readonly options?: GeneratorOptions
  /** Of secrets. */
  readonly type?: string
}

/** Which resources something is done to; names and kinds are regular expressions. */
export interface Selector {
  readonly group?: string
  readonly version?: string
  readonly kind?: string
  readonly name?: string
  readonly namespace?: string
  readonly labelSelector?: string
  readonly annotationSelector?: string
}

/** A patch that stands in the kustomization or in a file of its own. */
export interface Patch {
  readonly path?: string
  readonly patch?: string
  readonly target?: Selector
  readonly options?: Readonly<Record<string, boolean>>
}

export interface Image {
  readonly name?: string
  readonly newName?: string
  readonly newTag?: string
  readonly tagSuffix?: string
  readonly digest?: string
}

export interface Replica {
  readonly name?: string
  readonly count?: number
}

export interface Label {
  readonly pairs?: Readonly<Record<string, string>>
  readonly includeSelectors?: boolean
  readonly includeTemplates?: boolean
  readonly fields?: readonly {
    readonly path?: string
    readonly create?: boolean
    readonly group?: string
    readonly version?: string
    readonly kind?: string
  }[]
}

/** How a value is cut out of a longer text, or put into it. */
export interface ReplacementOptions {
  readonly delimiter?: string
  readonly index?: number
  readonly create?: boolean
}

export interface ReplacementTarget {
  readonly select?: Selector
  readonly reject?: readonly Selector[]
  readonly fieldPaths?: readonly string[]
  readonly options?: ReplacementOptions
}

/** A value that is read in one resource, or given, and written into others. */
export interface Replacement {
  readonly path?: string
  readonly source?: Selector & { readonly fieldPath?: string; readonly options?: ReplacementOptions }
  readonly sourceValue?: string
  readonly targets?: readonly ReplacementTarget[]
}

export interface SortOptions {
  readonly order?: string
  readonly legacySortOptions?: { readonly orderFirst?: readonly string[]; readonly orderLast?: readonly string[] }
}

/** What a kustomization file says. */
export interface Kustomization {
  readonly kind: string
  readonly apiVersion: string
  readonly namePrefix?: string
  readonly nameSuffix?: string
  readonly namespace?: string
  readonly commonLabels?: Readonly<Record<string, string>>
  readonly labels?: readonly Label[]
  readonly commonAnnotations?: Readonly<Record<string, string>>
  readonly patchesStrategicMerge?: readonly string[]
  readonly patchesJson6902?: readonly Patch[]
  readonly patches?: readonly Patch[]
  readonly images?: readonly Image[]
  readonly replacements?: readonly Replacement[]
  readonly replicas?: readonly Replica[]
  readonly sortOptions?: SortOptions
  readonly resources: readonly string[]
  readonly components?: readonly string[]
  readonly configMapGenerator?: readonly Generator[]
  readonly secretGenerator?: readonly Generator[]
  readonly generatorOptions?: GeneratorOptions
  readonly buildMetadata?: readonly string[]
}

const words: Shape = { list: 'string' }
const pairs: Shape = { map: 'string' }
const gvk = { group: 'string', version: 'string', kind: 'string' } as const
const generatorOptions: Shape = {
  struct: 'GeneratorOptions',
  fields: { labels: pairs, annotations: pairs, disableNameSuffixHash: 'bool', immutable: 'bool' },
}
const sources = { literals: words, files: words, envs: words, env: 'string' } as const
const generator = (struct: string, more: Readonly<Record<string, Shape>> = {}): Shape => ({
  list: {
    struct,
    fields: { name: 'string', namespace: 'string', behavior: 'string', options: generatorOptions, ...sources, ...more },
    embedded: {
      GeneratorArgs: ['name', 'namespace', 'behavior', 'options'],
      'GeneratorArgs.KvPairSources': Object.keys(sources),
    },
  },
})
const resourceId = { ...gvk, name: 'string', namespace: 'string' } as const
const selector: Shape = {
  struct: 'Selector',
  fields: { ...resourceId, labelSelector: 'string', annotationSelector: 'string' },
}
const patch: Shape = {
  list: {
    struct: 'Patch',
    fields: { path: 'string', patch: 'string', target: selector, options: { map: 'bool' } },
  },
}
const image: Shape = {
  list: {
    struct: 'Image',
    fields: { name: 'string', newName: 'string', newTag: 'string', tagSuffix: 'string', digest: 'string' },
  },
}
const fieldOptions: Shape = {
  struct: 'FieldOptions',
  fields: { delimiter: 'string', index: 'int', encoding: 'string', create: 'bool' },
}
const replacement: Shape = {
  list: {
    struct: 'ReplacementField',
    fields: {
      path: 'string',
      source: { struct: 'SourceSelector', fields: { ...resourceId, fieldPath: 'string', options: fieldOptions } },
      sourceValue: 'string',
      targets: {
        list: {
          struct: 'TargetSelector',
          fields: { select: selector, reject: { list: selector }, fieldPaths: words, options: fieldOptions },
        },
      },
    },
  },
}

const shape: Shape = {
  struct: 'Kustomization',
  fields: {
    apiVersion: 'string',
    kind: 'string',
    metadata: {
      struct: 'ObjectMeta',
      fields: { name: 'string', namespace: 'string', labels: pairs, annotations: pairs },
    },
    openapi: pairs,
    namePrefix: 'string',
    nameSuffix: 'string',
    namespace: 'string',
    commonLabels: pairs,
    labels: {
      list: {
        struct: 'Label',
        fields: {
          pairs,
          includeSelectors: 'bool',
          includeTemplates: 'bool',
          fields: { list: { struct: 'FieldSpec', fields: { ...gvk, path: 'string', create: 'bool' } } },
        },
      },
    },
    commonAnnotations: pairs,
    patchesStrategicMerge: words,
    patchesJson6902: patch,
    patches: patch,
    images: image,
    imageTags: image,
    replacements: replacement,
    replicas: { list: { struct: 'Replica', fields: { name: 'string', count: 'int64' } } },
    vars: { list: 'any' },
    sortOptions: {
      struct: 'SortOptions',
      fields: {
        order: 'string',
        legacySortOptions: { struct: 'LegacySortOptions', fields: { orderFirst: words, orderLast: words } },
      },
    },
    resources: words,
    components: words,
    crds: words,
    bases: words,
    configMapGenerator: generator('ConfigMapArgs'),
    secretGenerator: generator('SecretArgs', { type: 'string' }),
    helmGlobals: 'any',
    helmCharts: { list: 'any' },
    helmChartInflationGenerator: { list: 'any' },
    generatorOptions,
    configurations: words,
    generators: words,
    transformers: words,
    validators: words,
    buildMetadata: words,
  },
}

/** What is said of fields that should no longer be used, in the order in which kustomize says it. */
const deprecated: readonly [field: string, instead: string, lead: string][] = [
  ['bases', 'resources', ''],
  ['commonLabels', 'labels', ''],
  ['imageTags', 'images', ''],
  ['patchesJson6902', 'patches', ''],
  ['patchesStrategicMerge', 'patches', ''],
  ['vars', 'replacements', '[EXPERIMENTAL] '],
]

const absent = [
  'openapi',
  'vars',
  'crds',
  'helmChartInflationGenerator',
  'configurations',
  'generators',
  'transformers',
  'validators',
]

/** Reads a kustomization file; `warn` is told of what is deprecated in it. */
export function readKustomization(
  text: string,
  fileName: string,
  root: string,
  warn: (line: string) => void,
): Kustomization {
  const fields = decode(text)
  for (const [field, instead, lead] of deprecated) {
    if (fields[field] === undefined) continue
    const advice = `${lead}Run 'kustomize edit fix' to update your Kustomization automatically.`
    warn(`# Warning: '${field}' is deprecated. Please use '${instead}' instead. ${advice}`)
  }
  if (isEmpty(fields)) throw new Failure(`${fileName} is empty`)
  const kustomization = completed(fields)
  refuseWrongKind(kustomization, root)
  const { helmCharts } = fields as { helmCharts?: unknown[] }
  // Simplified: no Helm chart is ever rendered, and plugins in containers are not run.
  if (helmCharts?.length) {
    const config = formatYaml(helmCharts[0])
    throw new Failure(
      `trouble configuring builtin HelmChartInflationGenerator with config: \`\n${config}\`: must specify --enable-helm`,
    )
  }
  for (const field of absent) {
    if ((fields[field] as unknown[] | undefined)?.length)
      throw new Failure(`${field} of kustomizations are not simulated here`)
  }
  return kustomization
}

function decode(text: string): Record<string, unknown> {
  try {
    return (decodeStrictly(parseYaml(text) ?? {}, shape, 'types') ?? {}) as Record<string, unknown>
  } catch (error) {
    throw new Failure(`invalid Kustomization: ${(error as Error).message}`)
  }
}

/** What deprecated fields say moves to the fields that took their place. */
function completed(fields: Record<string, unknown>): Kustomization {
  const { bases, imageTags, ...rest } = fields as Partial<Kustomization> & { bases?: string[]; imageTags?: Image[] }
  const kind = rest.kind || 'Kustomization'
  return {
    ...rest,
    kind,
    apiVersion: rest.apiVersion || versionFor(kind),
    resources: [...(rest.resources ?? []), ...(bases ?? [])],
    images: [...(rest.images ?? []), ...(imageTags ?? [])],
  }
}

function versionFor(kind: string): string {
  return `kustomize.config.k8s.io/${kind === 'Component' ? 'v1alpha1' : 'v1beta1'}`
}

function refuseWrongKind({ kind, apiVersion }: Kustomization, root: string): void {
  const problems: string[] = []
  if (kind !== 'Kustomization' && kind !== 'Component') problems.push('kind should be Kustomization or Component')
  if (apiVersion !== versionFor(kind)) problems.push(`apiVersion for ${kind} should be ${versionFor(kind)}`)
  if (problems.length > 0) throw new Failure(`Failed to read kustomization file under ${root}:\n${problems.join('\n')}`)
}

/** What a kustomization is and is called does not fill it, nor does an empty text. */
function isEmpty(fields: Readonly<Record<string, unknown>>): boolean {
  return !Object.entries(fields).some(([name, value]) => name !== 'kind' && name !== 'apiVersion' && value !== '')
}
