import { defineCommand } from '../command.ts'
import { describeFailure, Failure, isNotFound, Quiet, withSource } from '../failure.ts'
import { fieldManager } from '../flags/changing.ts'
import { fileFlags } from '../flags/files.ts'
import { boolean, integer, repeated } from '../flags/flag.ts'
import { selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { lastApplied } from '../objects/lastApplied.ts'
import { maskSecrets } from '../objects/secretMask.ts'
import { Selection } from '../objects/selection.ts'
import type { Target } from '../objects/target.ts'
import { sorted } from '../output/json.ts'
import { withoutManagedFields } from '../output/printer.ts'
import { formatYaml } from '../output/yaml.ts'
import { applyPatch } from '../patches/strategic.ts'
import type { AnyObject } from '../server/object.ts'
import { pathOf } from '../server/resource.ts'

const flags = {
  ...fileFlags('Filename, directory, or URL to files contains the configuration to diff'),
  selector,
  'field-manager': fieldManager('kubectl-client-side-apply'),
  concurrency: integer(
    'Number of objects to process in parallel when diffing against the live version. Larger number = faster, but more memory, I/O and CPU over that shorter period of time.',
    1,
  ),
  'force-conflicts': boolean('If true, server-side apply will force the changes against conflicts.'),
  prune: boolean(
    'Include resources that would be deleted by pruning. Can be used with -l and default shows all resources would be pruned',
  ),
  'prune-allowlist': repeated('Overwrite the default allowlist with <group/version/kind> for --prune'),
  'server-side': boolean('If true, apply runs in the server instead of the client.'),
  'show-managed-fields': boolean('If true, include managed fields in the diff.'),
  'show-secrets': boolean('If true, do not mask secret values in the diff.'),
}

/** `kubectl diff`: diff the live version against a would-be applied version. */
export const diff = defineCommand({
  name: 'diff',
  summary: 'Diff the live version against a would-be applied version',
  description: `Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.

 The output is always YAML.

 KUBECTL_EXTERNAL_DIFF environment variable can be used to select your own diff command. Users can use external commands with params too, example: KUBECTL_EXTERNAL_DIFF="colordiff -N -u"

 By default, the "diff" command available in your path will be run with the "-u" (unified diff) and "-N" (treat absent files as empty) options.

 Exit status: 0 No differences were found. 1 Differences were found. >1 Kubectl or diff failed with an error.

 Note: KUBECTL_EXTERNAL_DIFF, if used, is expected to follow that convention.`,
  examples: `  # Diff resources included in pod.json
  kubectl diff -f pod.json

  # Diff file read from stdin
  cat service.yaml | kubectl diff -f -`,
  usage: '-f FILENAME',
  flags,
  misuseStatus: 2,
  async run(invocation) {
    try {
      return await compare(invocation)
    } catch (error) {
      if (!(error instanceof Failure) || error instanceof Quiet) throw error
      // 1 means that there are differences, so failures are one more.
      const text = describeFailure(error)
      await invocation.process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
      return error.status + 1
    }
  },
})

type Diff = Invocation<typeof flags>

/** Writes both states of all objects into two folders and lets `diff` tell them apart. */
async function compare(invocation: Diff): Promise<number> {
  const { flags, args, process } = invocation
  if (args.length > 0) throw invocation.usageError(`Unexpected args: [${args.join(' ')}]`)
  if (flags.filename.length === 0 && !flags.kustomize) throw new Failure('must specify one of -f and -k')
  if (flags.prune) throw new Failure('--prune of kubectl diff is not simulated here')
  invocation.config.check()
  const selection = await Selection.of(invocation, {
    filenames: flags.filename,
    kustomize: flags.kustomize,
    isRecursive: flags.recursive,
    selector: flags.selector,
  })
  const { files } = process
  const folders = ['LIVE', 'MERGED'].map(name => `/tmp/${name}-${temporaryNumber(invocation)}`)
  for (const folder of folders) files.mkdir(folder)
  try {
    await selection.each(async target => {
      const states = await statesOf(invocation, target)
      for (const [i, folder] of folders.entries()) {
        files.writeText(`${folder}/${fileNameOf(target)}`, states[i] ? formatYaml(sorted(states[i])) : '')
      }
    })
    const { program, options } = diffProgram(invocation)
    const status = await process.call([program, ...options, ...folders])
    if (status > 1) throw new Failure(`failed to run ${JSON.stringify(program)}: exit status ${status}`, status - 1)
    return status
  } finally {
    for (const folder of folders) files.removeTree(folder)
  }
}

function temporaryNumber({ random }: Diff): string {
  return String(random.below(4_000_000_000))
}

/** The live object, if there is one, and what would become of it. */
async function statesOf(invocation: Diff, target: Target): Promise<[live: AnyObject | undefined, merged: AnyObject]> {
  const { api, flags } = invocation
  const { resource, namespace, name, object, source } = target
  let live: AnyObject | undefined
  try {
    live = await api.get(resource, namespace, name)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  let merged: AnyObject
  try {
    merged = await mergedWith(invocation, target, live)
  } catch (error) {
    throw withSource(error, 'diffing', flags['server-side'] ? undefined : source)
  }
  const shown = [live, merged].map(state =>
    state && !flags['show-managed-fields'] ? withoutManagedFields(state) : state,
  )
  const [before, after] = shown as [AnyObject | undefined, AnyObject]
  return object.kind === 'Secret' && !flags['show-secrets'] ? maskSecrets(before, after) : [before, after]
}

async function mergedWith(invocation: Diff, target: Target, live: AnyObject | undefined): Promise<AnyObject> {
  const { api, flags } = invocation
  const { resource, namespace, name, object } = target
  const query = { dryRun: 'All', fieldManager: flags['field-manager'] }
  if (flags['server-side']) {
    return api.write(
      'PATCH',
      pathOf(resource, namespace, name),
      object,
      {
        ...query,
        fieldManager: invocation.has('field-manager') ? flags['field-manager'] : 'kubectl',
        force: String(flags['force-conflicts']),
      },
      { 'content-type': 'application/apply-patch+yaml' },
    )
  }
  if (!live) return api.create(resource, namespace, object, query)
  const { type, patch } = applyPatch(JSON.parse(lastApplied.of(live) ?? '{}'), withAnnotations(object), live)
  return Object.keys(patch).length === 0 ? live : api.patch(resource, namespace, name, type, patch, { query })
}

/** What was applied last has annotations, even if they are empty; so must the manifest, lest they all be taken away. */
function withAnnotations(object: AnyObject): AnyObject {
  const { [lastApplied.annotation]: _, ...annotations } = object.metadata.annotations ?? {}
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** `apps.v1.Deployment.default.web`. */
function fileNameOf({ resource, namespace = '', name }: Target): string {
  const { group, version, kind } = resource
  return [...(group ? [group] : []), version, kind, namespace, name].join('.')
}

/** `diff -u -N`, or what `KUBECTL_EXTERNAL_DIFF` names. */
function diffProgram({ process }: Diff): { program: string; options: string[] } {
  const words = (process.env.get('KUBECTL_EXTERNAL_DIFF') ?? '').split(' ')
  const [program = '', ...options] = words
  if (program === '') return { program: 'diff', options: ['-u', '-N'] }
  return { program, options: options.filter(option => /^[a-zA-Z0-9=-]+$/.test(option)) }
}
