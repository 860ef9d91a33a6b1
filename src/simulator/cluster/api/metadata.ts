import { isEqual } from './equality.ts'
import { type FieldError, forbidden, invalid, required, tooLong } from './fieldError.ts'
import { validateLabels } from './labels.ts'
import { asPrefix, checkDns1123Label, checkQualifiedName, type NameCheck } from './names.ts'
import type { ObjectMeta } from './object.ts'

const annotationLimit = 256 * 1024
const ownFinalizers = ['foregroundDeletion', 'orphan', 'kubernetes']

/** What is wrong with the name, labels and other parts that all objects have. */
export function validateMetadata(metadata: ObjectMeta, isNamespaced: boolean, checkName: NameCheck): FieldError[] {
  const errors: FieldError[] = []
  const { name, generateName, namespace } = metadata
  if (generateName)
    for (const text of checkName(asPrefix(generateName)))
      errors.push(invalid('metadata.generateName', generateName, text))
  if (!name) errors.push(required('metadata.name', 'name or generateName is required'))
  else for (const text of checkName(name)) errors.push(invalid('metadata.name', name, text))
  if (!isNamespaced) {
    if (namespace) errors.push(forbidden('metadata.namespace', 'not allowed on this type'))
  } else if (!namespace) errors.push(required('metadata.namespace'))
  else for (const text of checkDns1123Label(namespace)) errors.push(invalid('metadata.namespace', namespace, text))
  validateSharedMetadata(metadata, errors)
  return errors
}

function validateSharedMetadata(metadata: ObjectMeta, errors: FieldError[]): void {
  validateLabels(metadata.labels, 'metadata.labels', errors)
  if (metadata.annotations) validateAnnotations(metadata.annotations, 'metadata.annotations', errors)
  for (const [index, reference] of (metadata.ownerReferences ?? []).entries()) {
    const at = `metadata.ownerReferences[${index}]`
    if (!reference.apiVersion)
      errors.push(invalid(`${at}.apiVersion`, reference.apiVersion ?? '', 'version must not be empty'))
    if (!reference.kind) errors.push(invalid(`${at}.kind`, '', 'must not be empty'))
    if (!reference.name) errors.push(invalid(`${at}.name`, '', 'must not be empty'))
    if (!reference.uid) errors.push(invalid(`${at}.uid`, '', 'must not be empty'))
  }
  const controllers = (metadata.ownerReferences ?? []).filter(({ controller }) => controller)
  if (controllers.length > 1) {
    const [first, second] = controllers.map(({ kind, name }) => `${kind}/${name}`)
    const text = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`
    errors.push(invalid('metadata.ownerReferences', metadata.ownerReferences, text))
  }
  for (const [index, finalizer] of (metadata.finalizers ?? []).entries()) {
    const at = `metadata.finalizers[${index}]`
    for (const text of checkQualifiedName(finalizer)) errors.push(invalid(at, finalizer, text))
    if (!finalizer.includes('/') && !ownFinalizers.includes(finalizer))
      errors.push(invalid(at, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'))
  }
}

/** Annotations, also those of pod templates. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>>,
  path: string,
  errors: FieldError[],
): void {
  let size = 0
  for (const key in annotations) {
    size += key.length + annotations[key]!.length
    for (const text of checkQualifiedName(key.toLowerCase())) errors.push(invalid(path, key, text))
  }
  if (size > annotationLimit) errors.push(tooLong(path, annotationLimit))
}

/** What is wrong with changing the metadata of an object from one version to another. */
export function validateMetadataUpdate(metadata: ObjectMeta, previous: ObjectMeta): FieldError[] {
  const errors: FieldError[] = []
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const)
    if (metadata[field] !== previous[field])
      errors.push(invalid(`metadata.${field}`, metadata[field], 'field is immutable'))
  if (metadata.deletionGracePeriodSeconds !== previous.deletionGracePeriodSeconds)
    errors.push(
      invalid('metadata.deletionGracePeriodSeconds', metadata.deletionGracePeriodSeconds, 'field is immutable'),
    )
  if (previous.deletionTimestamp && !isEqual(metadata.finalizers, previous.finalizers)) {
    const added = (metadata.finalizers ?? []).filter(item => !previous.finalizers?.includes(item))
    if (added.length > 0) {
      const list = added.map(item => JSON.stringify(item)).join(', ')
      const text = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`
      errors.push(forbidden('metadata.finalizers', text))
    }
  }
  if (metadata.labels !== previous.labels || metadata.annotations !== previous.annotations || metadata.finalizers)
    validateSharedMetadata(metadata, errors)
  return errors
}
