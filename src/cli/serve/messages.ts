/**
 * The messages of Kubernetes' Protocol Buffers form: which field has which number, as the generated.proto files of
 * k8s.io/api, k8s.io/apimachinery and the extension servers (1.36) say. By package; a line is a message with its fields
 * in order: `name` is text, `:int`, `:bool`, `:bytes`, `:double` or another message what else it is; `?` a value that
 * counts even when it is none, `*` a list, `{…}` a map by text, `(…)` a list in a message of its own; `<` stands for
 * fields that JSON shows on the outside. A number is given where it is not one more than the last.
 */
export const messages: Readonly<Record<string, string>> = {
  'admissionregistration/v1': `
    ApplyConfiguration expression
    AuditAnnotation key? valueExpression?
    ExpressionWarning 2=fieldRef? warning?
    JSONPatch expression
    MatchCondition name? expression?
    MatchResources namespaceSelector:meta.LabelSelector objectSelector:meta.LabelSelector
      resourceRules:NamedRuleWithOperations* excludeResourceRules:NamedRuleWithOperations* 7=matchPolicy?
    MutatingAdmissionPolicy metadata:meta.ObjectMeta spec:MutatingAdmissionPolicySpec
    MutatingAdmissionPolicyBinding metadata:meta.ObjectMeta spec:MutatingAdmissionPolicyBindingSpec
    MutatingAdmissionPolicyBindingSpec policyName paramRef:ParamRef matchResources:MatchResources
    MutatingAdmissionPolicySpec paramKind:ParamKind matchConstraints:MatchResources variables:Variable*
      mutations:Mutation* failurePolicy? matchConditions:MatchCondition* reinvocationPolicy
    MutatingWebhook name? clientConfig:WebhookClientConfig rules:RuleWithOperations* failurePolicy?
      namespaceSelector:meta.LabelSelector sideEffects? timeoutSeconds:int? admissionReviewVersions:string*
      matchPolicy? reinvocationPolicy? objectSelector:meta.LabelSelector matchConditions:MatchCondition*
    MutatingWebhookConfiguration metadata:meta.ObjectMeta webhooks:MutatingWebhook*
    Mutation 2=patchType? applyConfiguration:ApplyConfiguration jsonPatch:JSONPatch
    NamedRuleWithOperations resourceNames:string* <:RuleWithOperations
    ParamKind apiVersion kind
    ParamRef name namespace selector:meta.LabelSelector parameterNotFoundAction?
    Rule apiGroups:string* apiVersions:string* resources:string* scope?
    RuleWithOperations operations:string* <:Rule
    ServiceReference namespace? name? path? port:int?
    TypeChecking expressionWarnings:ExpressionWarning*
    ValidatingAdmissionPolicy metadata:meta.ObjectMeta spec:ValidatingAdmissionPolicySpec
      status:ValidatingAdmissionPolicyStatus
    ValidatingAdmissionPolicyBinding metadata:meta.ObjectMeta spec:ValidatingAdmissionPolicyBindingSpec
    ValidatingAdmissionPolicyBindingSpec policyName paramRef:ParamRef matchResources:MatchResources
      validationActions:string*
    ValidatingAdmissionPolicySpec paramKind:ParamKind matchConstraints:MatchResources validations:Validation*
      failurePolicy? auditAnnotations:AuditAnnotation* matchConditions:MatchCondition* variables:Variable*
    ValidatingAdmissionPolicyStatus observedGeneration:int typeChecking:TypeChecking conditions:meta.Condition*
    ValidatingWebhook name? clientConfig:WebhookClientConfig rules:RuleWithOperations* failurePolicy?
      namespaceSelector:meta.LabelSelector sideEffects? timeoutSeconds:int? admissionReviewVersions:string*
      matchPolicy? objectSelector:meta.LabelSelector matchConditions:MatchCondition*
    ValidatingWebhookConfiguration metadata:meta.ObjectMeta webhooks:ValidatingWebhook*
    Validation expression? message reason? messageExpression
    Variable name? expression?
    WebhookClientConfig service:ServiceReference caBundle:bytes url?
  `,
  'apiextensions/v1': `
    CustomResourceColumnDefinition name? type? format description priority:int jsonPath?
    CustomResourceConversion strategy? webhook:WebhookConversion
    CustomResourceDefinition metadata:meta.ObjectMeta spec:CustomResourceDefinitionSpec
      status:CustomResourceDefinitionStatus
    CustomResourceDefinitionCondition type? status? lastTransitionTime:Time reason message observedGeneration:int
    CustomResourceDefinitionNames plural? singular shortNames:string* kind? listKind categories:string*
    CustomResourceDefinitionSpec group? 3=names:CustomResourceDefinitionNames scope?
      7=versions:CustomResourceDefinitionVersion* 9=conversion:CustomResourceConversion preserveUnknownFields:bool
    CustomResourceDefinitionStatus conditions:CustomResourceDefinitionCondition*
      acceptedNames:CustomResourceDefinitionNames storedVersions:string* observedGeneration:int
    CustomResourceDefinitionVersion name? served:bool? storage:bool? schema:CustomResourceValidation
      subresources:CustomResourceSubresources additionalPrinterColumns:CustomResourceColumnDefinition* deprecated:bool
      deprecationWarning? selectableFields:SelectableField*
    CustomResourceSubresourceScale specReplicasPath? statusReplicasPath? labelSelectorPath?
    CustomResourceSubresourceStatus
    CustomResourceSubresources status:CustomResourceSubresourceStatus scale:CustomResourceSubresourceScale
    CustomResourceValidation openAPIV3Schema:JSONSchemaProps
    ExternalDocumentation description url
    JSONSchemaProps id $schema $ref? description type format title default:JSON maximum:double? exclusiveMaximum:bool
      minimum:double? exclusiveMinimum:bool maxLength:int? minLength:int? pattern maxItems:int? minItems:int?
      uniqueItems:bool multipleOf:double? enum:JSON* maxProperties:int? minProperties:int? required:string*
      items:JSONSchemaPropsOrArray allOf:JSONSchemaProps* oneOf:JSONSchemaProps* anyOf:JSONSchemaProps*
      not:JSONSchemaProps properties:{JSONSchemaProps} additionalProperties:JSONSchemaPropsOrBool
      patternProperties:{JSONSchemaProps} dependencies:{JSONSchemaPropsOrStringArray}
      additionalItems:JSONSchemaPropsOrBool definitions:{JSONSchemaProps} externalDocs:ExternalDocumentation
      example:JSON nullable:bool x-kubernetes-preserve-unknown-fields:bool? x-kubernetes-embedded-resource:bool
      x-kubernetes-int-or-string:bool x-kubernetes-list-map-keys:string* x-kubernetes-list-type?
      x-kubernetes-map-type? x-kubernetes-validations:ValidationRule*
    SelectableField jsonPath?
    ServiceReference namespace? name? path? port:int?
    ValidationRule rule? message messageExpression reason? fieldPath optionalOldSelf:bool?
    WebhookClientConfig service:ServiceReference caBundle:bytes url?
    WebhookConversion 2=clientConfig:WebhookClientConfig conversionReviewVersions:string*
  `,
  'apiregistration/v1': `
    APIService metadata:meta.ObjectMeta spec:APIServiceSpec status:APIServiceStatus
    APIServiceCondition type? status? lastTransitionTime:Time reason message
    APIServiceSpec service:ServiceReference group version insecureSkipTLSVerify:bool caBundle:bytes
      7=groupPriorityMinimum:int? versionPriority:int?
    APIServiceStatus conditions:APIServiceCondition*
    ServiceReference namespace name port:int?
  `,
  'apps/v1': `
    ControllerRevision metadata:meta.ObjectMeta data:RawExtension revision:int?
    DaemonSet metadata:meta.ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus
    DaemonSetCondition type? status? lastTransitionTime:Time reason message
    DaemonSetSpec selector:meta.LabelSelector template:core/v1.PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy
      minReadySeconds:int 6=revisionHistoryLimit:int?
    DaemonSetStatus currentNumberScheduled:int? numberMisscheduled:int? desiredNumberScheduled:int? numberReady:int?
      observedGeneration:int updatedNumberScheduled:int numberAvailable:int numberUnavailable:int collisionCount:int?
      conditions:DaemonSetCondition*
    DaemonSetUpdateStrategy type rollingUpdate:RollingUpdateDaemonSet
    Deployment metadata:meta.ObjectMeta spec:DeploymentSpec status:DeploymentStatus
    DeploymentCondition type? status? 4=reason message lastUpdateTime:Time lastTransitionTime:Time
    DeploymentSpec replicas:int? selector:meta.LabelSelector template:core/v1.PodTemplateSpec
      strategy:DeploymentStrategy minReadySeconds:int revisionHistoryLimit:int? paused:bool
      9=progressDeadlineSeconds:int?
    DeploymentStatus observedGeneration:int replicas:int updatedReplicas:int availableReplicas:int
      unavailableReplicas:int conditions:DeploymentCondition* readyReplicas:int collisionCount:int?
      terminatingReplicas:int?
    DeploymentStrategy type rollingUpdate:RollingUpdateDeployment
    ReplicaSet metadata:meta.ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus
    ReplicaSetCondition type? status? lastTransitionTime:Time reason message
    ReplicaSetSpec replicas:int? selector:meta.LabelSelector template:core/v1.PodTemplateSpec minReadySeconds:int
    ReplicaSetStatus replicas:int? fullyLabeledReplicas:int observedGeneration:int readyReplicas:int
      availableReplicas:int conditions:ReplicaSetCondition* terminatingReplicas:int?
    RollingUpdateDaemonSet maxUnavailable:IntOrString maxSurge:IntOrString
    RollingUpdateDeployment maxUnavailable:IntOrString maxSurge:IntOrString
    RollingUpdateStatefulSetStrategy partition:int? maxUnavailable:IntOrString
    StatefulSet metadata:meta.ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus
    StatefulSetCondition type? status? lastTransitionTime:Time reason message
    StatefulSetOrdinals start:int?
    StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted whenScaled
    StatefulSetSpec replicas:int? selector:meta.LabelSelector template:core/v1.PodTemplateSpec
      volumeClaimTemplates:core/v1.PersistentVolumeClaim* serviceName? podManagementPolicy
      updateStrategy:StatefulSetUpdateStrategy revisionHistoryLimit:int? minReadySeconds:int
      persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy
      ordinals:StatefulSetOrdinals
    StatefulSetStatus observedGeneration:int replicas:int? readyReplicas:int currentReplicas:int updatedReplicas:int
      currentRevision updateRevision 9=collisionCount:int? conditions:StatefulSetCondition* availableReplicas:int?
    StatefulSetUpdateStrategy type rollingUpdate:RollingUpdateStatefulSetStrategy
  `,
  'authentication/v1': `
    BoundObjectReference kind apiVersion name uid
    SelfSubjectReview metadata:meta.ObjectMeta status:SelfSubjectReviewStatus
    SelfSubjectReviewStatus userInfo:UserInfo
    TokenRequest metadata:meta.ObjectMeta spec:TokenRequestSpec status:TokenRequestStatus
    TokenRequestSpec audiences:string* 3=boundObjectRef:BoundObjectReference expirationSeconds:int?
    TokenRequestStatus token? expirationTimestamp:Time
    TokenReview metadata:meta.ObjectMeta spec:TokenReviewSpec status:TokenReviewStatus
    TokenReviewSpec token audiences:string*
    TokenReviewStatus authenticated:bool user:UserInfo error audiences:string*
    UserInfo username uid groups:string* extra:{(string)}
  `,
  'authorization/v1': `
    FieldSelectorAttributes rawSelector requirements:meta.FieldSelectorRequirement*
    LabelSelectorAttributes rawSelector requirements:meta.LabelSelectorRequirement*
    LocalSubjectAccessReview metadata:meta.ObjectMeta spec:SubjectAccessReviewSpec status:SubjectAccessReviewStatus
    NonResourceAttributes path verb
    NonResourceRule verbs:string* nonResourceURLs:string*
    ResourceAttributes namespace verb group version resource subresource name fieldSelector:FieldSelectorAttributes
      labelSelector:LabelSelectorAttributes
    ResourceRule verbs:string* apiGroups:string* resources:string* resourceNames:string*
    SelfSubjectAccessReview metadata:meta.ObjectMeta spec:SelfSubjectAccessReviewSpec status:SubjectAccessReviewStatus
    SelfSubjectAccessReviewSpec resourceAttributes:ResourceAttributes nonResourceAttributes:NonResourceAttributes
    SelfSubjectRulesReview metadata:meta.ObjectMeta spec:SelfSubjectRulesReviewSpec status:SubjectRulesReviewStatus
    SelfSubjectRulesReviewSpec namespace
    SubjectAccessReview metadata:meta.ObjectMeta spec:SubjectAccessReviewSpec status:SubjectAccessReviewStatus
    SubjectAccessReviewSpec resourceAttributes:ResourceAttributes nonResourceAttributes:NonResourceAttributes user
      groups:string* extra:{(string)} uid
    SubjectAccessReviewStatus allowed:bool? reason evaluationError denied:bool
    SubjectRulesReviewStatus resourceRules:ResourceRule* nonResourceRules:NonResourceRule* incomplete:bool?
      evaluationError
  `,
  'autoscaling/v1': `
    CrossVersionObjectReference kind? name? apiVersion
    HorizontalPodAutoscaler metadata:meta.ObjectMeta spec:HorizontalPodAutoscalerSpec
      status:HorizontalPodAutoscalerStatus
    HorizontalPodAutoscalerSpec scaleTargetRef:CrossVersionObjectReference minReplicas:int? maxReplicas:int?
      targetCPUUtilizationPercentage:int?
    HorizontalPodAutoscalerStatus observedGeneration:int? lastScaleTime:Time currentReplicas:int? desiredReplicas:int?
      currentCPUUtilizationPercentage:int?
    Scale metadata:meta.ObjectMeta spec:ScaleSpec status:ScaleStatus
    ScaleSpec replicas:int
    ScaleStatus replicas:int? selector
  `,
  'autoscaling/v2': `
    ContainerResourceMetricSource name? target:MetricTarget container?
    ContainerResourceMetricStatus name? current:MetricValueStatus container?
    CrossVersionObjectReference kind? name? apiVersion
    ExternalMetricSource metric:MetricIdentifier target:MetricTarget
    ExternalMetricStatus metric:MetricIdentifier current:MetricValueStatus
    HPAScalingPolicy type? value:int? periodSeconds:int?
    HPAScalingRules selectPolicy? policies:HPAScalingPolicy* stabilizationWindowSeconds:int? tolerance:Quantity
    HorizontalPodAutoscaler metadata:meta.ObjectMeta spec:HorizontalPodAutoscalerSpec
      status:HorizontalPodAutoscalerStatus
    HorizontalPodAutoscalerBehavior scaleUp:HPAScalingRules scaleDown:HPAScalingRules
    HorizontalPodAutoscalerCondition type? status? lastTransitionTime:Time reason message
    HorizontalPodAutoscalerSpec scaleTargetRef:CrossVersionObjectReference minReplicas:int? maxReplicas:int?
      metrics:MetricSpec* behavior:HorizontalPodAutoscalerBehavior
    HorizontalPodAutoscalerStatus observedGeneration:int? lastScaleTime:Time currentReplicas:int desiredReplicas:int?
      currentMetrics:MetricStatus* conditions:HorizontalPodAutoscalerCondition*
    MetricIdentifier name? selector:meta.LabelSelector
    MetricSpec type? object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource
      external:ExternalMetricSource 7=containerResource:ContainerResourceMetricSource
    MetricStatus type? object:ObjectMetricStatus pods:PodsMetricStatus resource:ResourceMetricStatus
      external:ExternalMetricStatus 7=containerResource:ContainerResourceMetricStatus
    MetricTarget type? value:Quantity averageValue:Quantity averageUtilization:int?
    MetricValueStatus value:Quantity averageValue:Quantity averageUtilization:int?
    ObjectMetricSource describedObject:CrossVersionObjectReference target:MetricTarget metric:MetricIdentifier
    ObjectMetricStatus metric:MetricIdentifier current:MetricValueStatus describedObject:CrossVersionObjectReference
    PodsMetricSource metric:MetricIdentifier target:MetricTarget
    PodsMetricStatus metric:MetricIdentifier current:MetricValueStatus
    ResourceMetricSource name? target:MetricTarget
    ResourceMetricStatus name? current:MetricValueStatus
  `,
  'batch/v1': `
    CronJob metadata:meta.ObjectMeta spec:CronJobSpec status:CronJobStatus
    CronJobSpec schedule? startingDeadlineSeconds:int? concurrencyPolicy suspend:bool? jobTemplate:JobTemplateSpec
      successfulJobsHistoryLimit:int? failedJobsHistoryLimit:int? timeZone?
    CronJobStatus active:core/v1.ObjectReference* 4=lastScheduleTime:Time lastSuccessfulTime:Time
    Job metadata:meta.ObjectMeta spec:JobSpec status:JobStatus
    JobCondition type? status? lastProbeTime:Time lastTransitionTime:Time reason message
    JobSpec parallelism:int? completions:int? activeDeadlineSeconds:int? selector:meta.LabelSelector
      manualSelector:bool? template:core/v1.PodTemplateSpec backoffLimit:int? ttlSecondsAfterFinished:int?
      completionMode? suspend:bool? podFailurePolicy:PodFailurePolicy backoffLimitPerIndex:int? maxFailedIndexes:int?
      podReplacementPolicy? managedBy? successPolicy:SuccessPolicy
    JobStatus conditions:JobCondition* startTime:Time completionTime:Time active:int succeeded:int failed:int
      completedIndexes uncountedTerminatedPods:UncountedTerminatedPods ready:int? failedIndexes? terminating:int?
    JobTemplateSpec metadata:meta.ObjectMeta spec:JobSpec
    PodFailurePolicy rules:PodFailurePolicyRule*
    PodFailurePolicyOnExitCodesRequirement containerName? operator? values:int*
    PodFailurePolicyOnPodConditionsPattern type? status?
    PodFailurePolicyRule action? onExitCodes:PodFailurePolicyOnExitCodesRequirement
      onPodConditions:PodFailurePolicyOnPodConditionsPattern*
    SuccessPolicy rules:SuccessPolicyRule*
    SuccessPolicyRule succeededIndexes? succeededCount:int?
    UncountedTerminatedPods succeeded:string* failed:string*
  `,
  'certificates/v1': `
    CertificateSigningRequest metadata:meta.ObjectMeta spec:CertificateSigningRequestSpec
      status:CertificateSigningRequestStatus
    CertificateSigningRequestCondition type? reason message lastUpdateTime:Time lastTransitionTime:Time status?
    CertificateSigningRequestSpec request:bytes username uid groups:string* usages:string* extra:{(string)}
      signerName? expirationSeconds:int?
    CertificateSigningRequestStatus conditions:CertificateSigningRequestCondition* certificate:bytes
  `,
  'coordination/v1': `
    Lease metadata:meta.ObjectMeta spec:LeaseSpec
    LeaseSpec holderIdentity? leaseDurationSeconds:int? acquireTime:MicroTime renewTime:MicroTime
      leaseTransitions:int? strategy? preferredHolder?
  `,
  'core/v1': `
    AWSElasticBlockStoreVolumeSource volumeID? fsType partition:int readOnly:bool
    Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
    AppArmorProfile type? localhostProfile?
    AttachedVolume name? devicePath?
    AzureDiskVolumeSource diskName? diskURI? cachingMode? fsType? readOnly:bool? kind?
    AzureFilePersistentVolumeSource secretName? shareName? readOnly:bool secretNamespace?
    AzureFileVolumeSource secretName? shareName? readOnly:bool
    Binding metadata:meta.ObjectMeta target:ObjectReference
    CSIPersistentVolumeSource driver? volumeHandle? readOnly:bool fsType volumeAttributes:{string}
      controllerPublishSecretRef:SecretReference nodeStageSecretRef:SecretReference
      nodePublishSecretRef:SecretReference controllerExpandSecretRef:SecretReference
      nodeExpandSecretRef:SecretReference
    CSIVolumeSource driver? readOnly:bool? fsType? volumeAttributes:{string} nodePublishSecretRef:LocalObjectReference
    Capabilities add:string* drop:string*
    CephFSPersistentVolumeSource monitors:string* path user secretFile secretRef:SecretReference readOnly:bool
    CephFSVolumeSource monitors:string* path user secretFile secretRef:LocalObjectReference readOnly:bool
    CinderPersistentVolumeSource volumeID? fsType readOnly:bool secretRef:SecretReference
    CinderVolumeSource volumeID? fsType readOnly:bool secretRef:LocalObjectReference
    ClientIPConfig timeoutSeconds:int?
    ClusterTrustBundleProjection name? signerName? labelSelector:meta.LabelSelector path? optional:bool?
    ComponentCondition type? status? message error
    ComponentStatus metadata:meta.ObjectMeta conditions:ComponentCondition*
    ConfigMap metadata:meta.ObjectMeta data:{string} binaryData:{bytes} immutable:bool?
    ConfigMapEnvSource <:LocalObjectReference optional:bool?
    ConfigMapKeySelector <:LocalObjectReference key? optional:bool?
    ConfigMapNodeConfigSource namespace? name? uid resourceVersion kubeletConfigKey?
    ConfigMapProjection <:LocalObjectReference items:KeyToPath* 4=optional:bool?
    ConfigMapVolumeSource <:LocalObjectReference items:KeyToPath* defaultMode:int? optional:bool?
    Container name? image command:string* args:string* workingDir ports:ContainerPort* env:EnvVar*
      resources:ResourceRequirements volumeMounts:VolumeMount* livenessProbe:Probe readinessProbe:Probe
      lifecycle:Lifecycle terminationMessagePath imagePullPolicy securityContext:SecurityContext stdin:bool
      stdinOnce:bool tty:bool envFrom:EnvFromSource* terminationMessagePolicy volumeDevices:VolumeDevice*
      startupProbe:Probe resizePolicy:ContainerResizePolicy* restartPolicy? restartPolicyRules:ContainerRestartRule*
    ContainerExtendedResourceRequest containerName? resourceName? requestName?
    ContainerImage names:string* sizeBytes:int
    ContainerPort name hostPort:int containerPort:int? protocol hostIP
    ContainerResizePolicy resourceName? restartPolicy?
    ContainerRestartRule action exitCodes:ContainerRestartRuleOnExitCodes
    ContainerRestartRuleOnExitCodes operator values:int*
    ContainerState waiting:ContainerStateWaiting running:ContainerStateRunning terminated:ContainerStateTerminated
    ContainerStateRunning startedAt:Time
    ContainerStateTerminated exitCode:int? signal:int reason message startedAt:Time finishedAt:Time containerID
    ContainerStateWaiting reason message
    ContainerStatus name? state:ContainerState lastState:ContainerState ready:bool? restartCount:int? image? imageID?
      containerID started:bool? allocatedResources:{Quantity} resources:ResourceRequirements
      volumeMounts:VolumeMountStatus* user:ContainerUser allocatedResourcesStatus:ResourceStatus* stopSignal?
    ContainerUser linux:LinuxContainerUser
    DaemonEndpoint Port:int?
    DownwardAPIProjection items:DownwardAPIVolumeFile*
    DownwardAPIVolumeFile path? fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector mode:int?
    DownwardAPIVolumeSource items:DownwardAPIVolumeFile* defaultMode:int?
    EmptyDirVolumeSource medium sizeLimit:Quantity
    EndpointAddress ip? targetRef:ObjectReference hostname nodeName?
    EndpointPort name port:int? protocol appProtocol?
    EndpointSubset addresses:EndpointAddress* notReadyAddresses:EndpointAddress* ports:EndpointPort*
    Endpoints metadata:meta.ObjectMeta subsets:EndpointSubset*
    EnvFromSource prefix configMapRef:ConfigMapEnvSource secretRef:SecretEnvSource
    EnvVar name? value valueFrom:EnvVarSource
    EnvVarSource fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector
      configMapKeyRef:ConfigMapKeySelector secretKeyRef:SecretKeySelector fileKeyRef:FileKeySelector
    EphemeralContainer <:EphemeralContainerCommon targetContainerName
    EphemeralContainerCommon name? image command:string* args:string* workingDir ports:ContainerPort* env:EnvVar*
      resources:ResourceRequirements volumeMounts:VolumeMount* livenessProbe:Probe readinessProbe:Probe
      lifecycle:Lifecycle terminationMessagePath imagePullPolicy securityContext:SecurityContext stdin:bool
      stdinOnce:bool tty:bool envFrom:EnvFromSource* terminationMessagePolicy volumeDevices:VolumeDevice*
      startupProbe:Probe resizePolicy:ContainerResizePolicy* restartPolicy? restartPolicyRules:ContainerRestartRule*
    EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
    Event metadata:meta.ObjectMeta involvedObject:ObjectReference reason message source:EventSource
      firstTimestamp:Time lastTimestamp:Time count:int type eventTime:MicroTime series:EventSeries action
      related:ObjectReference reportingComponent? reportingInstance?
    EventSeries count:int lastObservedTime:MicroTime
    EventSource component host
    ExecAction command:string*
    FCVolumeSource targetWWNs:string* lun:int? fsType readOnly:bool wwids:string*
    FileKeySelector volumeName? path? key? optional:bool?
    FlexPersistentVolumeSource driver? fsType secretRef:SecretReference readOnly:bool options:{string}
    FlexVolumeSource driver? fsType secretRef:LocalObjectReference readOnly:bool options:{string}
    FlockerVolumeSource datasetName datasetUUID
    GCEPersistentDiskVolumeSource pdName? fsType partition:int readOnly:bool
    GRPCAction port:int? service?
    GitRepoVolumeSource repository? revision directory
    GlusterfsPersistentVolumeSource endpoints? path? readOnly:bool endpointsNamespace?
    GlusterfsVolumeSource endpoints? path? readOnly:bool
    HTTPGetAction path port:IntOrString host scheme httpHeaders:HTTPHeader*
    HTTPHeader name? value?
    HostAlias ip? hostnames:string*
    HostIP ip?
    HostPathVolumeSource path? type?
    ISCSIPersistentVolumeSource targetPortal? iqn? lun:int? iscsiInterface fsType readOnly:bool portals:string*
      chapAuthDiscovery:bool 10=secretRef:SecretReference chapAuthSession:bool initiatorName?
    ISCSIVolumeSource targetPortal? iqn? lun:int? iscsiInterface fsType readOnly:bool portals:string*
      chapAuthDiscovery:bool 10=secretRef:LocalObjectReference chapAuthSession:bool initiatorName?
    ImageVolumeSource reference pullPolicy
    ImageVolumeStatus imageRef
    KeyToPath key? path? mode:int?
    Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal?
    LifecycleHandler exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction sleep:SleepAction
    LimitRange metadata:meta.ObjectMeta spec:LimitRangeSpec
    LimitRangeItem type? max:{Quantity} min:{Quantity} default:{Quantity} defaultRequest:{Quantity}
      maxLimitRequestRatio:{Quantity}
    LimitRangeSpec limits:LimitRangeItem*
    LinuxContainerUser uid:int? gid:int? supplementalGroups:int*
    LoadBalancerIngress ip hostname ipMode? ports:PortStatus*
    LoadBalancerStatus ingress:LoadBalancerIngress*
    LocalObjectReference name
    LocalVolumeSource path? fsType?
    ModifyVolumeStatus targetVolumeAttributesClassName status?
    NFSVolumeSource server? path? readOnly:bool
    Namespace metadata:meta.ObjectMeta spec:NamespaceSpec status:NamespaceStatus
    NamespaceCondition type? status? 4=lastTransitionTime:Time reason message
    NamespaceSpec finalizers:string*
    NamespaceStatus phase conditions:NamespaceCondition*
    Node metadata:meta.ObjectMeta spec:NodeSpec status:NodeStatus
    NodeAddress type? address?
    NodeAffinity requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
      preferredDuringSchedulingIgnoredDuringExecution:PreferredSchedulingTerm*
    NodeAllocatableResourceClaimStatus resourceClaimName? containers:string* resources:{Quantity}
    NodeCondition type? status? lastHeartbeatTime:Time lastTransitionTime:Time reason message
    NodeConfigSource 2=configMap:ConfigMapNodeConfigSource
    NodeConfigStatus assigned:NodeConfigSource active:NodeConfigSource lastKnownGood:NodeConfigSource error
    NodeDaemonEndpoints kubeletEndpoint:DaemonEndpoint
    NodeFeatures supplementalGroupsPolicy:bool?
    NodeRuntimeHandler name? features:NodeRuntimeHandlerFeatures
    NodeRuntimeHandlerFeatures recursiveReadOnlyMounts:bool? userNamespaces:bool?
    NodeSelector nodeSelectorTerms:NodeSelectorTerm*
    NodeSelectorRequirement key? operator? values:string*
    NodeSelectorTerm matchExpressions:NodeSelectorRequirement* matchFields:NodeSelectorRequirement*
    NodeSpec podCIDR externalID providerID unschedulable:bool taints:Taint* configSource:NodeConfigSource
      podCIDRs:string*
    NodeStatus capacity:{Quantity} allocatable:{Quantity} phase conditions:NodeCondition* addresses:NodeAddress*
      daemonEndpoints:NodeDaemonEndpoints nodeInfo:NodeSystemInfo images:ContainerImage* volumesInUse:string*
      volumesAttached:AttachedVolume* config:NodeConfigStatus runtimeHandlers:NodeRuntimeHandler*
      features:NodeFeatures declaredFeatures:string*
    NodeSwapStatus capacity:int?
    NodeSystemInfo machineID? systemUUID? bootID? kernelVersion? osImage? containerRuntimeVersion? kubeletVersion?
      kubeProxyVersion? operatingSystem? architecture? swap:NodeSwapStatus
    ObjectFieldSelector apiVersion fieldPath?
    ObjectReference kind namespace name uid apiVersion resourceVersion fieldPath
    PersistentVolume metadata:meta.ObjectMeta spec:PersistentVolumeSpec status:PersistentVolumeStatus
    PersistentVolumeClaim metadata:meta.ObjectMeta spec:PersistentVolumeClaimSpec status:PersistentVolumeClaimStatus
    PersistentVolumeClaimCondition type? status? lastProbeTime:Time lastTransitionTime:Time reason message
    PersistentVolumeClaimSpec accessModes:string* resources:VolumeResourceRequirements volumeName
      selector:meta.LabelSelector storageClassName? volumeMode? dataSource:TypedLocalObjectReference
      dataSourceRef:TypedObjectReference volumeAttributesClassName?
    PersistentVolumeClaimStatus phase accessModes:string* capacity:{Quantity}
      conditions:PersistentVolumeClaimCondition* allocatedResources:{Quantity} 7=allocatedResourceStatuses:{string}
      currentVolumeAttributesClassName? modifyVolumeStatus:ModifyVolumeStatus
    PersistentVolumeClaimTemplate metadata:meta.ObjectMeta spec:PersistentVolumeClaimSpec
    PersistentVolumeClaimVolumeSource claimName? readOnly:bool
    PersistentVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource
      awsElasticBlockStore:AWSElasticBlockStoreVolumeSource hostPath:HostPathVolumeSource
      glusterfs:GlusterfsPersistentVolumeSource nfs:NFSVolumeSource rbd:RBDPersistentVolumeSource
      iscsi:ISCSIPersistentVolumeSource cinder:CinderPersistentVolumeSource cephfs:CephFSPersistentVolumeSource
      fc:FCVolumeSource flocker:FlockerVolumeSource flexVolume:FlexPersistentVolumeSource
      azureFile:AzureFilePersistentVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource
      quobyte:QuobyteVolumeSource azureDisk:AzureDiskVolumeSource
      photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource
      scaleIO:ScaleIOPersistentVolumeSource local:LocalVolumeSource storageos:StorageOSPersistentVolumeSource
      csi:CSIPersistentVolumeSource
    PersistentVolumeSpec capacity:{Quantity} <:PersistentVolumeSource accessModes:string* claimRef:ObjectReference
      persistentVolumeReclaimPolicy storageClassName mountOptions:string* volumeMode? nodeAffinity:VolumeNodeAffinity
      volumeAttributesClassName?
    PersistentVolumeStatus phase message reason lastPhaseTransitionTime:Time
    PhotonPersistentDiskVolumeSource pdID? fsType
    Pod metadata:meta.ObjectMeta spec:PodSpec status:PodStatus
    PodAffinity requiredDuringSchedulingIgnoredDuringExecution:PodAffinityTerm*
      preferredDuringSchedulingIgnoredDuringExecution:WeightedPodAffinityTerm*
    PodAffinityTerm labelSelector:meta.LabelSelector namespaces:string* topologyKey?
      namespaceSelector:meta.LabelSelector matchLabelKeys:string* mismatchLabelKeys:string*
    PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution:PodAffinityTerm*
      preferredDuringSchedulingIgnoredDuringExecution:WeightedPodAffinityTerm*
    PodCertificateProjection signerName keyType maxExpirationSeconds:int? credentialBundlePath keyPath
      certificateChainPath userAnnotations:{string}
    PodCondition type? status? lastProbeTime:Time lastTransitionTime:Time reason message observedGeneration:int
    PodDNSConfig nameservers:string* searches:string* options:PodDNSConfigOption*
    PodDNSConfigOption name value?
    PodExtendedResourceClaimStatus requestMappings:ContainerExtendedResourceRequest* resourceClaimName?
    PodIP ip?
    PodOS name?
    PodReadinessGate conditionType?
    PodResourceClaim name? 3=resourceClaimName? resourceClaimTemplateName?
    PodResourceClaimStatus name? resourceClaimName?
    PodSchedulingGate name?
    PodSchedulingGroup podGroupName?
    PodSecurityContext seLinuxOptions:SELinuxOptions runAsUser:int? runAsNonRoot:bool? supplementalGroups:int*
      fsGroup:int? runAsGroup:int? sysctls:Sysctl* windowsOptions:WindowsSecurityContextOptions fsGroupChangePolicy?
      seccompProfile:SeccompProfile appArmorProfile:AppArmorProfile supplementalGroupsPolicy? seLinuxChangePolicy?
    PodSpec volumes:Volume* containers:Container* restartPolicy terminationGracePeriodSeconds:int?
      activeDeadlineSeconds:int? dnsPolicy nodeSelector:{string} serviceAccountName serviceAccount nodeName
      hostNetwork:bool hostPID:bool hostIPC:bool securityContext:PodSecurityContext
      imagePullSecrets:LocalObjectReference* hostname subdomain affinity:Affinity schedulerName
      initContainers:Container* automountServiceAccountToken:bool? tolerations:Toleration* hostAliases:HostAlias*
      priorityClassName priority:int? dnsConfig:PodDNSConfig shareProcessNamespace:bool?
      readinessGates:PodReadinessGate* runtimeClassName? enableServiceLinks:bool? preemptionPolicy?
      overhead:{Quantity} topologySpreadConstraints:TopologySpreadConstraint* ephemeralContainers:EphemeralContainer*
      setHostnameAsFQDN:bool? os:PodOS hostUsers:bool? schedulingGates:PodSchedulingGate*
      resourceClaims:PodResourceClaim* resources:ResourceRequirements hostnameOverride?
      43=schedulingGroup:PodSchedulingGroup
    PodStatus phase conditions:PodCondition* message reason hostIP podIP startTime:Time
      containerStatuses:ContainerStatus* qosClass initContainerStatuses:ContainerStatus* nominatedNodeName
      podIPs:PodIP* ephemeralContainerStatuses:ContainerStatus* resize resourceClaimStatuses:PodResourceClaimStatus*
      hostIPs:HostIP* observedGeneration:int extendedResourceClaimStatus:PodExtendedResourceClaimStatus
      allocatedResources:{Quantity} resources:ResourceRequirements
      nodeAllocatableResourceClaimStatuses:NodeAllocatableResourceClaimStatus*
    PodTemplate metadata:meta.ObjectMeta template:PodTemplateSpec
    PodTemplateSpec metadata:meta.ObjectMeta spec:PodSpec
    PortStatus port:int? protocol? error?
    PortworxVolumeSource volumeID? fsType readOnly:bool
    PreferredSchedulingTerm weight:int? preference:NodeSelectorTerm
    Probe <:ProbeHandler initialDelaySeconds:int timeoutSeconds:int periodSeconds:int successThreshold:int
      failureThreshold:int terminationGracePeriodSeconds:int?
    ProbeHandler exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction grpc:GRPCAction
    ProjectedVolumeSource sources:VolumeProjection* defaultMode:int?
    QuobyteVolumeSource registry? volume? readOnly:bool user group tenant
    RBDPersistentVolumeSource monitors:string* image? fsType pool user keyring secretRef:SecretReference readOnly:bool
    RBDVolumeSource monitors:string* image? fsType pool user keyring secretRef:LocalObjectReference readOnly:bool
    ReplicationController metadata:meta.ObjectMeta spec:ReplicationControllerSpec status:ReplicationControllerStatus
    ReplicationControllerCondition type? status? lastTransitionTime:Time reason message
    ReplicationControllerSpec replicas:int? selector:{string} template:PodTemplateSpec minReadySeconds:int
    ReplicationControllerStatus replicas:int? fullyLabeledReplicas:int observedGeneration:int readyReplicas:int
      availableReplicas:int conditions:ReplicationControllerCondition*
    ResourceClaim name? request
    ResourceFieldSelector containerName resource? divisor:Quantity
    ResourceHealth resourceID? health 6=message?
    ResourceQuota metadata:meta.ObjectMeta spec:ResourceQuotaSpec status:ResourceQuotaStatus
    ResourceQuotaSpec hard:{Quantity} scopes:string* scopeSelector:ScopeSelector
    ResourceQuotaStatus hard:{Quantity} used:{Quantity}
    ResourceRequirements limits:{Quantity} requests:{Quantity} claims:ResourceClaim*
    ResourceStatus name? resources:ResourceHealth*
    SELinuxOptions user role type level
    ScaleIOPersistentVolumeSource gateway? system? secretRef:SecretReference sslEnabled:bool protectionDomain
      storagePool storageMode volumeName fsType readOnly:bool
    ScaleIOVolumeSource gateway? system? secretRef:LocalObjectReference sslEnabled:bool protectionDomain storagePool
      storageMode volumeName fsType readOnly:bool
    ScopeSelector matchExpressions:ScopedResourceSelectorRequirement*
    ScopedResourceSelectorRequirement scopeName? operator? values:string*
    SeccompProfile type? localhostProfile?
    Secret metadata:meta.ObjectMeta data:{bytes} type stringData:{string} immutable:bool?
    SecretEnvSource <:LocalObjectReference optional:bool?
    SecretKeySelector <:LocalObjectReference key? optional:bool?
    SecretProjection <:LocalObjectReference items:KeyToPath* 4=optional:bool?
    SecretReference name namespace
    SecretVolumeSource secretName items:KeyToPath* defaultMode:int? optional:bool?
    SecurityContext capabilities:Capabilities privileged:bool? seLinuxOptions:SELinuxOptions runAsUser:int?
      runAsNonRoot:bool? readOnlyRootFilesystem:bool? allowPrivilegeEscalation:bool? runAsGroup:int? procMount?
      windowsOptions:WindowsSecurityContextOptions seccompProfile:SeccompProfile appArmorProfile:AppArmorProfile
    Service metadata:meta.ObjectMeta spec:ServiceSpec status:ServiceStatus
    ServiceAccount metadata:meta.ObjectMeta secrets:ObjectReference* imagePullSecrets:LocalObjectReference*
      automountServiceAccountToken:bool?
    ServiceAccountTokenProjection audience expirationSeconds:int? path?
    ServicePort name protocol port:int? targetPort:IntOrString nodePort:int appProtocol?
    ServiceSpec ports:ServicePort* selector:{string} clusterIP type externalIPs:string* 7=sessionAffinity
      loadBalancerIP loadBalancerSourceRanges:string* externalName externalTrafficPolicy healthCheckNodePort:int
      publishNotReadyAddresses:bool sessionAffinityConfig:SessionAffinityConfig 17=ipFamilyPolicy? clusterIPs:string*
      ipFamilies:string* allocateLoadBalancerNodePorts:bool? loadBalancerClass? internalTrafficPolicy?
      trafficDistribution?
    ServiceStatus loadBalancer:LoadBalancerStatus conditions:meta.Condition*
    SessionAffinityConfig clientIP:ClientIPConfig
    SleepAction seconds:int?
    StorageOSPersistentVolumeSource volumeName volumeNamespace fsType readOnly:bool secretRef:ObjectReference
    StorageOSVolumeSource volumeName volumeNamespace fsType readOnly:bool secretRef:LocalObjectReference
    Sysctl name? value?
    TCPSocketAction port:IntOrString host
    Taint key? value effect? timeAdded:Time
    Toleration key operator value effect tolerationSeconds:int?
    TopologySelectorLabelRequirement key? values:string*
    TopologySelectorTerm matchLabelExpressions:TopologySelectorLabelRequirement*
    TopologySpreadConstraint maxSkew:int? topologyKey? whenUnsatisfiable? labelSelector:meta.LabelSelector
      minDomains:int? nodeAffinityPolicy? nodeTaintsPolicy? matchLabelKeys:string*
    TypedLocalObjectReference apiGroup? kind? name?
    TypedObjectReference apiGroup? kind? name? namespace?
    Volume name? <:VolumeSource
    VolumeDevice name? devicePath?
    VolumeMount name? readOnly:bool mountPath? subPath mountPropagation? subPathExpr recursiveReadOnly?
    VolumeMountStatus name? mountPath? readOnly:bool recursiveReadOnly? volumeStatus:VolumeStatus
    VolumeNodeAffinity required:NodeSelector
    VolumeProjection secret:SecretProjection downwardAPI:DownwardAPIProjection configMap:ConfigMapProjection
      serviceAccountToken:ServiceAccountTokenProjection clusterTrustBundle:ClusterTrustBundleProjection
      podCertificate:PodCertificateProjection
    VolumeResourceRequirements limits:{Quantity} requests:{Quantity}
    VolumeSource hostPath:HostPathVolumeSource emptyDir:EmptyDirVolumeSource
      gcePersistentDisk:GCEPersistentDiskVolumeSource awsElasticBlockStore:AWSElasticBlockStoreVolumeSource
      gitRepo:GitRepoVolumeSource secret:SecretVolumeSource nfs:NFSVolumeSource iscsi:ISCSIVolumeSource
      glusterfs:GlusterfsVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource rbd:RBDVolumeSource
      flexVolume:FlexVolumeSource cinder:CinderVolumeSource cephfs:CephFSVolumeSource flocker:FlockerVolumeSource
      downwardAPI:DownwardAPIVolumeSource fc:FCVolumeSource azureFile:AzureFileVolumeSource
      configMap:ConfigMapVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource quobyte:QuobyteVolumeSource
      azureDisk:AzureDiskVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource
      portworxVolume:PortworxVolumeSource scaleIO:ScaleIOVolumeSource projected:ProjectedVolumeSource
      storageos:StorageOSVolumeSource csi:CSIVolumeSource ephemeral:EphemeralVolumeSource image:ImageVolumeSource
    VolumeStatus image:ImageVolumeStatus
    VsphereVirtualDiskVolumeSource volumePath? fsType storagePolicyName storagePolicyID
    WeightedPodAffinityTerm weight:int? podAffinityTerm:PodAffinityTerm
    WindowsSecurityContextOptions gmsaCredentialSpecName? gmsaCredentialSpec? runAsUserName? hostProcess:bool?
  `,
  'discovery/v1': `
    Endpoint addresses:string* conditions:EndpointConditions hostname? targetRef:core/v1.ObjectReference
      deprecatedTopology:{string} nodeName? zone? hints:EndpointHints
    EndpointConditions ready:bool? serving:bool? terminating:bool?
    EndpointHints forZones:ForZone* forNodes:ForNode*
    EndpointPort name? protocol? port:int? appProtocol?
    EndpointSlice metadata:meta.ObjectMeta endpoints:Endpoint* ports:EndpointPort* addressType?
    ForNode name?
    ForZone name?
  `,
  'events/v1': `
    Event metadata:meta.ObjectMeta eventTime:MicroTime series:EventSeries reportingController reportingInstance action
      reason regarding:core/v1.ObjectReference related:core/v1.ObjectReference note type
      deprecatedSource:core/v1.EventSource deprecatedFirstTimestamp:Time deprecatedLastTimestamp:Time
      deprecatedCount:int
    EventSeries count:int? lastObservedTime:MicroTime
  `,
  'flowcontrol/v1': `
    ExemptPriorityLevelConfiguration nominalConcurrencyShares:int? lendablePercent:int?
    FlowDistinguisherMethod type?
    FlowSchema metadata:meta.ObjectMeta spec:FlowSchemaSpec status:FlowSchemaStatus
    FlowSchemaCondition type status lastTransitionTime:Time reason message
    FlowSchemaSpec priorityLevelConfiguration:PriorityLevelConfigurationReference matchingPrecedence:int?
      distinguisherMethod:FlowDistinguisherMethod rules:PolicyRulesWithSubjects*
    FlowSchemaStatus conditions:FlowSchemaCondition*
    GroupSubject name?
    LimitResponse type? queuing:QueuingConfiguration
    LimitedPriorityLevelConfiguration nominalConcurrencyShares:int? limitResponse:LimitResponse lendablePercent:int?
      borrowingLimitPercent:int?
    NonResourcePolicyRule verbs:string* 6=nonResourceURLs:string*
    PolicyRulesWithSubjects subjects:Subject* resourceRules:ResourcePolicyRule*
      nonResourceRules:NonResourcePolicyRule*
    PriorityLevelConfiguration metadata:meta.ObjectMeta spec:PriorityLevelConfigurationSpec
      status:PriorityLevelConfigurationStatus
    PriorityLevelConfigurationCondition type status lastTransitionTime:Time reason message
    PriorityLevelConfigurationReference name?
    PriorityLevelConfigurationSpec type? limited:LimitedPriorityLevelConfiguration
      exempt:ExemptPriorityLevelConfiguration
    PriorityLevelConfigurationStatus conditions:PriorityLevelConfigurationCondition*
    QueuingConfiguration queues:int? handSize:int? queueLengthLimit:int?
    ResourcePolicyRule verbs:string* apiGroups:string* resources:string* clusterScope:bool namespaces:string*
    ServiceAccountSubject namespace? name?
    Subject kind? user:UserSubject group:GroupSubject serviceAccount:ServiceAccountSubject
    UserSubject name?
  `,
  meta: `
    Condition type? status? observedGeneration:int lastTransitionTime:Time reason? message?
    CreateOptions dryRun:string* 3=fieldManager fieldValidation
    DeleteOptions gracePeriodSeconds:int? preconditions:Preconditions orphanDependents:bool? propagationPolicy?
      dryRun:string* ignoreStoreReadErrorWithClusterBreakingPotential:bool?
    FieldSelectorRequirement key? operator? values:string*
    LabelSelector matchLabels:{string} matchExpressions:LabelSelectorRequirement*
    LabelSelectorRequirement key? operator? values:string*
    ListMeta selfLink resourceVersion continue remainingItemCount:int? shardInfo:ShardInfo
    ManagedFieldsEntry manager operation apiVersion time:Time 6=fieldsType fieldsV1:FieldsV1 subresource
    ObjectMeta name generateName namespace selfLink uid resourceVersion generation:int creationTimestamp:Time
      deletionTimestamp:Time deletionGracePeriodSeconds:int? labels:{string} annotations:{string}
      ownerReferences:OwnerReference* finalizers:string* 17=managedFields:ManagedFieldsEntry*
    OwnerReference kind? 3=name? uid? apiVersion? controller:bool? blockOwnerDeletion:bool?
    PatchOptions dryRun:string* force:bool? fieldManager fieldValidation
    Preconditions uid? resourceVersion?
    ShardInfo selector?
    Status metadata:ListMeta status message reason details:StatusDetails code:int
    StatusCause reason message field
    StatusDetails name group kind causes:StatusCause* retryAfterSeconds:int uid
    UpdateOptions dryRun:string* fieldManager fieldValidation
  `,
  'networking/v1': `
    HTTPIngressPath path backend:IngressBackend pathType?
    HTTPIngressRuleValue paths:HTTPIngressPath*
    IPAddress metadata:meta.ObjectMeta spec:IPAddressSpec
    IPAddressSpec parentRef:ParentReference
    IPBlock cidr? except:string*
    Ingress metadata:meta.ObjectMeta spec:IngressSpec status:IngressStatus
    IngressBackend 3=resource:core/v1.TypedLocalObjectReference service:IngressServiceBackend
    IngressClass metadata:meta.ObjectMeta spec:IngressClassSpec
    IngressClassParametersReference apiGroup? kind? name? scope? namespace?
    IngressClassSpec controller parameters:IngressClassParametersReference
    IngressLoadBalancerIngress ip hostname 4=ports:IngressPortStatus*
    IngressLoadBalancerStatus ingress:IngressLoadBalancerIngress*
    IngressPortStatus port:int? protocol? error?
    IngressRule host <:IngressRuleValue
    IngressRuleValue http:HTTPIngressRuleValue
    IngressServiceBackend name? port:ServiceBackendPort
    IngressSpec defaultBackend:IngressBackend tls:IngressTLS* rules:IngressRule* ingressClassName?
    IngressStatus loadBalancer:IngressLoadBalancerStatus
    IngressTLS hosts:string* secretName
    NetworkPolicy metadata:meta.ObjectMeta spec:NetworkPolicySpec
    NetworkPolicyEgressRule ports:NetworkPolicyPort* to:NetworkPolicyPeer*
    NetworkPolicyIngressRule ports:NetworkPolicyPort* from:NetworkPolicyPeer*
    NetworkPolicyPeer podSelector:meta.LabelSelector namespaceSelector:meta.LabelSelector ipBlock:IPBlock
    NetworkPolicyPort protocol? port:IntOrString endPort:int?
    NetworkPolicySpec podSelector:meta.LabelSelector ingress:NetworkPolicyIngressRule* egress:NetworkPolicyEgressRule*
      policyTypes:string*
    ParentReference group resource namespace name
    ServiceBackendPort name number:int
    ServiceCIDR metadata:meta.ObjectMeta spec:ServiceCIDRSpec status:ServiceCIDRStatus
    ServiceCIDRSpec cidrs:string*
    ServiceCIDRStatus conditions:meta.Condition*
  `,
  'node/v1': `
    Overhead podFixed:{Quantity}
    RuntimeClass metadata:meta.ObjectMeta handler? overhead:Overhead scheduling:Scheduling
    Scheduling nodeSelector:{string} tolerations:core/v1.Toleration*
  `,
  'policy/v1': `
    Eviction metadata:meta.ObjectMeta deleteOptions:meta.DeleteOptions
    PodDisruptionBudget metadata:meta.ObjectMeta spec:PodDisruptionBudgetSpec status:PodDisruptionBudgetStatus
    PodDisruptionBudgetSpec minAvailable:IntOrString selector:meta.LabelSelector maxUnavailable:IntOrString
      unhealthyPodEvictionPolicy?
    PodDisruptionBudgetStatus observedGeneration:int disruptedPods:{Time} disruptionsAllowed:int? currentHealthy:int?
      desiredHealthy:int? expectedPods:int? conditions:meta.Condition*
  `,
  'rbac/v1': `
    AggregationRule clusterRoleSelectors:meta.LabelSelector*
    ClusterRole metadata:meta.ObjectMeta rules:PolicyRule* aggregationRule:AggregationRule
    ClusterRoleBinding metadata:meta.ObjectMeta subjects:Subject* roleRef:RoleRef
    PolicyRule verbs:string* apiGroups:string* resources:string* resourceNames:string* nonResourceURLs:string*
    Role metadata:meta.ObjectMeta rules:PolicyRule*
    RoleBinding metadata:meta.ObjectMeta subjects:Subject* roleRef:RoleRef
    RoleRef apiGroup? kind? name?
    Subject kind? apiGroup name? namespace
  `,
  'resource/v1': `
    AllocatedDeviceStatus driver? pool? device? conditions:meta.Condition* data:RawExtension
      networkData:NetworkDeviceData shareID?
    AllocationResult devices:DeviceAllocationResult 3=nodeSelector:core/v1.NodeSelector 5=allocationTimestamp:Time
    CELDeviceSelector expression?
    CapacityRequestPolicy default:Quantity 3=validValues:Quantity* validRange:CapacityRequestPolicyRange
    CapacityRequestPolicyRange min:Quantity max:Quantity step:Quantity
    CapacityRequirements requests:{Quantity}
    Counter value:Quantity
    CounterSet name? counters:{Counter}
    Device name? attributes:{DeviceAttribute} capacity:{DeviceCapacity} consumesCounters:DeviceCounterConsumption*
      nodeName? nodeSelector:core/v1.NodeSelector allNodes:bool? taints:DeviceTaint* bindsToNode:bool?
      bindingConditions:string* bindingFailureConditions:string* allowMultipleAllocations:bool?
      nodeAllocatableResourceMappings:{NodeAllocatableResourceMapping}
    DeviceAllocationConfiguration source? requests:string* <:DeviceConfiguration
    DeviceAllocationResult results:DeviceRequestAllocationResult* config:DeviceAllocationConfiguration*
    DeviceAttribute 2=int:int? bool:bool? string? version? ints:int* bools:bool* strings:string* versions:string*
    DeviceCapacity value:Quantity requestPolicy:CapacityRequestPolicy
    DeviceClaim requests:DeviceRequest* constraints:DeviceConstraint* config:DeviceClaimConfiguration*
    DeviceClaimConfiguration requests:string* <:DeviceConfiguration
    DeviceClass metadata:meta.ObjectMeta spec:DeviceClassSpec
    DeviceClassConfiguration <:DeviceConfiguration
    DeviceClassSpec selectors:DeviceSelector* config:DeviceClassConfiguration* 4=extendedResourceName?
    DeviceConfiguration opaque:OpaqueDeviceConfiguration
    DeviceConstraint requests:string* matchAttribute? distinctAttribute?
    DeviceCounterConsumption counterSet? counters:{Counter}
    DeviceRequest name? exactly:ExactDeviceRequest firstAvailable:DeviceSubRequest*
    DeviceRequestAllocationResult request? driver? pool? device? adminAccess:bool? tolerations:DeviceToleration*
      bindingConditions:string* bindingFailureConditions:string* shareID? consumedCapacity:{Quantity}
    DeviceSelector cel:CELDeviceSelector
    DeviceSubRequest name? deviceClassName? selectors:DeviceSelector* allocationMode count:int
      tolerations:DeviceToleration* capacity:CapacityRequirements
    DeviceTaint key? value effect? timeAdded:Time
    DeviceToleration key operator value effect tolerationSeconds:int?
    ExactDeviceRequest deviceClassName? selectors:DeviceSelector* allocationMode count:int adminAccess:bool?
      tolerations:DeviceToleration* capacity:CapacityRequirements
    NetworkDeviceData interfaceName ips:string* hardwareAddress
    NodeAllocatableResourceMapping capacityKey? allocationMultiplier:Quantity
    OpaqueDeviceConfiguration driver? parameters:RawExtension
    ResourceClaim metadata:meta.ObjectMeta spec:ResourceClaimSpec status:ResourceClaimStatus
    ResourceClaimConsumerReference apiGroup 3=resource? name? uid?
    ResourceClaimSpec devices:DeviceClaim
    ResourceClaimStatus allocation:AllocationResult reservedFor:ResourceClaimConsumerReference*
      4=devices:AllocatedDeviceStatus*
    ResourceClaimTemplate metadata:meta.ObjectMeta spec:ResourceClaimTemplateSpec
    ResourceClaimTemplateSpec metadata:meta.ObjectMeta spec:ResourceClaimSpec
    ResourcePool name? generation:int? resourceSliceCount:int?
    ResourceSlice metadata:meta.ObjectMeta spec:ResourceSliceSpec
    ResourceSliceSpec driver? pool:ResourcePool nodeName? nodeSelector:core/v1.NodeSelector allNodes:bool?
      devices:Device* perDeviceNodeSelection:bool? sharedCounters:CounterSet*
  `,
  'scheduling/v1': `
    PriorityClass metadata:meta.ObjectMeta value:int? globalDefault:bool description preemptionPolicy?
  `,
  'storage/v1': `
    CSIDriver metadata:meta.ObjectMeta spec:CSIDriverSpec
    CSIDriverSpec attachRequired:bool? podInfoOnMount:bool? volumeLifecycleModes:string* storageCapacity:bool?
      fsGroupPolicy? tokenRequests:TokenRequest* requiresRepublish:bool? seLinuxMount:bool?
      nodeAllocatableUpdatePeriodSeconds:int? serviceAccountTokenInSecrets:bool? preventPodSchedulingIfMissing:bool?
    CSINode metadata:meta.ObjectMeta spec:CSINodeSpec
    CSINodeDriver name? nodeID? topologyKeys:string* allocatable:VolumeNodeResources
    CSINodeSpec drivers:CSINodeDriver*
    CSIStorageCapacity metadata:meta.ObjectMeta nodeTopology:meta.LabelSelector storageClassName? capacity:Quantity
      maximumVolumeSize:Quantity
    StorageClass metadata:meta.ObjectMeta provisioner? parameters:{string} reclaimPolicy? mountOptions:string*
      allowVolumeExpansion:bool? volumeBindingMode? allowedTopologies:core/v1.TopologySelectorTerm*
    TokenRequest audience? expirationSeconds:int?
    VolumeAttachment metadata:meta.ObjectMeta spec:VolumeAttachmentSpec status:VolumeAttachmentStatus
    VolumeAttachmentSource persistentVolumeName? inlineVolumeSpec:core/v1.PersistentVolumeSpec
    VolumeAttachmentSpec attacher? source:VolumeAttachmentSource nodeName?
    VolumeAttachmentStatus attached:bool? attachmentMetadata:{string} attachError:VolumeError detachError:VolumeError
    VolumeAttributesClass metadata:meta.ObjectMeta driverName? parameters:{string}
    VolumeError time:Time message errorCode:int?
    VolumeNodeResources count:int?
  `,
}
