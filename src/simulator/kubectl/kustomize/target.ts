import { Failure } from '../failure.ts'
import { MalformedYaml, resourcesIn } from './documents.ts'
import type { Folder } from './folder.ts'
import { generateConfigMap, generateSecret } from './generators.ts'
import { imageTransformer } from './images.ts'
import { type Kustomization, readKustomization } from './kustomization.ts'
import { annotationTransformer, commonLabelTransformer, labelTransformer } from './labels.ts'
import { prefixTransformer, suffixTransformer } from './names.ts'
import { namespaceTransformer } from './namespace.ts'
import { jsonTransformer, mergeTransformer, patchTransformer, type Transformer } from './patching.ts'
import { replacementTransformer } from './replacements.ts'
import { replicaTransformer } from './replicas.ts'
import { Resource } from './resource.ts'
import { ResourceSet } from './resourceSet.ts'

/** A kustomization of a build: the folder it stands in and what it says. */
export class Target {
  readonly folder: Folder
  readonly kustomization: Kustomization
  readonly #warn: (line: string) => void

  constructor(folder: Folder, warn: (line: string) => void) {
    const { name, text } = folder.kustomization()
    this.folder = folder
    this.#warn = warn
    this.kustomization = readKustomization(text, name, folder.root, warn)
  }

  /** Gathers and changes the resources: files and bases, generated ones, components, then all that transforms. */
  accumulate(into = new ResourceSet()): ResourceSet {
    const { kustomization } = this
    prefixed('accumulating resources', () => {
      for (const path of kustomization.resources) this.#addResource(into, path)
    })
    this.#generate(into)
    prefixed('accumulating components', () => {
      for (const path of kustomization.components ?? []) this.#addComponent(into, path)
    })
    for (const transform of this.#transformers()) transform(into)
    return into
  }

  /** A name is a file first, and a folder with a kustomization if that fails. */
  #addResource(into: ResourceSet, path: string): void {
    const problem = problemOf(() => this.#addFile(into, path))
    if (!problem) return
    let folder: Folder
    try {
      folder = this.folder.open(path)
    } catch (error) {
      if (problem instanceof MalformedYaml) throw problem
      throw new Failure(`accumulation err='${problem.message}': ${(error as Error).message}`)
    }
    prefixed(`accumulation err='${problem.message}'`, () => {
      const resources = this.#visit(folder, false, new ResourceSet())
      prefixed(`recursed merging from path '${folder.root}'`, () => into.addAll(resources))
    })
  }

  #addFile(into: ResourceSet, path: string): void {
    const objects = prefixed(`accumulating resources from '${path}'`, () => resourcesIn(this.folder.read(path), path))
    prefixed(`merging resources from '${path}'`, () => into.addAll(objects.map(object => new Resource(object))))
  }

  #addComponent(into: ResourceSet, path: string): void {
    let folder: Folder
    try {
      folder = this.folder.open(path)
    } catch (error) {
      throw new Failure(`loader.New ${JSON.stringify((error as Error).message)}`)
    }
    try {
      this.#visit(folder, true, into)
    } catch (error) {
      throw new Failure(`accumulateDirectory: ${JSON.stringify((error as Error).message)}`)
    }
  }

  /** Accumulates another kustomization; components work on what is there already. */
  #visit(folder: Folder, isComponent: boolean, into: ResourceSet): ResourceSet {
    const target = prefixed(`couldn't make target for path '${folder.root}'`, () => new Target(folder, this.#warn))
    const { kind } = target.kustomization
    if (isComponent && kind !== 'Component')
      throw new Failure(`expected kind 'Component' for path '${folder.root}' but got '${kind}'`)
    if (!isComponent && kind === 'Component')
      throw new Failure(`expected kind != 'Component' for path '${folder.root}'`)
    return prefixed(`recursed accumulation of path '${folder.root}'`, () => target.accumulate(into))
  }

  #generate(into: ResourceSet): void {
    const { configMapGenerator = [], secretGenerator = [], generatorOptions } = this.kustomization
    for (const generator of configMapGenerator)
      absorb(into, generateConfigMap(this.folder, generator, generatorOptions))
    for (const generator of secretGenerator) absorb(into, generateSecret(this.folder, generator, generatorOptions))
  }

  #transformers(): Transformer[] {
    const { folder, kustomization } = this
    const { patchesStrategicMerge = [], patches = [], patchesJson6902 = [], labels = [] } = kustomization
    return [
      mergeTransformer(folder, patchesStrategicMerge),
      ...patches.map(patch => patchTransformer(folder, patch)),
      namespaceTransformer(kustomization.namespace ?? ''),
      prefixTransformer(kustomization.namePrefix ?? ''),
      suffixTransformer(kustomization.nameSuffix ?? ''),
      ...labels.map(labelTransformer),
      commonLabelTransformer(kustomization.commonLabels ?? {}),
      annotationTransformer(kustomization.commonAnnotations ?? {}),
      ...patchesJson6902.map(patch => jsonTransformer(folder, patch)),
      ...(kustomization.replicas ?? []).map(replicaTransformer),
      ...(kustomization.images ?? []).map(imageTransformer),
      replacementTransformer(folder, kustomization.replacements ?? []),
    ]
  }
}

function absorb(into: ResourceSet, resource: Resource): void {
  // Simplified: an address in memory stands here, another one each time.
  prefixed('merging from generator &{0xc0004a6d80 <nil>}', () => into.absorb(resource))
}

/** Puts words in front of what goes wrong. */
function prefixed<T>(prefix: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const message = `${prefix}: ${error.message}`
    throw error instanceof MalformedYaml ? new MalformedYaml(message) : new Failure(message)
  }
}

function problemOf(run: () => void): Failure | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}
