import { formatJsonLine } from '../../cluster/api/goJson.ts'
import { defineCommand } from '../command.ts'
import { Failure, isConflict, isNotFound, reasonOf, throwAll, withPrefix, withSource } from '../failure.ts'
import { dryRun, fieldManager, record, validate } from '../flags/changing.ts'
import { deletionFlags, waitForDeletion } from '../flags/deleting.ts'
import { filename, kustomize, recursive } from '../flags/files.ts'
import { boolean, repeated, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import { selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { withChangeCause } from '../objects/changeCause.ts'
import { deleteAndWait } from '../objects/deletion.ts'
import { type DryRun, dryRunOf, dryRunQuery, withDryRun } from '../objects/dryRun.ts'
import { lastApplied } from '../objects/lastApplied.ts'
import { prune } from '../objects/prune.ts'
import { Selection } from '../objects/selection.ts'
import type { Target } from '../objects/target.ts'
import { fieldValidation, validationOf } from '../objects/validation.ts'
import { sorted } from '../output/json.ts'
import { nameLines, printerFor } from '../output/printer.ts'
import { applyPatch, type Patch } from '../patches/strategic.ts'
import type { AnyObject } from '../server/object.ts'
import { goKind, goResource, pathOf } from '../server/resource.ts'
import { applyCommands } from './apply/registry.ts'

const flags = {
  ...outputFlags,
  recursive: recursive(),
  kustomize: kustomize('a'),
  filename: filename('The files that contain the configurations to apply.'),
  selector,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-client-side-apply'),
  validate,
  ...deletionFlags,
  wait: waitForDeletion,
  all: boolean('Select all resources in the namespace of the specified resource types.'),
  'force-conflicts': boolean('If true, server-side apply will force the changes against conflicts.'),
  'openapi-patch': boolean(
    'If true, use openapi to calculate diff when the openapi presents and the resource can be found in the openapi spec. Otherwise, fall back to use baked-in types.',
    true,
  ),
  overwrite: boolean(
    'Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration',
    true,
  ),
  prune: boolean(
    'Automatically delete resource objects, that do not appear in the configs and are created by either apply or create --save-config. Should be used with either -l or --all.',
  ),
  'prune-allowlist': repeated('Overwrite the default allowlist with <group/version/kind> for --prune'),
  'server-side': boolean('If true, apply runs in the server instead of the client.'),
  subresource: text(
    'If specified, apply will operate on the subresource of the requested object.  Only allowed when using --server-side.',
  ),
  record,
}

/** `kubectl apply`: apply a configuration to a resource by file name or stdin. */
export const apply = defineCommand({
  name: 'apply',
  summary: 'Apply a configuration to a resource by file name or stdin',
  description: `Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet. To use 'apply', always create the resource initially with either 'apply' or 'create --save-config'.

 JSON and YAML formats are accepted.

 Alpha Disclaimer: the --prune functionality is not yet complete. Do not use unless you are aware of what the current state is. See https://issues.k8s.io/34274.`,
  examples: `  # Apply the configuration in pod.json to a pod
  kubectl apply -f ./pod.json

  # Apply resources from a directory containing kustomization.yaml - e.g. dir/kustomization.yaml
  kubectl apply -k dir/

  # Apply the JSON passed into stdin to a pod
  cat pod.json | kubectl apply -f -

  # Apply the configuration from all files that end with '.json'
  kubectl apply -f '*.json'

  # Note: --prune is still in Alpha
  # Apply the configuration in manifest.yaml that matches label app=nginx and delete all other resources that are not in the file and match label app=nginx
  kubectl apply --prune -f manifest.yaml -l app=nginx

  # Apply the configuration in manifest.yaml and delete all the other config maps that are not in the file
  kubectl apply --prune -f manifest.yaml --all --prune-allowlist=core/v1/ConfigMap`,
  usage: '(-f FILENAME | -k DIRECTORY)',
  flags,
  commands: applyCommands,
  async run(invocation) {
    const { flags, args } = invocation
    if (flags.filename.length === 0 && !flags.kustomize) {
      if (args.length > 0) throw invocation.usageError(`Unexpected args: [${args.join(' ')}]`)
      throw new Failure('must specify one of -f and -k')
    }
    if (args.length > 0) throw invocation.usageError(`Unexpected args: [${args.join(' ')}]`)
    const dryRun = dryRunOf(flags)
    checkFlags(invocation, dryRun)
    invocation.config.check()
    const selection = await Selection.of(invocation, {
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      selector: flags.selector,
      validation: validationOf(flags),
    })
    const applied: AnyObject[] = []
    const visited: Target[] = []
    const errors: Error[] = []
    const { targets, problem } = await read(invocation, selection)
    if (problem) errors.push(problem)
    if (targets.length === 0 && !problem) throw new Failure('no objects passed to apply')
    // A printer that is asked for waits until everything is applied.
    const isPrintedAtEnd = flags.output !== '' && flags.output !== 'name'
    const printer = printerFor(invocation.process, flags)
    for (const target of targets) {
      try {
        const { object, operation } = flags['server-side']
          ? await applyOnServer(invocation, target, dryRun)
          : await applyHere(invocation, target, dryRun)
        applied.push(object)
        visited.push({ ...target, object })
        if (!isPrintedAtEnd) {
          await invocation.print(nameLines(object, flags.output === 'name' ? '' : withDryRun(operation, dryRun)))
        }
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        errors.push(error)
      }
    }
    throwAll(errors)
    if (isPrintedAtEnd) await invocation.print(printer.print(asOne(applied)))
    if (flags.prune) await prune(invocation, visited, { ...flags, dryRun })
  },
})

type Apply = Invocation<typeof flags>

interface Outcome {
  readonly object: AnyObject
  readonly operation: string
}

function checkFlags({ flags }: Apply, dryRun: DryRun): void {
  if (flags.force && flags['server-side']) throw new Failure('--force cannot be used with --server-side')
  if (dryRun === 'client' && flags['server-side']) {
    throw new Failure("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
  }
  if (flags['force-conflicts'] && !flags['server-side']) {
    throw new Failure('--force-conflicts only works with --server-side')
  }
  if (flags.prune && !flags.all && !flags.selector) {
    throw new Failure(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    )
  }
}

/** Everything that files hold, and as one failure what cannot be read. */
async function read(invocation: Apply, selection: Selection): Promise<{ targets: Target[]; problem?: Error }> {
  const targets: Target[] = []
  try {
    await selection.each(async target => {
      targets.push({ ...target, object: withChangeCause(invocation, target.object) })
    })
    return { targets }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { targets, problem: error }
  }
}

function requestQuery({ flags }: Apply, dryRun: DryRun): Record<string, string> {
  return {
    fieldManager: flags['field-manager'],
    fieldValidation: fieldValidation(validationOf(flags)),
    ...dryRunQuery(dryRun),
  }
}

/** Creates what is missing, and patches what is there by what the manifest, the last one and the live object say. */
async function applyHere(invocation: Apply, target: Target, dryRun: DryRun): Promise<Outcome> {
  const { api } = invocation
  const { resource, namespace, name, object, source } = target
  if (!name && object.metadata.generateName) {
    throw new Failure(`from ${object.metadata.generateName}: cannot use generate name with apply`)
  }
  const wanted = lastApplied.added(object)
  let live: AnyObject
  try {
    live = await api.get(resource, namespace, name)
  } catch (error) {
    if (!isNotFound(error))
      throw withSource(error, `retrieving current configuration of:\n${describe(target)}\nfrom server for:`, source)
    if (dryRun === 'client') return { object: wanted, operation: 'created' }
    try {
      return {
        object: await api.create(resource, namespace, wanted, requestQuery(invocation, dryRun)),
        operation: 'created',
      }
    } catch (error) {
      throw withSource(error, 'creating', source)
    }
  }
  if (lastApplied.of(live) === undefined) {
    await invocation.warn(
      `Warning: resource ${resource.plural}/${name} is missing the ${lastApplied.annotation} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`,
    )
  }
  if (dryRun === 'client') {
    const { patch } = applyPatch(JSON.parse(lastApplied.of(live) ?? '{}'), wanted, live)
    return { object: live, operation: Object.keys(patch).length === 0 ? 'unchanged' : 'configured' }
  }
  return patch(invocation, target, wanted, live, dryRun)
}

/** What to send; lists that cannot be merged are refused before that. */
function patchFor(wanted: AnyObject, live: AnyObject, source: string | undefined): Patch {
  const original = lastApplied.of(live)
  try {
    return applyPatch(JSON.parse(original ?? '{}'), wanted, live)
  } catch (error) {
    const [modified, current] = [wanted, live].map(object => formatJsonLine(sorted(object)))
    const doing = `creating patch with:\noriginal:\n${original ?? ''}\nmodified:\n${modified}\ncurrent:\n${current}\nfor:`
    throw withSource(new Failure((error as Error).message), doing, source)
  }
}

async function patch(
  invocation: Apply,
  target: Target,
  wanted: AnyObject,
  live: AnyObject,
  dryRun: DryRun,
): Promise<Outcome> {
  const { api, flags, process } = invocation
  const { resource, namespace, name, source } = target
  const options = { query: requestQuery(invocation, dryRun) }
  let current = live
  for (let attempt = 1; ; attempt++) {
    const { type, patch } = patchFor(wanted, current, source)
    if (Object.keys(patch).length === 0) {
      await warnIfDeleting(invocation, target, current)
      return { object: current, operation: 'unchanged' }
    }
    try {
      const object = await api.patch(resource, namespace, name, type, patch, options)
      await warnIfDeleting(invocation, target, object)
      return { object, operation: 'configured' }
    } catch (error) {
      if (isConflict(error) && attempt < 5) {
        await process.sleep(1000)
        current = await api.get(resource, namespace, name)
        continue
      }
      if (flags.force && /^(Conflict|Invalid)$/.test(reasonOf(error) ?? '')) {
        await deleteAndWait(invocation, target, flags)
        return { object: await api.create(resource, namespace, wanted, options.query), operation: 'configured' }
      }
      const text = formatJsonLine(sorted(patch))
      throw withSource(error, `applying patch:\n${text}\nto:\n${describe(target)}\nfor:`, source)
    }
  }
}

async function warnIfDeleting(invocation: Apply, { name }: Target, object: AnyObject): Promise<void> {
  if (!object.metadata.deletionTimestamp) return
  await invocation.warn(`Warning: Detected changes to resource ${name} which is currently being deleted.`)
}

/** Lets the server merge: the whole manifest is sent and the server keeps who owns which field. */
async function applyOnServer(invocation: Apply, target: Target, dryRun: DryRun): Promise<Outcome> {
  const { api, flags } = invocation
  const { resource, namespace, name, object } = target
  const manager = invocation.has('field-manager') ? flags['field-manager'] : 'kubectl'
  try {
    const applied = await api.write(
      'PATCH',
      pathOf(resource, namespace, name),
      object,
      {
        ...requestQuery(invocation, dryRun),
        fieldManager: manager,
        force: String(flags['force-conflicts']),
      },
      { 'content-type': 'application/apply-patch+yaml' },
    )
    return { object: applied, operation: 'serverside-applied' }
  } catch (error) {
    if (isConflict(error)) throw new Failure(`${(error as Error).message}\n${conflictAdvice}`)
    throw error instanceof Failure ? withPrefix(error, '') : error
  }
}

const conflictAdvice = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`

function describe({ resource, namespace, name }: Target): string {
  const parts = [goResource(resource), goKind(resource)].map(text => JSON.stringify(text))
  return `Resource: ${parts[0]}, GroupVersionKind: ${parts[1]}\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace ?? '')}`
}

/** A single object stands alone; several are shown as a list. */
function asOne(objects: readonly AnyObject[]): AnyObject {
  if (objects.length === 1) return objects[0]!
  return { kind: 'List', apiVersion: 'v1', metadata: {}, items: objects }
}
