import type { JobSpec, JobStatus } from 'kubernetes-types/batch/v1'
import { formatAge } from '../api/age.ts'
import { allowOneOf, requireNonNegative } from '../api/checks.ts'
import { isEqual } from '../api/equality.ts'
import { type FieldError, invalid, required } from '../api/fieldError.ts'
import { validateSelector } from '../api/labels.ts'
import type { KubernetesObject, ObjectMeta } from '../api/object.ts'
import { matchesSelector } from '../api/selector.ts'
import { ageColumn, nameColumn, selectorColumn, templateColumns } from './columns.ts'
import { defineKind } from './kind.ts'
import { setOwnTemplateDefaults, validateTemplate } from './pods/template.ts'

/** Pods that run until they have done their work. */
export interface Job extends KubernetesObject {
  spec: JobSpec
  status: JobStatus
}

export const job = defineKind<Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  shortNames: [],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  fieldLabels: ['status.successful'],
  fieldText: ({ status }, field) => (field === 'status.successful' ? String(status?.succeeded ?? 0) : undefined),
  defaults({ spec }) {
    setJobDefaults(spec)
    spec.manualSelector ??= false
  },
  prepare(job, previous) {
    if (previous) return
    job.status = {}
    if (!job.spec.manualSelector) nameOwnPods(job)
  },
  validate({ metadata, spec }) {
    const errors: FieldError[] = []
    if (!spec.manualSelector) validateOwnPods(metadata, spec, errors)
    validateJobSpec(spec, 'spec', errors)
    if (!spec.selector) errors.push(required('spec.selector'))
    else {
      validateSelector(spec.selector, 'spec.selector', errors)
      if (!matchesSelector(spec.selector, spec.template.metadata?.labels))
        errors.push(
          invalid(
            'spec.template.metadata.labels',
            spec.template.metadata?.labels,
            '`selector` does not match template `labels`',
          ),
        )
    }
    return errors
  },
  validateUpdate: ({ spec }, previous) => {
    const errors: FieldError[] = []
    const requireKept = (field: 'completions' | 'selector' | 'completionMode'): void => {
      if (!isEqual(spec[field], previous.spec[field]))
        errors.push(invalid(`spec.${field}`, spec[field], 'field is immutable'))
    }
    requireKept('completions')
    requireKept('selector')
    if (!isEqual(spec.template, previous.spec.template) && !previous.spec.suspend)
      errors.push(invalid('spec.template', spec.template, 'field is immutable'))
    requireKept('completionMode')
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Status', value: statusOf },
    { name: 'Completions', value: completionsOf },
    { name: 'Duration', value: durationOf },
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
})

/** Fills in what a Job leaves open, also one that a CronJob will make. */
function setJobDefaults(spec: JobSpec): void {
  setOwnTemplateDefaults(spec)
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  spec.parallelism ??= 1
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647
  spec.completionMode ||= 'NonIndexed'
  spec.suspend ??= false
  spec.podReplacementPolicy ||= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
}

function ownLabels(uid: string, name: string): Record<string, string> {
  return {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  }
}

/** The labels by which a Job finds its pods, the selector over them, and their old names. */
function nameOwnPods(job: Job): void {
  const { uid, name } = job.metadata
  const labels = ownLabels(uid!, name)
  const { template, selector } = job.spec
  template.metadata ??= {}
  template.metadata.labels = { ...labels, ...template.metadata.labels }
  const matchLabels = { 'batch.kubernetes.io/controller-uid': uid!, ...selector?.matchLabels }
  job.spec.selector = { ...selector, matchLabels }
  // The API server gives a Job without labels those of its pods.
  if (!Object.keys(job.metadata.labels ?? {}).length) job.metadata.labels = { ...template.metadata.labels }
}

/** Labels and a selector that are taken over from another Job name the pods of that one. */
function validateOwnPods({ uid, name }: ObjectMeta, { template, selector }: JobSpec, errors: FieldError[]): void {
  if (!selector || uid === undefined) return
  const expected = ownLabels(uid, name)
  for (const [key, value] of Object.entries(expected)) {
    const path = `spec.template.metadata.labels[${key}]`
    const given = template.metadata?.labels?.[key]
    if (given === undefined) errors.push(required(path, `must be '${value}'`))
    else if (given !== value) errors.push(invalid(path, given, `must be '${value}'`))
  }
  if (!matchesSelector(selector, expected))
    errors.push(invalid('spec.selector', selector, '`selector` not auto-generated'))
}

/** What is wrong with a Job, also one that a CronJob will make. */
export function validateJobSpec(spec: JobSpec, path: string, errors: FieldError[]): void {
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
  ] as const)
    requireNonNegative(spec[field], `${path}.${field}`, errors)
  allowOneOf(spec.completionMode, ['NonIndexed', 'Indexed'], `${path}.completionMode`, errors)
  if (spec.completionMode === 'Indexed' && spec.completions === undefined)
    errors.push(required(`${path}.completions`, 'when completion mode is Indexed'))
  validateTemplate(spec.template ?? {}, `${path}.template`, errors)
  const policy = spec.template?.spec?.restartPolicy
  const at = `${path}.template.spec.restartPolicy`
  if (policy === 'Always' || !policy) errors.push(required(at, 'valid values: "OnFailure", "Never"'))
  else if (policy !== 'Never' && spec.podFailurePolicy)
    errors.push(invalid(at, policy, 'only "Never" is supported when podFailurePolicy is specified'))
}

function statusOf({ status, metadata }: Job): string {
  const has = (type: string): boolean =>
    status.conditions?.some(condition => condition.type === type && condition.status === 'True') ?? false
  if (has('Complete')) return 'Complete'
  if (has('Failed')) return 'Failed'
  if (metadata.deletionTimestamp) return 'Terminating'
  if (has('Suspended')) return 'Suspended'
  if (has('FailureTarget')) return 'FailureTarget'
  if (has('SuccessCriteriaMet')) return 'SuccessCriteriaMet'
  return 'Running'
}

function completionsOf({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`
  const parallelism = spec.parallelism ?? 0
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function durationOf({ status }: Job, now: number): string {
  if (!status.startTime) return ''
  const end = status.completionTime ? Date.parse(status.completionTime) : now
  return formatAge(end - Date.parse(status.startTime))
}
