import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { type DryRun, dryRunOf, dryRunQuery, withDryRun } from '../objects/dryRun.ts'
import { Selection } from '../objects/selection.ts'
import type { Target } from '../objects/target.ts'
import { nameLines } from '../output/printer.ts'
import { valueAt } from '../server/object.ts'

/** The flags that choose nodes. */
export interface NodeFlags {
  readonly selector: string
  readonly 'dry-run': string
}

/** The nodes that names or a selector mean; all of them must be there. */
export async function chosenNodes(invocation: Invocation, { selector }: NodeFlags): Promise<Target[]> {
  const { args, path } = invocation
  if (args.length === 0 && !selector) throw invocation.usageError(`USAGE: ${path.at(-1)} NODE [flags]`)
  if (args.length > 0 && selector)
    throw invocation.usageError('cannot specify both a node name and a --selector option')
  const selection = await Selection.of(invocation, { args: ['nodes', ...args], selector })
  const targets: Target[] = []
  await selection.each(async target => void targets.push(target), { stopsAtError: true })
  return targets
}

/** Keeps new pods off nodes, or lets them come again. */
export async function cordonNodes(
  invocation: Invocation,
  targets: readonly Target[],
  flags: NodeFlags,
  isWanted: boolean,
): Promise<void> {
  const dryRun = dryRunOf(flags)
  const done = isWanted ? 'cordoned' : 'uncordoned'
  for (const target of targets) {
    const isCordoned = valueAt(target.object, 'spec', 'unschedulable') === true
    if (isCordoned !== isWanted) {
      const problem = await send(invocation, target, isWanted, dryRun)
      if (problem) {
        await invocation.warn(
          `error: unable to ${isWanted ? 'cordon' : 'uncordon'} node ${JSON.stringify(target.name)}: ${problem.message}`,
        )
        continue
      }
    }
    const operation = isCordoned === isWanted ? `already ${done}` : done
    await invocation.print(nameLines(target.object, withDryRun(operation, dryRun)))
  }
}

async function send(
  { api }: Invocation,
  { resource, name }: Target,
  isWanted: boolean,
  dryRun: DryRun,
): Promise<Failure | undefined> {
  if (dryRun === 'client') return undefined
  const patch = { spec: { unschedulable: isWanted || null } }
  try {
    await api.patch(resource, undefined, name, 'strategic', patch, { query: dryRunQuery(dryRun) })
    return undefined
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error
  }
}
