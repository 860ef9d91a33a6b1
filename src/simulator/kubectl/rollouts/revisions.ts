import type { PodTemplateSpec } from 'kubernetes-types/core/v1'
import { copyOf } from '../../cluster/api/copy.ts'
import { formatSelector } from '../../cluster/api/selector.ts'
import { strategicMerge } from '../../cluster/api/strategicMerge.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { readQuery } from '../objects/selection.ts'
import type { Target } from '../objects/target.ts'
import { structOf } from '../patches/strategic.ts'
import { type AnyList, type AnyObject, valueAt } from '../server/object.ts'

/** One state of a workload's pod template that is still remembered. */
export interface Revision {
  readonly number: number
  readonly cause: string | undefined
  readonly template: PodTemplateSpec
  /** The object that remembers it: a ReplicaSet or a ControllerRevision. */
  readonly object: AnyObject
}

const causeAnnotation = 'kubernetes.io/change-cause'

/** The revisions of a workload, oldest first. */
export async function revisionsOf(invocation: Invocation, target: Target): Promise<Revision[]> {
  const { kind } = target.object
  const found =
    kind === 'Deployment'
      ? await replicaSetRevisions(invocation, target)
      : kind === 'DaemonSet' || kind === 'StatefulSet'
        ? await controllerRevisions(invocation, target)
        : undefined
  if (!found)
    throw new Failure(
      `error retrieving history for "${kind}", no visitor method exists for {${target.resource.group} ${kind}}`,
    )
  return found.sort((a, b) => a.number - b.number)
}

async function owned(invocation: Invocation, { object, namespace }: Target, kind: string): Promise<AnyObject[]> {
  const resource = (await invocation.resources()).named(kind)
  const selector = formatSelector(valueAt(object, 'spec', 'selector') as Parameters<typeof formatSelector>[0])
  const list = await readQuery<AnyList>(invocation.api, { resource, namespace, selector, fieldSelector: '' })
  const { apiVersion } = resource.group
    ? { apiVersion: `${resource.group}/${resource.version}` }
    : { apiVersion: resource.version }
  return list.items
    .filter(item =>
      item.metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === object.metadata.uid),
    )
    .map(item => ({ ...item, apiVersion, kind: resource.kind }))
}

async function replicaSetRevisions(invocation: Invocation, target: Target): Promise<Revision[]> {
  const sets = await owned(invocation, target, 'replicasets.apps')
  return sets
    .filter(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'])
    .map(object => ({
      number: Number(object.metadata.annotations!['deployment.kubernetes.io/revision']),
      cause: object.metadata.annotations?.[causeAnnotation],
      template: valueAt(object, 'spec', 'template') as PodTemplateSpec,
      object,
    }))
}

async function controllerRevisions(invocation: Invocation, target: Target): Promise<Revision[]> {
  const revisions = await owned(invocation, target, 'controllerrevisions.apps')
  return revisions.map(object => {
    const workload = strategicMerge(copyOf(target.object), object['data'], structOf(target.object)!)
    return {
      number: Number(object['revision']),
      cause: object.metadata.annotations?.[causeAnnotation],
      template: valueAt(workload, 'spec', 'template') as PodTemplateSpec,
      object,
    }
  })
}

/** A template without the hash that the Deployment controller adds. */
export function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}
