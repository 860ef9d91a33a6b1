import type {
  DownwardAPIVolumeFile,
  EphemeralVolumeSource,
  KeyToPath,
  PodSpec,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  Volume,
} from 'kubernetes-types/core/v1'
import { allowOneOf, checkName, requireName } from '../../api/checks.ts'
import { duplicate, type FieldError, forbidden, invalid, required } from '../../api/fieldError.ts'
import { validateLabels } from '../../api/labels.ts'
import { validateAnnotations } from '../../api/metadata.ts'
import { checkConfigMapKey, checkDns1123Label, checkDns1123Subdomain } from '../../api/names.ts'
import { Quantity } from '../../api/quantity.ts'
import { validateClaimSpec } from '../storage/claimSpec.ts'
import { validateFieldReference, validateResourceReference } from './fieldReferences.ts'
import { checkDescendingPath, checkOwnPath } from './paths.ts'

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

const fileFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid']

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

/** What is wrong with the volumes of one pod, whose name becomes part of the names of claims. */
export function validateOwnVolumes(spec: PodSpec, podName: string, path: string, errors: FieldError[]): void {
  const volumes = [...(spec.volumes ?? []).entries()]
  const made = new Set(volumes.filter(([, { ephemeral }]) => ephemeral).map(([, { name }]) => `${podName}-${name}`))
  for (const [index, { name, ephemeral, persistentVolumeClaim, projected }] of volumes) {
    const at = `${path}.volumes[${index}]`
    if (ephemeral)
      for (const text of checkDns1123Subdomain(`${podName}-${name}`))
        errors.push(invalid(`${at}.name`, name, `PVC name "${podName}-${name}": ${text}`))
    const claim = persistentVolumeClaim?.claimName
    if (claim !== undefined && made.has(claim)) {
      const text = 'must not reference a PVC that gets created for an ephemeral volume'
      errors.push(invalid(`${at}.persistentVolumeClaim.claimName`, claim, text))
    }
    for (const [place, { serviceAccountToken }] of (projected?.sources ?? []).entries())
      if (serviceAccountToken && !spec.serviceAccountName) {
        const text = 'must not be specified when serviceAccountName is not set'
        errors.push(forbidden(`${at}.projected.sources[${place}].serviceAccountToken`, text))
      }
  }
}

function validateSource(volume: Volume, path: string, errors: FieldError[]): void {
  const given = Object.keys(volume).filter(key => key !== 'name')
  if (given.length === 0) errors.push(required(path, 'must specify a volume type'))
  for (const extra of given.slice(1))
    errors.push(forbidden(`${path}.${extra}`, 'may not specify more than 1 volume type'))
  const { configMap, secret, hostPath, persistentVolumeClaim, projected, downwardAPI, nfs, emptyDir, ephemeral } =
    volume
  if (emptyDir?.sizeLimit !== undefined && Quantity.parse(emptyDir.sizeLimit).compare(Quantity.parse('0')) < 0)
    errors.push(forbidden(`${path}.emptyDir.sizeLimit`, 'SizeLimit field must be a valid resource quantity'))
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
  if (downwardAPI) {
    checkMode(downwardAPI.defaultMode, `${path}.downwardAPI.defaultMode`, errors)
    for (const file of downwardAPI.items ?? []) validateFile(file, `${path}.downwardAPI`, errors)
  }
  if (projected) validateProjected(projected, `${path}.projected`, errors)
  if (ephemeral) validateEphemeral(ephemeral, `${path}.ephemeral.volumeClaimTemplate`, errors)
  if (volume.csi && !volume.csi.driver) errors.push(required(`${path}.csi.driver`))
  if (nfs) {
    if (!nfs.server) errors.push(required(`${path}.nfs.server`))
    if (!nfs.path) errors.push(required(`${path}.nfs.path`))
    else if (!nfs.path.startsWith('/')) errors.push(invalid(`${path}.nfs.path`, nfs.path, 'must be an absolute path'))
  }
}

function validateEphemeral({ volumeClaimTemplate }: EphemeralVolumeSource, path: string, errors: FieldError[]): void {
  if (!volumeClaimTemplate) return void errors.push(required(path))
  const { metadata, spec } = volumeClaimTemplate
  validateLabels(metadata?.labels, `${path}.metadata.labels`, errors)
  if (metadata?.annotations) validateAnnotations(metadata.annotations, `${path}.metadata.annotations`, errors)
  validateClaimSpec(spec, `${path}.spec`, errors)
}

// The server leaves the source out of some of these paths: validateProjectionSources in pkg/apis/core/validation.
function validateProjected(projected: ProjectedVolumeSource, path: string, errors: FieldError[]): void {
  checkMode(projected.defaultMode, `${path}.defaultMode`, errors)
  const paths = new Set<string>()
  const claimPath = (target: string, shown: string) => {
    if (target && paths.has(target)) errors.push(invalid(path, shown, 'conflicting duplicate paths'))
    paths.add(target)
  }
  for (const [index, source] of (projected.sources ?? []).entries()) {
    const at = `${path}.sources[${index}]`
    for (const field of ['secret', 'configMap'] as const) {
      const { name, items } = source[field] ?? { name: undefined, items: undefined }
      if (!source[field]) continue
      if (!name) errors.push(required(`${at}.${field}.name`))
      validateItems(items, `${at}.${field}.items`, errors)
      for (const item of items ?? []) claimPath(item.path, name ?? '')
    }
    for (const file of source.downwardAPI?.items ?? []) {
      validateFile(file, `${at}.downwardAPI`, errors)
      claimPath(file.path, file.path)
    }
    if (source.serviceAccountToken) validateToken(source.serviceAccountToken, at, path, errors)
    const given = Object.values(source).filter(value => value !== undefined)
    if (given.length > 1) errors.push(forbidden(at, 'may not specify more than 1 volume type'))
  }
}

function validateToken(
  { expirationSeconds = 3600, path: target }: ServiceAccountTokenProjection,
  at: string,
  path: string,
  errors: FieldError[],
): void {
  const field = `${at}.serviceAccountToken.expirationSeconds`
  if (expirationSeconds < 600)
    errors.push(invalid(field, expirationSeconds, 'may not specify a duration less than 10 minutes'))
  if (expirationSeconds > 2 ** 32)
    errors.push(invalid(field, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'))
  requireName(target, checkOwnPath, `${path}.path`, errors)
}

/** What is wrong with a file that holds fields of the pod. */
function validateFile(file: DownwardAPIVolumeFile, path: string, errors: FieldError[]): void {
  const { fieldRef, resourceFieldRef, mode } = file
  requireName(file.path, checkOwnPath, `${path}.path`, errors)
  if (fieldRef) {
    validateFieldReference(fieldRef, fileFields, `${path}.fieldRef`, errors)
    if (resourceFieldRef)
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
  } else if (resourceFieldRef) validateResourceReference(resourceFieldRef, true, `${path}.resourceFieldRef`, errors)
  else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  checkMode(mode, `${path}.mode`, errors)
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
