import type { Container, EnvFromSource, EnvVar, EnvVarSource } from 'kubernetes-types/core/v1'
import { checkName } from '../../api/checks.ts'
import { type FieldError, invalid, required } from '../../api/fieldError.ts'
import { checkConfigMapKey, checkDns1123Subdomain, checkRelaxedEnvironmentName } from '../../api/names.ts'
import { validateFieldReference, validateResourceReference } from './fieldReferences.ts'

const podFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

/** What is wrong with the variables of a container and the objects that they are taken from. */
export function validateEnvironment({ env, envFrom }: Container, path: string, errors: FieldError[]): void {
  for (const [index, variable] of (env ?? []).entries()) validateVariable(variable, `${path}.env[${index}]`, errors)
  for (const [index, source] of (envFrom ?? []).entries()) validateSource(source, `${path}.envFrom[${index}]`, errors)
}

function validateVariable({ name, value, valueFrom }: EnvVar, path: string, errors: FieldError[]): void {
  if (!name) errors.push(required(`${path}.name`))
  else checkName(name, checkRelaxedEnvironmentName, `${path}.name`, errors)
  if (valueFrom) validateValueFrom(valueFrom, value, `${path}.valueFrom`, errors)
}

function validateValueFrom(source: EnvVarSource, value: string | undefined, path: string, errors: FieldError[]): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source
  let count = 0
  if (fieldRef) {
    count++
    validateFieldReference(fieldRef, podFields, `${path}.fieldRef`, errors)
  }
  if (resourceFieldRef) {
    count++
    validateResourceReference(resourceFieldRef, false, `${path}.resourceFieldRef`, errors)
  }
  if (configMapKeyRef) {
    count++
    validateKeyReference(configMapKeyRef, `${path}.configMapKeyRef`, errors)
  }
  if (secretKeyRef) {
    count++
    validateKeyReference(secretKeyRef, `${path}.secretKeyRef`, errors)
  }
  if ((source as { fileKeyRef?: unknown }).fileKeyRef) count++
  if (count === 0)
    errors.push(
      invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'),
    )
  else if (value) errors.push(invalid(path, '', 'may not be specified when `value` is not empty'))
  else if (count > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
}

function validateKeyReference({ name, key }: { name?: string; key: string }, path: string, errors: FieldError[]): void {
  if (!name) errors.push(required(`${path}.name`))
  if (!key) errors.push(required(`${path}.key`))
  else checkName(key, checkConfigMapKey, `${path}.key`, errors)
}

function validateSource({ prefix, configMapRef, secretRef }: EnvFromSource, path: string, errors: FieldError[]): void {
  if (prefix) checkName(prefix, checkRelaxedEnvironmentName, `${path}.prefix`, errors)
  for (const [field, reference] of Object.entries({ configMapRef, secretRef })) {
    if (!reference) continue
    if (!reference.name) errors.push(required(`${path}.${field}.name`))
    else checkName(reference.name, checkDns1123Subdomain, `${path}.${field}.name`, errors)
  }
  if (!configMapRef && !secretRef) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
  else if (configMapRef && secretRef)
    errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
}
