import type { FieldType } from './schema.ts'

/**
 * Whether an empty value (`0`, `false`, the empty text) of an optional field vanishes. The real server's types tell an
 * empty value from an absent one where they use a pointer; elsewhere `nodePort: 0` is the same as no node port.
 */
export function vanishes(value: unknown, key: string): boolean {
  const field = key.slice(key.indexOf('.') + 1)
  if (value === '') return !keptTexts.has(field) && !keptTextKeys.has(key)
  return (value === 0 || value === false) && (vanishing.has(field) || vanishingKeys.has(key))
}

/** Texts that may be given and empty. */
const keptTexts = new Set([
  'appProtocol',
  'holderIdentity',
  'ingressClassName',
  'loadBalancerClass',
  'storageClassName',
  'timeZone',
  'volumeAttributesClassName',
])
const keptTextKeys = new Set([
  'DiscoveryV1EndpointPort.name',
  'V1TypedLocalObjectReference.apiGroup',
  'V1TypedObjectReference.apiGroup',
  'V1IngressClassParametersReference.apiGroup',
])

/** Numbers and truth values whose zero vanishes. */
const vanishing = new Set([
  'active',
  'authenticated',
  'availableReplicas',
  'chapAuthDiscovery',
  'chapAuthSession',
  'count',
  'currentReplicas',
  'denied',
  'failed',
  'failureThreshold',
  'fullyLabeledReplicas',
  'globalDefault',
  'healthCheckNodePort',
  'hostIPC',
  'hostNetwork',
  'hostPID',
  'hostPort',
  'initialDelaySeconds',
  'minReadySeconds',
  'nodePort',
  'number',
  'numberAvailable',
  'numberUnavailable',
  'observedGeneration',
  'paused',
  'periodSeconds',
  'publishNotReadyAddresses',
  'readOnly',
  'readyReplicas',
  'signal',
  'sizeBytes',
  'sslEnabled',
  'start',
  'stdin',
  'stdinOnce',
  'succeeded',
  'successThreshold',
  'tty',
  'unavailableReplicas',
  'unschedulable',
  'updatedNumberScheduled',
  'updatedReplicas',
])
const vanishingKeys = new Set([
  'V1AWSElasticBlockStoreVolumeSource.partition',
  'V1CustomResourceColumnDefinition.priority',
  'V1CustomResourceDefinitionSpec.preserveUnknownFields',
  'V1CustomResourceDefinitionVersion.deprecated',
  'V1JSONSchemaProps.exclusiveMaximum',
  'V1JSONSchemaProps.exclusiveMinimum',
  'V1JSONSchemaProps.nullable',
  'V1JSONSchemaProps.uniqueItems',
  'V1JSONSchemaProps.x-kubernetes-embedded-resource',
  'V1JSONSchemaProps.x-kubernetes-int-or-string',
  'V1GCEPersistentDiskVolumeSource.partition',
  'V1DeploymentStatus.replicas',
  'V1Probe.timeoutSeconds',
  'V1ScaleSpec.replicas',
])

/** The value of a field of the real server's types that nobody has set. */
export function zeroOf(type: FieldType): unknown {
  switch (type.kind) {
    case 'string':
    case 'bytes':
      return ''
    case 'boolean':
      return false
    case 'list':
      return []
    case 'map':
    case 'struct':
      return {}
    case 'any':
      return null
    case 'quantity':
      return '0'
    default:
      return 0
  }
}
