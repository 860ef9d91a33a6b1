import type { Volume } from 'kubernetes-types/core/v1'
import type { Description } from './description.ts'

/** Adds the volumes of a pod or of a template; `space` indents a template's. */
export function describeVolumes(text: Description, volumes: readonly Volume[] | undefined, space: string): void {
  if (!volumes?.length) return text.line(0, `${space}Volumes:\t<none>`)
  text.line(0, `${space}Volumes:`)
  for (const volume of volumes) {
    text.line(1, `${space ? ' ' : ''}${volume.name}:`)
    for (const line of volumeLines(volume)) text.line(2, line)
  }
}

function volumeLines(volume: Volume): string[] {
  const { hostPath, emptyDir, secret, configMap, persistentVolumeClaim, downwardAPI, projected, nfs } = volume
  if (hostPath)
    return [
      'Type:\tHostPath (bare host directory volume)',
      `Path:\t${hostPath.path}`,
      `HostPathType:\t${hostPath.type ?? ''}`,
    ]
  if (emptyDir)
    return [
      "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
      `Medium:\t${emptyDir.medium ?? ''}`,
      `SizeLimit:\t${emptyDir.sizeLimit ?? '<unset>'}`,
    ]
  if (secret)
    return [
      'Type:\tSecret (a volume populated by a Secret)',
      `SecretName:\t${secret.secretName ?? ''}`,
      `Optional:\t${secret.optional ?? false}`,
    ]
  if (configMap)
    return [
      'Type:\tConfigMap (a volume populated by a ConfigMap)',
      `Name:\t${configMap.name ?? ''}`,
      `Optional:\t${configMap.optional ?? false}`,
    ]
  if (persistentVolumeClaim)
    return [
      'Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
      `ClaimName:\t${persistentVolumeClaim.claimName}`,
      `ReadOnly:\t${persistentVolumeClaim.readOnly ?? false}`,
    ]
  if (downwardAPI)
    return [
      'Type:\tDownwardAPI (a volume populated by information about the pod)',
      'Items:',
      ...(downwardAPI.items ?? []).map(
        item => `  ${item.fieldRef?.fieldPath ?? item.resourceFieldRef?.resource} -> ${item.path}`,
      ),
    ]
  if (projected) return projectedLines(projected.sources ?? [])
  if (nfs)
    return [
      'Type:\tNFS (an NFS mount that lasts the lifetime of a pod)',
      `Server:\t${nfs.server}`,
      `Path:\t${nfs.path}`,
      `ReadOnly:\t${nfs.readOnly ?? false}`,
    ]
  return ['<unknown>']
}

type Sources = NonNullable<NonNullable<Volume['projected']>['sources']>

function projectedLines(sources: Sources): string[] {
  const lines = ['Type:\tProjected (a volume that contains injected data from multiple sources)']
  for (const { secret, downwardAPI, configMap, serviceAccountToken } of sources) {
    if (secret) lines.push(`SecretName:\t${secret.name}`, `Optional:\t${secret.optional ?? false}`)
    else if (downwardAPI) lines.push('DownwardAPI:\ttrue')
    else if (configMap) lines.push(`ConfigMapName:\t${configMap.name}`, `Optional:\t${configMap.optional ?? false}`)
    else if (serviceAccountToken) lines.push(`TokenExpirationSeconds:\t${serviceAccountToken.expirationSeconds}`)
  }
  return lines
}
