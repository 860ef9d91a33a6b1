import { isEqual } from '../../api/equality.ts'
import type { Client } from '../../client.ts'
import { type PersistentVolume, persistentVolume } from '../../kinds/persistentVolume.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import { pod } from '../../kinds/pod.ts'
import { claimReference, findVolume, isReservedFor, mismatchOf, selectedNode } from '../../kinds/storage/matching.ts'
import { storageClass } from '../../kinds/storageClass.ts'
import { type Control, type Key, keyOf, lookUp } from '../controller.ts'

const boundByController = 'pv.kubernetes.io/bound-by-controller'
const bindCompleted = 'pv.kubernetes.io/bind-completed'
const provisioners = ['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner']
// The claims that found nothing are tried again every so often: --pvclaimbinder-sync-period
const retry = 15_000

/** Binds a claim to a volume, has one made for it, or says why it waits. */
export function syncClaim(key: Key, control: Control): void {
  const { client } = control
  const claim = lookUp(client, persistentVolumeClaim, key)
  if (!claim || claim.metadata.deletionTimestamp) return
  if (claim.metadata.annotations?.[bindCompleted]) keepBound(claim, control)
  else if (claim.spec.volumeName) bindToNamed(claim, claim.spec.volumeName, control)
  else findOne(claim, control)
}

/** A claim that has had a volume keeps it, or is lost with it. */
function keepBound(claim: PersistentVolumeClaim, control: Control): void {
  const { client, record } = control
  const { volumeName } = claim.spec
  const volume = volumeName ? client.get(persistentVolume, volumeName) : undefined
  const isLost = claim.status?.phase === 'Lost'
  if (!volume) {
    if (!isLost)
      record(claim, 'Warning', 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!')
    setPhase(claim, 'Lost', control)
  } else if (volume.spec.claimRef?.uid && volume.spec.claimRef.uid !== claim.metadata.uid) {
    const message = 'Two claims are bound to the same volume, this one is bound incorrectly'
    if (!isLost) record(claim, 'Warning', 'ClaimMisbound', message)
    setPhase(claim, 'Lost', control)
  } else bind(claim, volume, control)
}

/** The claim says itself which volume it wants. */
function bindToNamed(claim: PersistentVolumeClaim, name: string, control: Control): void {
  const volume = control.client.get(persistentVolume, name)
  const wait = (reason?: string, message?: string) => {
    setPhase(claim, 'Pending', control)
    if (reason) control.record(claim, 'Warning', reason, message!)
    control.enqueue(keyOf(claim), retry)
  }
  if (!volume || volume.status?.phase === 'Pending') return wait()
  if (volume.spec.claimRef && !isReservedFor(volume, claim))
    return wait('FailedBinding', `volume "${name}" already bound to a different claim.`)
  const mismatch = mismatchOf(volume, claim)
  if (mismatch) return wait('VolumeMismatch', mismatch)
  bind(claim, volume, control)
}

function findOne(claim: PersistentVolumeClaim, control: Control): void {
  const { client } = control
  const mustWait = waitsForPod(claim, client) && !claim.metadata.annotations?.[selectedNode]
  const candidates = client.list(persistentVolume)
  const volume = findVolume(claim, mustWait ? candidates.filter(({ spec }) => spec.claimRef) : candidates)
  if (volume) {
    bind(claim, volume, control)
    return
  }
  setPhase(claim, 'Pending', control)
  if (mustWait) tellWhatFor(claim, control)
  else if (claim.spec.storageClassName) provision(claim, claim.spec.storageClassName, control)
  else {
    const message = 'no persistent volumes available for this claim and no storage class is set'
    control.record(claim, 'Normal', 'FailedBinding', message)
  }
  control.enqueue(keyOf(claim), retry)
}

function tellWhatFor(claim: PersistentVolumeClaim, { client, record }: Control): void {
  const { namespace, name } = claim.metadata
  const waiting = client
    .list(pod, { namespace: namespace! })
    .find(
      ({ spec, metadata }) =>
        !spec.nodeName &&
        !metadata.deletionTimestamp &&
        spec.volumes?.some(({ persistentVolumeClaim: source }) => source?.claimName === name),
    )
  if (waiting)
    record(claim, 'Normal', 'WaitForPodScheduled', `waiting for pod ${waiting.metadata.name} to be scheduled`)
  else record(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding')
}

/** Asks the provisioner of the class for a volume: it reads so from the claim's annotations. */
function provision(claim: PersistentVolumeClaim, className: string, { client, record }: Control): void {
  const found = client.get(storageClass, className)
  if (!found) {
    record(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`)
    return
  }
  const { provisioner } = found
  if (provisioner.startsWith('kubernetes.io/')) {
    record(claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`)
    return
  }
  const { namespace, name, annotations } = claim.metadata
  if (provisioners.some(key => annotations?.[key] !== provisioner))
    client.patch(persistentVolumeClaim, name, namespace, {
      metadata: { annotations: Object.fromEntries(provisioners.map(key => [key, provisioner])) },
    })
  record(
    claim,
    'Normal',
    'ExternalProvisioning',
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  )
}

/** Writes down on both sides that they belong together. */
function bind(claim: PersistentVolumeClaim, volume: PersistentVolume, control: Control): void {
  const { client, timestamp } = control
  const { namespace, name, uid, annotations } = claim.metadata
  let bound = volume
  if (volume.spec.claimRef?.uid !== uid) {
    const isReserved = volume.spec.claimRef !== undefined
    bound = client.patch(persistentVolume, volume.metadata.name, undefined, {
      ...(!isReserved && { metadata: { annotations: { [boundByController]: 'yes' } } }),
      spec: { claimRef: claimReference(claim) },
    })
  }
  if (bound.status?.phase !== 'Bound')
    client.updateStatus(persistentVolume, {
      ...bound,
      status: { phase: 'Bound', lastPhaseTransitionTime: timestamp } as PersistentVolume['status'],
    })
  let current = claim
  if (!annotations?.[bindCompleted] || !claim.spec.volumeName)
    current = client.patch(persistentVolumeClaim, name, namespace, {
      metadata: {
        annotations: { [bindCompleted]: 'yes', ...(claim.spec.volumeName ? {} : { [boundByController]: 'yes' }) },
      },
      spec: { volumeName: volume.metadata.name },
    })
  const capacity =
    current.status?.phase === 'Bound' ? (current.status.capacity ?? volume.spec.capacity) : volume.spec.capacity
  const status = {
    ...current.status,
    phase: 'Bound',
    ...(volume.spec.accessModes && { accessModes: volume.spec.accessModes }),
    ...(capacity && { capacity }),
  }
  if (!isEqual(status, current.status)) client.updateStatus(persistentVolumeClaim, { ...current, status })
}

function setPhase(claim: PersistentVolumeClaim, phase: string, { client }: Control): void {
  if (claim.status?.phase === phase) return
  client.updateStatus(persistentVolumeClaim, { ...claim, status: { ...claim.status, phase } })
}

/** Whether a claim gets a volume only once a pod that uses it has a node. */
function waitsForPod(claim: PersistentVolumeClaim, client: Client): boolean {
  const name = claim.spec.storageClassName
  return Boolean(name) && client.get(storageClass, name!)?.volumeBindingMode === 'WaitForFirstConsumer'
}
