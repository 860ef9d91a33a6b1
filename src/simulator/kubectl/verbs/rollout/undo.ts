import { isEqual } from '../../../cluster/api/equality.ts'
import { defineCommand } from '../../command.ts'
import { Description } from '../../describe/description.ts'
import { describePodTemplate } from '../../describe/podTemplate.ts'
import { Failure } from '../../failure.ts'
import { dryRun } from '../../flags/changing.ts'
import { fileFlags } from '../../flags/files.ts'
import { integer } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { selector } from '../../flags/selecting.ts'
import type { Invocation } from '../../invocation.ts'
import { type DryRun, dryRunOf, dryRunQuery, withDryRun } from '../../objects/dryRun.ts'
import { lastApplied } from '../../objects/lastApplied.ts'
import { podTemplateOf } from '../../objects/podTemplate.ts'
import { Selection } from '../../objects/selection.ts'
import type { Target } from '../../objects/target.ts'
import { printerFor } from '../../output/printer.ts'
import { type Revision, revisionsOf, withoutHash } from '../../rollouts/revisions.ts'
import { valueAt } from '../../server/object.ts'

const flags = {
  ...outputFlags,
  ...fileFlags(),
  selector,
  'dry-run': dryRun,
  'to-revision': integer('The revision to rollback to. Default to 0 (last revision).'),
}

/** `kubectl rollout undo`: undo a previous rollout. */
export const rolloutUndo = defineCommand({
  name: 'undo',
  summary: 'Undo a previous rollout',
  description: 'Roll back to a previous rollout.',
  examples: `  # Roll back to the previous deployment
  kubectl rollout undo deployment/abc

  # Roll back to daemonset revision 3
  kubectl rollout undo daemonset/abc --to-revision=3

  # Roll back to the previous deployment with dry-run
  kubectl rollout undo --dry-run=server deployment/abc`,
  usage: '(TYPE NAME | TYPE/NAME) [flags]',
  flags,
  complete: { types: ['deployment', 'daemonset', 'statefulset'] },
  async run(invocation) {
    const { flags, args } = invocation
    if (args.length === 0 && flags.filename.length === 0 && !flags.kustomize)
      throw new Failure('required resource not specified')
    const dryRun = dryRunOf(flags)
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      selector: flags.selector,
      mayBeType: true,
    })
    await selection.each(
      async target => {
        const { object, resource, name } = target
        if (object.metadata.annotations?.[lastApplied.annotation] !== undefined) {
          await invocation.warn(
            `Warning: resource ${resource.plural}/${name} was previously managed with 'kubectl apply'. Rolling back will not update the ${lastApplied.annotation} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.`,
          )
        }
        const operation = await rollBack(invocation, target, dryRun)
        await invocation.print(printerFor(invocation.process, flags, { operation }).print(target.object))
      },
      { isLatest: true },
    )
  },
})

const revisionAnnotations = [
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]

/** Puts an earlier template back in place and says what came of it. */
async function rollBack(invocation: Invocation<typeof flags>, target: Target, dryRun: DryRun): Promise<string> {
  const { kind } = target.object
  const { 'to-revision': wanted } = invocation.flags
  if (wanted < 0) throw new Failure(`unable to find specified revision ${wanted} in history`)
  const revisions = await revisionsOf(invocation, target)
  const chosen = choose(revisions, wanted, target)
  const current = podTemplateOf(target.object)
  if (kind === 'Deployment' && valueAt(target.object, 'spec', 'paused')) {
    throw new Failure(
      "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    )
  }
  if (dryRun === 'client') {
    const description = new Description()
    describePodTemplate(chosen.template, description)
    return `\n${description.unaligned}`.trimEnd()
  }
  const template = kind === 'Deployment' ? withoutHash(chosen.template) : chosen.template
  if (current && isEqual(withoutHash(current), withoutHash(template))) {
    return `skipped rollback (current template already matches revision ${chosen.number})`
  }
  const { resource, namespace, name, object } = target
  const query = { ...dryRunQuery(dryRun) }
  if (kind !== 'Deployment') {
    await invocation.api.patch(resource, namespace, name, 'strategic', chosen.object['data'], { query })
    return withDryRun('rolled back', dryRun)
  }
  const annotations: Record<string, string> = {}
  for (const key of revisionAnnotations) {
    const value = object.metadata.annotations?.[key]
    if (value !== undefined) annotations[key] = value
  }
  for (const [key, value] of Object.entries(chosen.object.metadata.annotations ?? {})) {
    if (!revisionAnnotations.includes(key)) annotations[key] = value
  }
  const patch = [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ]
  await invocation.api.patch(resource, namespace, name, 'json', patch, { query })
  return withDryRun('rolled back', dryRun)
}

/** The revision asked for, or the one before the last. */
function choose(revisions: readonly Revision[], wanted: number, { object, name }: Target): Revision {
  const found = wanted === 0 ? revisions.at(-2) : revisions.find(({ number }) => number === wanted)
  if (found) return found
  if (wanted > 0) throw new Failure(`unable to find specified revision ${wanted} in history`)
  throw new Failure(
    object.kind === 'Deployment'
      ? `no rollout history found for deployment ${JSON.stringify(name)}`
      : 'no last revision to roll back to',
  )
}
