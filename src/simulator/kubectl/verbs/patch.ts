import { isEqual } from '../../cluster/api/equality.ts'
import type { Operation } from '../../cluster/api/jsonPatch.ts'
import { mergePatch } from '../../cluster/api/mergePatch.ts'
import { strategicMerge } from '../../cluster/api/strategicMerge.ts'
import { defineCommand } from '../command.ts'
import { Failure, ServerFailure } from '../failure.ts'
import { dryRun, fieldManager, record } from '../flags/changing.ts'
import { fileFlags } from '../flags/files.ts'
import { boolean, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import type { Invocation } from '../invocation.ts'
import { recordCause } from '../objects/changeCause.ts'
import { dryRunOf, dryRunQuery } from '../objects/dryRun.ts'
import { Selection } from '../objects/selection.ts'
import { printerFor } from '../output/printer.ts'
import { applyOperations } from '../patches/jsonOperations.ts'
import { structOf } from '../patches/strategic.ts'
import type { AnyObject } from '../server/object.ts'
import { goKind, splitApiVersion } from '../server/resource.ts'
import { jsonProblem } from '../yaml/goJson.ts'
import { parseYaml } from '../yaml/parser.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to update'),
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-patch'),
  local: boolean('If true, patch will operate on the content of the file, not the server-side resource.'),
  patch: text('The patch to be applied to the resource JSON file.', '', { short: 'p' }),
  'patch-file': text('A file containing a patch to be applied to the resource.'),
  subresource: text('If specified, patch will operate on the subresource of the requested object.'),
  type: text('The type of patch being provided; one of [json merge strategic]', 'strategic'),
  record,
}

/** `kubectl patch`: update fields of a resource. */
export const patch = defineCommand({
  name: 'patch',
  summary: 'Update fields of a resource',
  description: `Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.

 JSON and YAML formats are accepted.

 Note: Strategic merge patch is not supported for custom resources.`,
  examples: `  # Partially update a node using a strategic merge patch, specifying the patch as JSON
  kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'

  # Partially update a node using a strategic merge patch, specifying the patch as YAML
  kubectl patch node k8s-node-1 -p $'spec:\\n unschedulable: true'

  # Partially update a node identified by the type and name specified in "node.json" using strategic merge patch
  kubectl patch -f node.json -p '{"spec":{"unschedulable":true}}'

  # Update a container's image; spec.containers[*].name is required because it's a merge key
  kubectl patch pod valid-pod -p '{"spec":{"containers":[{"name":"kubernetes-serve-hostname","image":"new image"}]}}'

  # Update a container's image using a JSON patch with positional arrays
  kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path": "/spec/containers/0/image", "value":"new image"}]'

  # Update a deployment's replicas through the 'scale' subresource using a merge patch
  kubectl patch deployment nginx-deployment --subresource='scale' --type='merge' -p '{"spec":{"replicas":2}}'`,
  usage: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  flags,
  complete: 'resource',
  async run(invocation) {
    const { flags, args, api } = invocation
    const dryRun = dryRunOf(flags)
    if (flags.local && dryRun === 'server')
      throw new Failure('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
    if (!flags.patch && !flags['patch-file'])
      throw new Failure('must specify --patch or --patch-file containing the contents of the patch')
    if (flags.patch && flags['patch-file']) throw new Failure('cannot specify --patch and --patch-file together')
    const type = flags.type.toLowerCase()
    if (type !== 'json' && type !== 'merge' && type !== 'strategic') {
      throw new Failure(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.type)}`)
    }
    const patch = readPatch(invocation)
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      isLocal: flags.local,
    })
    let count = 0
    await selection.each(
      async ({ resource, namespace, name, object }) => {
        count++
        const after =
          flags.local || dryRun === 'client'
            ? applied(object, type, patch)
            : await api.patch(resource, namespace, name, type, patch, {
                query: { fieldManager: flags['field-manager'], ...dryRunQuery(dryRun) },
                ...(flags.subresource && { subresource: flags.subresource }),
              })
        if (!flags.local && dryRun === 'none') await recordCause(invocation, { resource, namespace, name })
        const operation = isEqual(object, after) ? 'patched (no change)' : 'patched'
        await invocation.print(printerFor(invocation.process, flags, { operation }).print(after))
      },
      { isLatest: !flags.local, ...(flags.subresource && { subresource: flags.subresource }) },
    )
    if (count === 0) throw new Failure('no objects passed to patch')
    return 0
  },
})

const badRequest = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason: 'BadRequest',
  code: 400,
} as const

function readPatch({ flags: given, process }: Invocation<typeof flags>): unknown {
  let text = given.patch
  if (given['patch-file']) {
    const path = process.path(given['patch-file'])
    if (!process.files.exists(path))
      throw new Failure(`unable to read patch file: open ${given['patch-file']}: no such file or directory`)
    text = process.files.readText(path)
  }
  const problem = /^\s*[{[]/.test(text) ? jsonProblem(text) : undefined
  // What begins like JSON goes to the server as it is, which cannot read it either.
  if (problem && given.local) throw new Failure('invalid JSON document')
  if (problem) throw new ServerFailure({ ...badRequest, message: problem })
  try {
    return parseYaml(text) ?? null
  } catch (error) {
    throw new Failure(`unable to parse ${JSON.stringify(text)}: ${(error as Error).message}`)
  }
}

function operationsIn(patch: unknown): Operation[] {
  if (Array.isArray(patch)) return patch as Operation[]
  const given = typeof patch === 'object' ? 'object' : typeof patch
  throw new Failure(`json: cannot unmarshal ${given} into Go value of type jsonpatch.Patch`)
}

/** The patched object, worked out here instead of by the server. */
function applied(object: AnyObject, type: 'json' | 'merge' | 'strategic', patch: unknown): AnyObject {
  try {
    if (type === 'json') return applyOperations(object, operationsIn(patch))
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) throw new Failure('invalid JSON document')
    const struct = structOf(object)
    if (type === 'strategic' && !struct) {
      const kind = goKind({ ...splitApiVersion(object.apiVersion), kind: object.kind })
      throw new Failure(`strategic merge patch is not supported for ${kind} locally, try --type merge`)
    }
    if (type === 'strategic' && struct) return strategicMerge(object, patch, struct) as AnyObject
    return mergePatch(object, patch) as AnyObject
  } catch (error) {
    if (error instanceof ServerFailure) throw error
    throw new Failure((error as Error).message)
  }
}
