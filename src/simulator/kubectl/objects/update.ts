import type { Invocation } from '../invocation.ts'
import { type OutputFlags, printerFor } from '../output/printer.ts'
import { createMergePatch } from '../patches/mergePatch.ts'
import type { RequestOptions } from '../server/api.ts'
import type { AnyObject } from '../server/object.ts'
import { withChangeCause } from './changeCause.ts'
import type { DryRun } from './dryRun.ts'
import { Selection } from './selection.ts'
import type { Target } from './target.ts'

/** The flags of the verbs that change metadata of many objects. */
export interface UpdateFlags extends OutputFlags {
  readonly filename: readonly string[]
  readonly kustomize: string
  readonly recursive: boolean
  readonly selector: string
  readonly 'field-selector': string
  readonly all: boolean
  readonly 'all-namespaces': boolean
  readonly local: boolean
  readonly list: boolean
}

/** A change of some objects. */
export interface Update {
  readonly args: readonly string[]
  readonly flags: UpdateFlags
  readonly dryRun: DryRun
  readonly query: NonNullable<RequestOptions['query']>
  change(target: Target): Promise<AnyObject>
  /** What is said to have been done. */
  operation(before: AnyObject, after: AnyObject): string
  /** Shows an object instead of the line `pod/web labeled`. */
  show?(object: AnyObject, isOnly: boolean): string
}

/** Changes each chosen object and sends what is different as a merge patch. */
export async function updateEach(invocation: Invocation, update: Update): Promise<void> {
  const { flags, dryRun } = update
  const selection = await Selection.of(invocation, {
    args: flags.local ? [] : update.args,
    filenames: flags.filename,
    kustomize: flags.kustomize,
    isRecursive: flags.recursive,
    selector: flags.selector,
    fieldSelector: flags['field-selector'],
    isAll: flags.all,
    isEveryNamespace: flags['all-namespaces'],
    isLocal: flags.local,
  })
  await selection.each(
    async target => {
      const before = target.object
      const after = withChangeCause(invocation, await update.change(target))
      const stored = await send(invocation, target, after, update)
      if (update.show) return invocation.print(update.show(stored, selection.isSingle))
      const operation = update.operation(before, after)
      await invocation.print(printerFor(invocation.process, flags, { operation }).print(stored))
    },
    { isLatest: !flags.local && dryRun !== undefined },
  )
}

async function send(
  invocation: Invocation,
  target: Target,
  after: AnyObject,
  { flags, dryRun, query }: Update,
): Promise<AnyObject> {
  if (flags.local || flags.list || dryRun === 'client') return after
  const patch = createMergePatch(target.object, after)
  const { resource, namespace, name } = target
  return invocation.api.patch(resource, namespace, name, 'merge', patch, { query })
}
