import type { KeyToPath, PodSpec, Volume } from 'kubernetes-types/core/v1'
import { allowOneOf, checkName, requireName } from '../../api/checks.ts'
import { duplicate, type FieldError, forbidden, invalid, required } from '../../api/fieldError.ts'
import { checkConfigMapKey, checkDns1123Label } from '../../api/names.ts'
import { checkDescendingPath } from './containers.ts'

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

/** What is wrong with the volumes of a pod. */
export function validateVolumes(spec: PodSpec, path: string, errors: FieldError[]): void {
  const names = new Set<string>()
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    const at = `${path}[${index}]`
    validateSource(volume, at, errors)
    requireName(volume.name, checkDns1123Label, `${at}.name`, errors)
    if (volume.name) {
      if (names.has(volume.name)) errors.push(duplicate(`${at}.name`, volume.name))
      names.add(volume.name)
    }
  }
}

function validateSource(volume: Volume, path: string, errors: FieldError[]): void {
  const given = Object.keys(volume).filter(key => key !== 'name')
  if (given.length === 0) errors.push(required(path, 'must specify a volume type'))
  for (const extra of given.slice(1))
    errors.push(forbidden(`${path}.${extra}`, 'may not specify more than 1 volume type'))
  const { configMap, secret, hostPath, persistentVolumeClaim, projected, downwardAPI, nfs } = volume
  if (configMap) {
    if (!configMap.name) errors.push(required(`${path}.configMap.name`))
    validateItems(configMap.items, `${path}.configMap.items`, errors)
    checkMode(configMap.defaultMode, `${path}.configMap.defaultMode`, errors)
  }
  if (secret) {
    if (!secret.secretName) errors.push(required(`${path}.secret.secretName`))
    validateItems(secret.items, `${path}.secret.items`, errors)
    checkMode(secret.defaultMode, `${path}.secret.defaultMode`, errors)
  }
  if (hostPath) {
    if (!hostPath.path) errors.push(required(`${path}.hostPath.path`))
    else if (hostPath.path.split('/').includes('..'))
      errors.push(invalid(`${path}.hostPath.path`, hostPath.path, "must not contain '..'"))
    allowOneOf(hostPath.type, hostPathTypes, `${path}.hostPath.type`, errors)
  }
  if (persistentVolumeClaim && !persistentVolumeClaim.claimName)
    errors.push(required(`${path}.persistentVolumeClaim.claimName`))
  if (downwardAPI) checkMode(downwardAPI.defaultMode, `${path}.downwardAPI.defaultMode`, errors)
  if (projected) checkMode(projected.defaultMode, `${path}.projected.defaultMode`, errors)
  for (const [index, source] of (projected?.sources ?? []).entries()) {
    const at = `${path}.projected.sources[${index}]`
    if (source.serviceAccountToken && !source.serviceAccountToken.path)
      errors.push(required(`${at}.serviceAccountToken.path`))
    if (source.configMap && !source.configMap.name) errors.push(required(`${at}.configMap.name`))
    if (source.secret && !source.secret.name) errors.push(required(`${at}.secret.name`))
  }
  if (nfs) {
    if (!nfs.server) errors.push(required(`${path}.nfs.server`))
    if (!nfs.path) errors.push(required(`${path}.nfs.path`))
    else if (!nfs.path.startsWith('/')) errors.push(invalid(`${path}.nfs.path`, nfs.path, 'must be an absolute path'))
  }
}

function validateItems(items: readonly KeyToPath[] | undefined, path: string, errors: FieldError[]): void {
  for (const [index, { key, path: target, mode }] of (items ?? []).entries()) {
    const at = `${path}[${index}]`
    if (!key) errors.push(required(`${at}.key`))
    else checkName(key, checkConfigMapKey, `${at}.key`, errors)
    if (!target) errors.push(required(`${at}.path`))
    else checkName(target, checkDescendingPath, `${at}.path`, errors)
    checkMode(mode, `${at}.mode`, errors)
  }
}

function checkMode(mode: number | undefined, path: string, errors: FieldError[]): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777))
    errors.push(invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive'))
}
