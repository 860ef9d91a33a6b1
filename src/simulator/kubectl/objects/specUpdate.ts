import { copyOf } from '../../cluster/api/copy.ts'
import { Failure, Failures, throwAll } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { type OutputFlags, printerFor } from '../output/printer.ts'
import { patchBetween, structOf } from '../patches/strategic.ts'
import type { AnyObject } from '../server/object.ts'
import { kindName } from '../server/resource.ts'
import { withChangeCause } from './changeCause.ts'
import { dryRunOf, dryRunQuery, withDryRun } from './dryRun.ts'
import { Selection } from './selection.ts'
import type { Target } from './target.ts'
import { typed } from './typedZeros.ts'

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

const missingFiles = `you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'`

/** An object of a kind that cannot be changed in this way; the message follows its name. */
export class Unfit extends Failure {
  of({ resource, name }: Target): Failure {
    return new Failure(`error: ${kindName(resource)}/${name} ${this.message}`)
  }
}

/** Objects from files are held in Go's types, which know only kubectl's own kinds. */
function requireKnownKind({ object, source = '' }: Target): void {
  if (structOf(object)) return
  throw new Failure(
    `unable to decode ${JSON.stringify(source)}: no kind ${JSON.stringify(object.kind)} is registered for version ${JSON.stringify(object.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
  )
}

/** Said of what makes no pods and is none. */
export function withoutPods({ apiVersion, kind }: AnyObject): Unfit {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  return new Unfit(`the object is not a pod or does not have a pod template: *${version}.${kind}`)
}

/** Changes each chosen object and sends the difference; objects that stay as they are, are passed over in silence. */
export async function updateSpecs(invocation: Invocation, update: SpecUpdate): Promise<void> {
  const { flags } = update
  const dryRun = dryRunOf(flags)
  if (flags.local && dryRun === 'server') {
    throw new Failure('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
  }
  if (flags.local && flags.filename.length === 0 && !flags.kustomize) throw new Failure(missingFiles)
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
    if (flags.local) requireKnownKind(target)
    const copy = copyOf(target.object)
    const problems = await collect(() => update.change(copy, target))
    errors.push(...problems.map(problem => (problem instanceof Unfit ? problem.of(target) : problem)))
    if (problems.some(problem => problem instanceof Unfit)) continue
    const after = withChangeCause(invocation, copy)
    const { type, patch } = patchBetween(target.object, after)
    if (Object.keys(patch).length === 0) continue
    if (flags.local || dryRun === 'client') {
      await invocation.print(printer.print(flags.local ? typed(after) : after))
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
