import type { DaemonSet } from '../../cluster/kinds/daemonSet.ts'
import type { Deployment } from '../../cluster/kinds/deployment.ts'
import type { StatefulSet } from '../../cluster/kinds/statefulSet.ts'
import { Failure } from '../failure.ts'
import type { AnyObject } from '../server/object.ts'

/** How far a rollout has come, and whether that is the end of it. */
export interface RolloutStatus {
  readonly text: string
  readonly isDone: boolean
}

/** Tells how far the rollout of a workload has come. */
export function rolloutStatus(object: AnyObject, revision: number): RolloutStatus {
  switch (object.kind) {
    case 'Deployment':
      return deploymentStatus(object as unknown as Deployment, revision)
    case 'DaemonSet':
      return daemonSetStatus(object as unknown as DaemonSet)
    case 'StatefulSet':
      return statefulSetStatus(object as unknown as StatefulSet)
    default:
      throw new Failure(`no status viewer has been implemented for ${object.kind}`)
  }
}

function deploymentStatus({ metadata, spec, status }: Deployment, revision: number): RolloutStatus {
  const { name } = metadata
  const running = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  if (revision > 0 && revision !== running) {
    throw new Failure(`desired revision (${revision}) is different from the running revision (${running})`)
  }
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) {
    return waiting('Waiting for deployment spec update to be observed...')
  }
  const progressing = status.conditions?.find(({ type }) => type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    throw new Failure(`deployment ${JSON.stringify(name)} exceeded its progress deadline`)
  }
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status
  const prefix = `Waiting for deployment "${name}" rollout to finish:`
  if (updatedReplicas < (spec.replicas ?? 0)) {
    return waiting(`${prefix} ${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`)
  }
  if (replicas > updatedReplicas) {
    return waiting(`${prefix} ${replicas - updatedReplicas} old replicas are pending termination...`)
  }
  if (availableReplicas < updatedReplicas) {
    return waiting(`${prefix} ${availableReplicas} of ${updatedReplicas} updated replicas are available...`)
  }
  return done(`deployment "${name}" successfully rolled out`)
}

function daemonSetStatus({ metadata, spec, status }: DaemonSet): RolloutStatus {
  if (spec.updateStrategy?.type !== 'RollingUpdate') throw onlyRolling()
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) {
    return waiting('Waiting for daemon set spec update to be observed...')
  }
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = status
  const prefix = `Waiting for daemon set "${metadata.name}" rollout to finish:`
  if (updatedNumberScheduled < desiredNumberScheduled) {
    return waiting(`${prefix} ${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`)
  }
  if (numberAvailable < desiredNumberScheduled) {
    return waiting(`${prefix} ${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`)
  }
  return done(`daemon set "${metadata.name}" successfully rolled out`)
}

function statefulSetStatus({ metadata, spec, status }: StatefulSet): RolloutStatus {
  if (spec.updateStrategy?.type !== 'RollingUpdate') throw onlyRolling()
  const observed = status?.observedGeneration ?? 0
  if (observed === 0 || (metadata.generation ?? 0) > observed) {
    return waiting('Waiting for statefulset spec update to be observed...')
  }
  const { readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0, updateRevision, currentRevision } = status
  const wanted = spec.replicas ?? 0
  if (readyReplicas < wanted) return waiting(`Waiting for ${wanted - readyReplicas} pods to be ready...`)
  if (spec.updateStrategy.rollingUpdate) {
    const updating = wanted - (spec.updateStrategy.rollingUpdate.partition ?? 0)
    if (updatedReplicas < updating) {
      return waiting(
        `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${updating} new pods have been updated...`,
      )
    }
    return done(`partitioned roll out complete: ${updatedReplicas} new pods have been updated...`)
  }
  if (updateRevision !== currentRevision) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`,
    )
  }
  return done(`statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`)
}

function waiting(text: string): RolloutStatus {
  return { text: `${text}\n`, isDone: false }
}

function done(text: string): RolloutStatus {
  return { text: `${text}\n`, isDone: true }
}

function onlyRolling(): Failure {
  return new Failure('rollout status is only available for RollingUpdate strategy type')
}
