import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'
import { contentHash } from '../objects/contentHash.ts'
import { documentSeparator, formatYaml } from '../output/yaml.ts'
import { Folder } from './folder.ts'
import { objectLabelTransformer } from './labels.ts'
import { fixNameReferences } from './nameReferences.ts'
import { sortResources } from './order.ts'
import type { ResourceSet } from './resourceSet.ts'
import { Target } from './target.ts'

const version = 'v5.8.1'
const localConfig = 'config.kubernetes.io/local-config'

/** How a build is to be done. */
export interface BuildOptions {
  /** Lets kustomizations read files outside of their folders. */
  readonly isOpen?: boolean
  /** Gets the lines for stderr. */
  readonly warn: (line: string) => void
}

/** Builds the kustomization in a folder: the manifests as YAML. */
export function buildKustomization(process: Process, path: string, { isOpen = false, warn }: BuildOptions): string {
  const target = new Target(Folder.at(process, path, isOpen), warn)
  const { sortOptions, buildMetadata = [] } = target.kustomization
  const resources = target.accumulate()
  addHashes(resources)
  fixNameReferences(resources)
  resources.keep(({ object }) => (object.metadata.annotations?.[localConfig] ?? 'false') === 'false')
  sortResources(resources, sortOptions)
  addMetadata(resources, buildMetadata)
  return [...resources].map(({ object }) => formatYaml(object)).join(documentSeparator)
}

function addHashes(resources: ResourceSet): void {
  for (const resource of resources) {
    if (!resource.needsHash) continue
    const hash = contentHash(resource.object)
    resource.rememberId()
    resource.rename(`${resource.name}-${hash}`)
  }
}

function addMetadata(resources: ResourceSet, options: readonly string[]): void {
  for (const option of options) {
    if (option === 'managedByLabel') {
      objectLabelTransformer({ 'app.kubernetes.io/managed-by': `kustomize-${version}` })(resources)
    } else if (option === 'originAnnotations' || option === 'transformerAnnotations') {
      throw new Failure(`${option} of kustomizations are not simulated here`)
    }
  }
}
