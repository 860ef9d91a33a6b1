import { checkQualifiedName } from '../../cluster/api/names.ts'
import { defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { dryRun, fieldManager, record } from '../flags/changing.ts'
import { fileFlags } from '../flags/files.ts'
import { boolean, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import { everyNamespace, fieldSelector, selector } from '../flags/selecting.ts'
import { dryRunOf, dryRunQuery, withDryRun } from '../objects/dryRun.ts'
import { type Changes, changed, parseChanges, splitPairs } from '../objects/pairs.ts'
import { updateEach } from '../objects/update.ts'
import type { AnyObject } from '../server/object.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to update the annotation'),
  selector,
  'field-selector': fieldSelector,
  'all-namespaces': everyNamespace,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-annotate'),
  all: boolean('Select all resources, in the namespace of the specified resource types.'),
  list: boolean('If true, display the annotations for a given resource.'),
  local: boolean('If true, annotation will NOT contact api-server but run locally.'),
  overwrite: boolean(
    'If true, allow annotations to be overwritten, otherwise reject annotation updates that overwrite existing annotations.',
  ),
  'resource-version': text(
    'If non-empty, the annotation update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.',
  ),
  record,
}

/** `kubectl annotate`: update the annotations on a resource. */
export const annotate = defineCommand({
  name: 'annotate',
  summary: 'Update the annotations on a resource',
  description: `Update the annotations on one or more resources.

 All Kubernetes objects support the ability to store additional data with the object as annotations. Annotations are key/value pairs that can be larger than labels and include arbitrary string values such as structured JSON. Tools and system extensions may use annotations to store their own data.

 Attempting to set an annotation that already exists will fail unless --overwrite is set. If --resource-version is specified and does not match the current resource version on the server the command will fail.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `  # Update pod 'foo' with the annotation 'description' and the value 'my frontend'
  # If the same annotation is set multiple times, only the last value will be applied
  kubectl annotate pods foo description='my frontend'

  # Update a pod identified by type and name in "pod.json"
  kubectl annotate -f pod.json description='my frontend'

  # Update pod 'foo' with the annotation 'description' and the value 'my frontend running nginx', overwriting any existing value
  kubectl annotate --overwrite pods foo description='my frontend running nginx'

  # Update all pods in the namespace
  kubectl annotate pods --all description='my frontend running nginx'

  # Update pod 'foo' only if the resource is unchanged from version 1
  kubectl annotate pods foo description='my frontend running nginx' --resource-version=1

  # Update pod 'foo' by removing an annotation named 'description' if it exists
  # Does not require the --overwrite flag
  kubectl annotate pods foo description-`,
  usage: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args } = invocation
    const dryRun = dryRunOf(flags)
    const { resources, pairs } = splitPairs(args, 'annotation')
    const changes = parseChanges(pairs, 'annotation')
    if (flags.local && resources.length > 0) {
      throw new Failure('can only use local files by -f rsrc.yaml or --filename=rsrc.json when --local=true is set')
    }
    if (flags.local && flags.filename.length === 0 && !flags.kustomize) {
      throw new Failure('one or more files must be specified as -f rsrc.yaml or --filename=rsrc.json')
    }
    if (resources.length === 0 && flags.filename.length === 0 && !flags.kustomize) {
      throw new Failure('one or more resources must be specified as <resource> <name> or <resource>/<name>')
    }
    if (pairs.length === 0 && !flags.list) throw new Failure('at least one annotation update is required')
    for (const key of changes.set.keys()) {
      const problems = checkQualifiedName(key.toLowerCase())
      if (problems.length > 0) {
        throw new Failure(`metadata.annotations: Invalid value: ${JSON.stringify(key)}: ${problems.join(';')}`)
      }
    }
    await updateEach(invocation, {
      args: resources,
      flags,
      dryRun,
      query: { fieldManager: flags['field-manager'], ...dryRunQuery(dryRun) },
      async change({ object }) {
        if (!flags.overwrite) refuseOverwriting(object, changes)
        const annotations = changed(object.metadata.annotations, changes)
        const { annotations: _, ...metadata } = object.metadata
        const isKept = flags.local || dryRun === 'client' || Object.keys(annotations).length > 0
        return { ...object, metadata: isKept ? { ...metadata, annotations } : metadata }
      },
      operation: () => withDryRun('annotated', dryRun),
      ...(flags.list && { show: listAnnotations }),
    })
    return 0
  },
})

function refuseOverwriting({ metadata }: AnyObject, { set }: Changes): void {
  const problems = [...set]
    // The cause of a change may always be written anew: kubectl/pkg/cmd/annotate, validateNoAnnotationOverwrites.
    .filter(([key]) => key !== 'kubernetes.io/change-cause')
    .filter(([key, value]) => metadata.annotations?.[key] !== undefined && metadata.annotations[key] !== value)
    .map(([key]) => `'${key}' already has a value (${metadata.annotations![key]})`)
  if (problems.length > 0) {
    throw new Failure(`--overwrite is false but found the following declared annotation(s): ${problems.join('; ')}`)
  }
}

function listAnnotations(object: AnyObject, isOnly: boolean): string {
  const annotations = Object.entries(object.metadata.annotations ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  const heading = isOnly ? '' : `Listing annotations for ${object.kind}.${object.apiVersion}/${object.metadata.name}:\n`
  return heading + annotations.map(([key, value]) => `${isOnly ? '' : ' '}${key}=${value}\n`).join('')
}
