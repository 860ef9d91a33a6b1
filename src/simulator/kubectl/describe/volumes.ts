import type { PersistentVolumeSpec, Volume, VolumeProjection } from 'kubernetes-types/core/v1'
import type { Description } from './description.ts'

/** Where the data of a volume come from, in a pod or in a persistent volume. */
type Source = Omit<Volume, 'name'> & Pick<PersistentVolumeSpec, 'local'>

/** Writes the volumes of a pod or of a template. */
export function describeVolumes(volumes: readonly Volume[] | undefined, text: Description, indent = ''): void {
  if (!volumes?.length) return text.line(`${indent}Volumes:\t<none>`)
  text.line(`${indent}Volumes:`)
  for (const volume of volumes) {
    text.line(`${indent ? ' ' : ''}${volume.name}:`, 1)
    describeVolumeSource(volume, text)
  }
}

/** Writes what kind of volume it is and what it is made of. */
export function describeVolumeSource(source: Source, text: Description): void {
  if (source.projected) {
    text.field('Type', 'Projected (a volume that contains injected data from multiple sources)', 2)
    for (const each of source.projected.sources ?? []) describeProjection(each, text)
    return
  }
  if (source.downwardAPI) {
    text.field('Type', 'DownwardAPI (a volume populated by information about the pod)', 2)
    text.heading('Items', 2)
    for (const { fieldRef, resourceFieldRef, path } of source.downwardAPI.items ?? []) {
      text.line(`${fieldRef?.fieldPath ?? resourceFieldRef?.resource} -> ${path}`, 3)
    }
    return
  }
  const fields = fieldsOf(source)
  if (!fields) return text.line('<unknown>', 1)
  for (const [name, value] of fields) text.field(name, value, 2)
}

function fieldsOf(source: Source): [name: string, value: unknown][] | undefined {
  const { hostPath, emptyDir, secret, configMap, nfs, persistentVolumeClaim, ephemeral, csi, local } = source
  if (hostPath) {
    return [
      ['Type', 'HostPath (bare host directory volume)'],
      ['Path', hostPath.path],
      ['HostPathType', hostPath.type ?? '<none>'],
    ]
  }
  if (emptyDir) {
    return [
      ['Type', "EmptyDir (a temporary directory that shares a pod's lifetime)"],
      ['Medium', emptyDir.medium ?? ''],
      ['SizeLimit', emptyDir.sizeLimit ?? '<unset>'],
    ]
  }
  if (secret) {
    return [
      ['Type', 'Secret (a volume populated by a Secret)'],
      ['SecretName', secret.secretName],
      ['Optional', secret.optional ?? false],
    ]
  }
  if (configMap) {
    return [
      ['Type', 'ConfigMap (a volume populated by a ConfigMap)'],
      ['Name', configMap.name],
      ['Optional', configMap.optional ?? false],
    ]
  }
  if (nfs) {
    return [
      ['Type', 'NFS (an NFS mount that lasts the lifetime of a pod)'],
      ['Server', nfs.server],
      ['Path', nfs.path],
      ['ReadOnly', nfs.readOnly ?? false],
    ]
  }
  if (persistentVolumeClaim) {
    return [
      ['Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)'],
      ['ClaimName', persistentVolumeClaim.claimName],
      ['ReadOnly', persistentVolumeClaim.readOnly ?? false],
    ]
  }
  if (local) {
    return [
      ['Type', 'LocalVolume (a persistent volume backed by local storage on a node)'],
      ['Path', local.path],
    ]
  }
  if (csi) {
    const { driver, fsType = '', readOnly = false, volumeAttributes } = csi
    return [
      ['Type', 'CSI (a Container Storage Interface (CSI) volume source)'],
      ['Driver', driver],
      ['FSType', fsType],
      ['ReadOnly', readOnly],
      ...(Object.entries(volumeAttributes ?? {})
        .sort()
        .map(([key, value]) => [`VolumeAttributes`, `${key}=${value}`]) as [string, string][]),
    ]
  }
  if (ephemeral) {
    return [
      ['Type', 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)'],
    ]
  }
  // Simplified: the volumes of cloud providers and old network file systems are not described.
  return undefined
}

function describeProjection(
  { secret, downwardAPI, configMap, serviceAccountToken }: VolumeProjection,
  text: Description,
): void {
  if (secret) {
    text.field('SecretName', secret.name, 2)
    text.field('Optional', secret.optional ?? false, 2)
  } else if (downwardAPI) text.field('DownwardAPI', true, 2)
  else if (configMap) {
    text.field('ConfigMapName', configMap.name, 2)
    text.field('Optional', configMap.optional ?? false, 2)
  } else if (serviceAccountToken) text.field('TokenExpirationSeconds', serviceAccountToken.expirationSeconds ?? 3600, 2)
}
