import { copyOf } from '../../cluster/api/copy.ts'
import { Failure, Failures } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { podTemplateOf } from '../objects/podTemplate.ts'
import { Selection } from '../objects/selection.ts'
import { type OutputFlags, printerFor } from '../output/printer.ts'
import { patchBetween } from '../patches/strategic.ts'
import type { AnyObject } from '../server/object.ts'
import { qualifiedName } from '../server/resource.ts'

/** The flags of pause, resume and restart. */
export interface RolloutFlags extends OutputFlags {
  readonly filename: readonly string[]
  readonly kustomize: string
  readonly recursive: boolean
  readonly selector: string
  readonly 'field-manager': string
}

const operations = { pause: 'paused', resume: 'resumed', restart: 'restarted' } as const

/** Pauses, resumes or restarts the rollouts of workloads. */
export async function changeRollouts(
  invocation: Invocation,
  flags: RolloutFlags,
  change: keyof typeof operations,
): Promise<void> {
  const { args, api } = invocation
  if (args.length === 0 && flags.filename.length === 0 && !flags.kustomize)
    throw new Failure('required resource not specified')
  const selection = await Selection.of(invocation, {
    args,
    filenames: flags.filename,
    kustomize: flags.kustomize,
    isRecursive: flags.recursive,
    selector: flags.selector,
    mayBeType: true,
  })
  const { targets, errors } = await selection.settle()
  const problems: Error[] = [...errors]
  const printer = printerFor(invocation.process, flags, { operation: operations[change] })
  if (targets.length === 0 && errors.length === 0) {
    await invocation.warn(`No resources found in ${invocation.namespace} namespace.`)
  }
  for (const target of targets) {
    const { resource, namespace, name, object } = target
    const after = copyOf(object)
    const problem = changeOne(after, change, invocation)
    if (problem) {
      problems.push(new Failure(`error: ${qualifiedName(resource)} ${JSON.stringify(name)} ${problem}`))
      continue
    }
    const { type, patch } = patchBetween(object, after)
    try {
      const stored = await api.patch(resource, namespace, name, type, patch, {
        query: { fieldManager: flags['field-manager'] },
      })
      await invocation.print(printer.print(stored))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      problems.push(new Failure(`failed to patch: ${error.message}`))
    }
  }
  if (problems.length > 0) throw new Failures(problems)
}

/** Changes the copy; says what stands against it. */
function changeOne(object: AnyObject, change: keyof typeof operations, invocation: Invocation): string | undefined {
  const spec = object['spec'] as { paused?: boolean }
  if (change === 'restart') {
    const template = podTemplateOf(object)
    if (!template || !/^(Deployment|DaemonSet|StatefulSet)$/.test(object.kind)) return 'restarting is not supported'
    if (spec.paused) return "can't restart paused deployment (run rollout resume first)"
    const annotations = {
      ...template.metadata?.annotations,
      'kubectl.kubernetes.io/restartedAt': timestamp(invocation),
    }
    template.metadata = { ...template.metadata, annotations }
    return undefined
  }
  if (object.kind !== 'Deployment') return `${change === 'pause' ? 'pausing' : 'resuming'} is not supported`
  if (change === 'pause') {
    if (spec.paused) return 'is already paused'
    spec.paused = true
    return undefined
  }
  if (!spec.paused) return 'is not paused'
  spec.paused = false
  return undefined
}

function timestamp({ now }: Invocation): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')
}
