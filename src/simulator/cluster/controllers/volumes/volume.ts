import { type PersistentVolume, persistentVolume } from '../../kinds/persistentVolume.ts'
import { persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import type { Control } from '../controller.ts'

const provisionedBy = 'pv.kubernetes.io/provisioned-by'

/** A volume is available until it is claimed, and released when its claim is gone. */
export function syncVolume(name: string, control: Control): void {
  const { client } = control
  const volume = client.get(persistentVolume, name)
  if (!volume || volume.metadata.deletionTimestamp) return
  const { claimRef } = volume.spec
  if (!claimRef?.uid) {
    setPhase(volume, 'Available', '', control)
    return
  }
  const claim = client.get(persistentVolumeClaim, claimRef.name!, claimRef.namespace)
  if (claim?.metadata.uid === claimRef.uid) return
  if (volume.status?.phase === 'Failed') return
  reclaim(setPhase(volume, 'Released', '', control), control)
}

/** Does with a released volume what its policy says; volumes that a provisioner made are deleted by it. */
function reclaim(volume: PersistentVolume, control: Control): void {
  const { hostPath, persistentVolumeReclaimPolicy: policy } = volume.spec
  const { name, annotations } = volume.metadata
  if (policy === 'Recycle') fail(volume, 'VolumeFailedRecycle', 'recycling volumes is not simulated here', control)
  if (policy !== 'Delete' || annotations?.[provisionedBy]) return
  if (!hostPath) {
    const message = `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`
    fail(volume, 'VolumeFailedDelete', message, control)
  } else if (!/^\/tmp\/.+/.test(hostPath.path)) {
    const message = `host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}`
    fail(volume, 'VolumeFailedDelete', message, control)
  } else control.client.delete(persistentVolume, name)
}

function fail(volume: PersistentVolume, reason: string, message: string, control: Control): void {
  setPhase(volume, 'Failed', message, control)
  control.record(volume, 'Warning', reason, message)
}

function setPhase(volume: PersistentVolume, phase: string, message: string, control: Control): PersistentVolume {
  if (volume.status?.phase === phase) return volume
  return control.client.updateStatus(persistentVolume, {
    ...volume,
    status: {
      phase,
      ...(message && { message }),
      lastPhaseTransitionTime: control.timestamp,
    } as PersistentVolume['status'],
  })
}
