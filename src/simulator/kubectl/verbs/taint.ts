import type { Taint } from 'kubernetes-types/core/v1'
import { defineCommand } from '../command.ts'
import { Failure, throwAll } from '../failure.ts'
import { dryRun, fieldManager, validate } from '../flags/changing.ts'
import { boolean } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import { selector } from '../flags/selecting.ts'
import type { Invocation } from '../invocation.ts'
import { changeTaints, parseTaints, presentKeys, type TaintChanges } from '../nodes/taints.ts'
import { dryRunOf, dryRunQuery } from '../objects/dryRun.ts'
import { Selection } from '../objects/selection.ts'
import { printerFor } from '../output/printer.ts'
import { patchBetween } from '../patches/strategic.ts'
import { type AnyObject, valueAt } from '../server/object.ts'

const flags = {
  ...outputFlags,
  selector,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-taint'),
  validate,
  all: boolean('Select all nodes in the cluster'),
  overwrite: boolean(
    'If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints.',
  ),
}

/** `kubectl taint`: update the taints on one or more nodes. */
export const taint = defineCommand({
  name: 'taint',
  summary: 'Update the taints on one or more nodes',
  description: `Update the taints on one or more nodes.

  *  A taint consists of a key, value, and effect. As an argument here, it is expressed as key=value:effect.
  *  The key must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 253 characters.
  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like example.com/my-app.
  *  The value is optional. If given, it must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 63 characters.
  *  The effect must be NoSchedule, PreferNoSchedule or NoExecute.
  *  Currently taint can only apply to node.`,
  examples: `  # Update node 'foo' with a taint with key 'dedicated' and value 'special-user' and effect 'NoSchedule'
  # If a taint with that key and effect already exists, its value is replaced as specified
  kubectl taint nodes foo dedicated=special-user:NoSchedule

  # Remove from node 'foo' the taint with key 'dedicated' and effect 'NoSchedule' if one exists
  kubectl taint nodes foo dedicated:NoSchedule-

  # Remove from node 'foo' all the taints with key 'dedicated'
  kubectl taint nodes foo dedicated-

  # Add a taint with key 'dedicated' on nodes having label myLabel=X
  kubectl taint node -l myLabel=X  dedicated=foo:PreferNoSchedule

  # Add to node 'foo' a taint with key 'bar' and no value
  kubectl taint nodes foo bar:NoSchedule`,
  usage: 'NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  flags,
  complete: { types: ['node'] },
  async run(invocation) {
    const { flags, api, process } = invocation
    const dryRun = dryRunOf(flags)
    const { resources, specs } = splitArguments(invocation.args)
    const changes = readTaints(invocation, specs)
    checkUse(invocation, resources, changes)
    const selection = await Selection.of(invocation, {
      args: ['node', ...(flags.all || flags.selector ? [] : resources.slice(1))],
      selector: flags.selector,
      isAll: flags.all,
    })
    await selection.each(async ({ resource, name, object }) => {
      const before = (valueAt(object, 'spec', 'taints') ?? []) as readonly Taint[]
      const present = flags.overwrite ? [] : presentKeys(before, changes)
      if (present.length > 0) {
        throw new Failure(
          `node ${name} already has ${present.join(',')} taint(s) with same effect(s) and --overwrite is false`,
        )
      }
      const { taints, operation, problems } = changeTaints(before, changes, flags.overwrite)
      throwAll(problems)
      const printer = printerFor(process, flags, { operation })
      const after = withTaints(object, taints)
      if (dryRun === 'client') return invocation.print(printer.print(after))
      const query = { fieldManager: flags['field-manager'], ...dryRunQuery(dryRun) }
      const { type, patch } = patchBetween(object, after)
      await invocation.print(printer.print(await api.patch(resource, undefined, name, type, patch, { query })))
    })
  },
})

type TaintInvocation = Invocation<typeof flags>

/** What names nodes stands before what taints them. */
function splitArguments(args: readonly string[]): { resources: readonly string[]; specs: readonly string[] } {
  const isTaint = (arg: string) => /[=:]|-$/.test(arg)
  const first = args.findIndex(isTaint)
  const resources = first < 0 ? args : args.slice(0, first)
  const specs = first < 0 ? [] : args.slice(first)
  const stray = specs.find(arg => !isTaint(arg))
  if (stray !== undefined) throw new Failure(`all resources must be specified before taint changes: ${stray}`)
  if (resources.length === 0) throw new Failure('one or more resources must be specified as <resource> <name>')
  if (specs.length === 0) throw new Failure('at least one taint update is required')
  return { resources, specs }
}

function readTaints(invocation: TaintInvocation, specs: readonly string[]): TaintChanges {
  try {
    return parseTaints(specs)
  } catch (error) {
    throw error instanceof Failure ? invocation.usageError(error.message) : error
  }
}

function checkUse({ flags }: TaintInvocation, resources: readonly string[], { added, removed }: TaintChanges): void {
  const [type = '', ...names] = resources
  if (!/^nodes?$/i.test(type)) {
    throw new Failure(`invalid resource type ${type}, only ["node" "nodes"] are supported`)
  }
  const both = added.flatMap(taint =>
    removed.filter(({ key, effect }) => key === taint.key && (effect === '' || effect === taint.effect)),
  )
  if (both.length > 0) {
    const list = both.map(({ key, effect }) => JSON.stringify({ [key]: effect })).join(', ')
    throw new Failure(`can not both modify and remove the following taint(s) in the same command: ${list}`)
  }
  if (flags.all && flags.selector) throw new Failure("setting 'all' parameter with a non empty selector is prohibited")
  if (!flags.all && !flags.selector && names.length === 0) {
    throw new Failure("at least one resource name must be specified since 'all' parameter is not set")
  }
}

function withTaints(object: AnyObject, taints: readonly Taint[]): AnyObject {
  const { taints: _, ...spec } = object['spec'] as Record<string, unknown>
  return { ...object, spec: taints.length > 0 ? { ...spec, taints } : spec }
}
