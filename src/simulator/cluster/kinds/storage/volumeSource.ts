import type { PersistentVolumeSpec } from 'kubernetes-types/core/v1'
import { type FieldError, forbidden, invalid, required } from '../../api/fieldError.ts'

export const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

const shortNames: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

/** Access modes as tables show them, in their usual order: `RWO,ROX`. */
export function shortModes(modes: readonly string[] | undefined): string {
  return Object.entries(shortNames)
    .filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',')
}

const sources = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'hostPath',
  'glusterfs',
  'nfs',
  'rbd',
  'iscsi',
  'cinder',
  'cephfs',
  'fc',
  'flocker',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const

/** Where the bytes of a volume are. */
export function sourceOf(spec: PersistentVolumeSpec): (typeof sources)[number] | undefined {
  return sources.find(source => spec[source])
}

/** What is wrong with where the bytes of a volume are. */
export function validateVolumeSource(spec: PersistentVolumeSpec, path: string, errors: FieldError[]): void {
  const [first, ...more] = sources.filter(source => spec[source])
  if (!first) errors.push(required(path, 'must specify a volume type'))
  for (const source of more) errors.push(forbidden(`${path}.${source}`, 'may not specify more than 1 volume type'))
  if (first === 'hostPath') {
    const folder = spec.hostPath?.path
    if (!folder) errors.push(required(`${path}.hostPath.path`))
    else if (folder.split('/').includes('..'))
      errors.push(invalid(`${path}.hostPath.path`, folder, "must not contain '..'"))
  }
  if (first === 'nfs') {
    const { server, path: folder } = spec.nfs!
    if (!server) errors.push(required(`${path}.nfs.server`))
    if (!folder) errors.push(required(`${path}.nfs.path`))
    else if (!folder.startsWith('/')) errors.push(invalid(`${path}.nfs.path`, folder, 'must be an absolute path'))
  }
  if (first === 'local') {
    if (!spec.local?.path) errors.push(required(`${path}.local.path`))
    else if (spec.local.path.split('/').includes('..'))
      errors.push(invalid(`${path}.local.path`, spec.local.path, "must not contain '..'"))
    if (!spec.nodeAffinity?.required)
      errors.push(required(`${path}.nodeAffinity`, 'Local volume requires node affinity'))
  }
}
