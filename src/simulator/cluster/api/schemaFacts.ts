// What the API server knows of its types beyond names and shapes, read off the OpenAPI document of release 1.36.

/** Fields whose items are told apart by keys; strategic merge patches go by the first. Conditions always have a type. */
export const keyedLists: Readonly<Record<string, string>> = {
  'V1Container.env': 'name',
  'V1Container.ports': 'containerPort protocol',
  'V1Container.volumeDevices': 'devicePath',
  'V1Container.volumeMounts': 'mountPath',
  'V1ContainerStatus.allocatedResourcesStatus': 'name',
  'V1ContainerStatus.volumeMounts': 'mountPath',
  'V1EphemeralContainer.env': 'name',
  'V1EphemeralContainer.ports': 'containerPort protocol',
  'V1EphemeralContainer.volumeDevices': 'devicePath',
  'V1EphemeralContainer.volumeMounts': 'mountPath',
  'V1NodeStatus.addresses': 'type',
  'V1PodSpec.containers': 'name',
  'V1PodSpec.ephemeralContainers': 'name',
  'V1PodSpec.hostAliases': 'ip',
  'V1PodSpec.imagePullSecrets': 'name',
  'V1PodSpec.initContainers': 'name',
  'V1PodSpec.resourceClaims': 'name',
  'V1PodSpec.schedulingGates': 'name',
  'V1PodSpec.topologySpreadConstraints': 'topologyKey whenUnsatisfiable',
  'V1PodSpec.volumes': 'name',
  'V1PodStatus.podIPs': 'ip',
  'V1PodStatus.resourceClaimStatuses': 'name',
  'V1ServiceAccount.secrets': 'name',
  'V1ServiceSpec.ports': 'port protocol',
  'V1CSINodeSpec.drivers': 'name',
  'V1ObjectMeta.ownerReferences': 'uid',
  'V1MutatingAdmissionPolicySpec.matchConditions': 'name',
  'V1MutatingWebhook.matchConditions': 'name',
  'V1MutatingWebhookConfiguration.webhooks': 'name',
  'V1ValidatingAdmissionPolicySpec.matchConditions': 'name',
  'V1ValidatingAdmissionPolicySpec.variables': 'name',
  'V1ValidatingWebhook.matchConditions': 'name',
  'V1ValidatingWebhookConfiguration.webhooks': 'name',
  'V1JSONSchemaProps.x-kubernetes-validations': 'rule',
  'V1ResourceClaimStatus.reservedFor': 'uid',
}

/** Lists with keys that only server-side apply knows; strategic merge patches replace them. */
export const appliedLists: Readonly<Record<string, string>> = {
  'V1CertificateSigningRequestStatus.conditions': 'type',
  'V1ResourceRequirements.claims': 'name',
  'V1ResourceStatus.resources': 'resourceID',
  'V1ResourceClaimStatus.devices': 'driver device pool shareID',
}

/** Lists that strategic merge patches merge by a key while server-side apply takes them as a whole. */
export const patchedLists: Readonly<Record<string, string>> = {
  'V1JobStatus.conditions': 'type',
  'V1PodStatus.hostIPs': 'ip',
}

/** Lists of plain values in which each stands once. */
export const valueSets: ReadonlySet<string> = new Set([
  'V1PodFailurePolicyOnExitCodesRequirement.values',
  'V1UncountedTerminatedPods.failed',
  'V1UncountedTerminatedPods.succeeded',
  'V1ContainerRestartRuleOnExitCodes.values',
  'V1NodeAllocatableResourceClaimStatus.containers',
  'V1Endpoint.addresses',
  'V1CSIDriverSpec.volumeLifecycleModes',
  'V1NodeSpec.podCIDRs',
  'V1ObjectMeta.finalizers',
  'V1ValidatingAdmissionPolicyBindingSpec.validationActions',
  'V1NonResourcePolicyRule.nonResourceURLs',
  'V1NonResourcePolicyRule.verbs',
  'V1ResourcePolicyRule.apiGroups',
  'V1ResourcePolicyRule.namespaces',
  'V1ResourcePolicyRule.resources',
  'V1ResourcePolicyRule.verbs',
])

/** Those of them that strategic merge patches merge. */
export const patchedSets: ReadonlySet<string> = new Set(['V1NodeSpec.podCIDRs', 'V1ObjectMeta.finalizers'])

/** Fields in which a strategic merge patch may say which keys remain. */
export const retainedKeys: ReadonlySet<string> = new Set([
  'V1DeploymentSpec.strategy',
  'V1PodSpec.resourceClaims',
  'V1PodSpec.volumes',
  'V1PodStatus.resourceClaimStatuses',
])

/** Types and maps that server-side apply takes as a whole. */
export const atomicTypes: ReadonlySet<string> = new Set([
  'V1ConfigMapKeySelector',
  'V1CrossVersionObjectReference',
  'V1MatchResources',
  'V1NamedRuleWithOperations',
  'V1ParamKind',
  'V1ParamRef',
  'V1Variable',
  'V1EndpointAddress',
  'CoreV1EndpointPort',
  'V1FileKeySelector',
  'V1LocalObjectReference',
  'V1NodeSelector',
  'V1NodeSelectorTerm',
  'V1ObjectFieldSelector',
  'V1ObjectReference',
  'V1ResourceFieldSelector',
  'V1ScopeSelector',
  'V1SecretKeySelector',
  'V1SecretReference',
  'V1TopologySelectorTerm',
  'V1TypedLocalObjectReference',
  'DiscoveryV1EndpointPort',
  'V1ServiceBackendPort',
  'V1RoleRef',
  'RbacV1Subject',
  'V1LabelSelector',
  'V1OwnerReference',
  'V1PodSpec.nodeSelector',
  'V1ReplicationControllerSpec.selector',
  'V1ServiceSpec.selector',
  'V1Scheduling.nodeSelector',
])

/** Fields that hold quantities, or maps of them. */
export const quantities: ReadonlySet<string> = new Set([
  'V2HPAScalingRules.tolerance',
  'V2MetricTarget.averageValue',
  'V2MetricTarget.value',
  'V2MetricValueStatus.averageValue',
  'V2MetricValueStatus.value',
  'V1ContainerStatus.allocatedResources',
  'V1EmptyDirVolumeSource.sizeLimit',
  'V1LimitRangeItem.default',
  'V1LimitRangeItem.defaultRequest',
  'V1LimitRangeItem.max',
  'V1LimitRangeItem.maxLimitRequestRatio',
  'V1LimitRangeItem.min',
  'V1NodeAllocatableResourceClaimStatus.resources',
  'V1NodeStatus.allocatable',
  'V1NodeStatus.capacity',
  'V1PersistentVolumeClaimStatus.allocatedResources',
  'V1PersistentVolumeClaimStatus.capacity',
  'V1PersistentVolumeSpec.capacity',
  'V1PodSpec.overhead',
  'V1PodStatus.allocatedResources',
  'V1ResourceFieldSelector.divisor',
  'V1ResourceQuotaSpec.hard',
  'V1ResourceQuotaStatus.hard',
  'V1ResourceQuotaStatus.used',
  'V1ResourceRequirements.limits',
  'V1ResourceRequirements.requests',
  'V1VolumeResourceRequirements.limits',
  'V1VolumeResourceRequirements.requests',
  'V1Overhead.podFixed',
  'V1CSIStorageCapacity.capacity',
  'V1CSIStorageCapacity.maximumVolumeSize',
  'V1CapacityRequestPolicy.default',
  'V1CapacityRequestPolicy.validValues',
  'V1CapacityRequestPolicyRange.max',
  'V1CapacityRequestPolicyRange.min',
  'V1CapacityRequestPolicyRange.step',
  'V1CapacityRequirements.requests',
  'V1Counter.value',
  'V1DeviceCapacity.value',
  'V1DeviceRequestAllocationResult.consumedCapacity',
  'V1NodeAllocatableResourceMapping.allocationMultiplier',
])

/** Fields that hold a value of a type, or something shorter in its place: a truth value for a whole schema. */
export const nestedSchemas: Readonly<Record<string, string>> = {
  'V1JSONSchemaProps.additionalItems': 'V1JSONSchemaProps',
  'V1JSONSchemaProps.additionalProperties': 'V1JSONSchemaProps',
  'V1JSONSchemaProps.items': 'V1JSONSchemaProps',
}
