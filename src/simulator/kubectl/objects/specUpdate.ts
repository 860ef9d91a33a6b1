import { copyOf } from '../../cluster/api/copy.ts'
import { Failure, Failures, throwAll } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { type OutputFlags, printerFor } from '../output/printer.ts'
import { patchBetween } from '../patches/strategic.ts'
import type { AnyObject } from '../server/object.ts'
import { withChangeCause } from './changeCause.ts'
import { dryRunOf, dryRunQuery, withDryRun } from './dryRun.ts'
import { Selection } from './selection.ts'
import type { Target } from './target.ts'

/** The flags of the verbs under `set`. */
export interface SetFlags extends OutputFlags {
  readonly filename: readonly string[]
  readonly kustomize: string
  readonly recursive: boolean
  readonly selector?: string
  readonly all: boolean
  readonly local: boolean
  readonly 'dry-run': string
  readonly 'field-manager': string
}

/** A change of what objects ask for. */
export interface SpecUpdate {
  readonly resources: readonly string[]
  readonly flags: SetFlags
  /** What is said to have been done: `image updated`. */
  readonly operation: string
  /** What failed when the server refuses: `image update to pod template`. */
  readonly subject: string
  /** Throws where the command line names no change; looked at once the objects are found. */
  check?(): void
  /** Changes the copy it is given. What it throws is told at the end. */
  change(object: AnyObject, target: Target): void | Promise<void>
}

/** Changes each chosen object and sends the difference; objects that stay as they are, are passed over in silence. */
export async function updateSpecs(invocation: Invocation, update: SpecUpdate): Promise<void> {
  const { flags } = update
  const dryRun = dryRunOf(flags)
  if (flags.local && dryRun === 'server') {
    throw new Failure('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
  }
  const selection = await Selection.of(invocation, {
    args: flags.local ? [] : update.resources,
    filenames: flags.filename,
    kustomize: flags.kustomize,
    isRecursive: flags.recursive,
    selector: flags.selector,
    isAll: flags.all,
    isLocal: flags.local,
  })
  const targets: Target[] = []
  await selection.each(async target => void targets.push(target), { isLatest: !flags.local })
  update.check?.()
  const printer = printerFor(invocation.process, flags, { operation: withDryRun(update.operation, dryRun) })
  const errors: Error[] = []
  for (const target of targets) {
    const copy = copyOf(target.object)
    errors.push(...(await collect(() => update.change(copy, target))))
    const after = withChangeCause(invocation, copy)
    const { type, patch } = patchBetween(target.object, after)
    if (Object.keys(patch).length === 0) continue
    if (flags.local || dryRun === 'client') {
      await invocation.print(printer.print(after))
      continue
    }
    try {
      const { resource, namespace, name } = target
      const query = { fieldManager: flags['field-manager'], ...dryRunQuery(dryRun) }
      await invocation.print(
        printer.print(await invocation.api.patch(resource, namespace, name, type, patch, { query })),
      )
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      errors.push(new Failure(`failed to patch ${update.subject}: ${error.message}`))
    }
  }
  throwAll(errors)
}

async function collect(work: () => void | Promise<void>): Promise<readonly Error[]> {
  try {
    await work()
    return []
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error instanceof Failures ? error.all : [error]
  }
}

/** Complains where neither arguments nor files name anything. */
export function requireResources(resources: readonly string[], flags: Pick<SetFlags, 'filename' | 'kustomize'>): void {
  if (resources.length === 0 && flags.filename.length === 0 && !flags.kustomize) {
    throw new Failure('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  }
}
