import type { PodTemplateSpec } from 'kubernetes-types/core/v1'
import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/fieldError.ts'
import { validateLabels, validateSelector } from '../../api/labels.ts'
import { validateAnnotations } from '../../api/metadata.ts'
import { isEmptySelector, matchesSelector } from '../../api/selector.ts'
import { validatePodAnnotations } from './annotations.ts'
import { setPodSpecDefaults } from './defaults.ts'
import { validatePodSpec } from './podSpec.ts'

/** Fills in what a template of pods leaves open. */
export function setTemplateDefaults(template: PodTemplateSpec): void {
  template.metadata ??= {}
  template.spec ??= { containers: [] }
  setPodSpecDefaults(template.spec)
}

/** The same where the server always has a template, even when none is given. */
export function setOwnTemplateDefaults(owner: { template?: PodTemplateSpec }): void {
  owner.template ??= {}
  setTemplateDefaults(owner.template)
}

/** What is wrong with a template of pods. */
export function validateTemplate(template: PodTemplateSpec, path: string, errors: FieldError[]): void {
  validateTemplateMetadata(template, path, errors)
  validatePodSpec(template.spec ?? { containers: [] }, `${path}.spec`, errors)
}

// The server leaves `metadata` out of these paths: ValidatePodTemplateSpec in pkg/apis/core/validation.
function validateTemplateMetadata({ metadata, spec }: PodTemplateSpec, path: string, errors: FieldError[]): void {
  validateLabels(metadata?.labels, `${path}.labels`, errors)
  if (!metadata?.annotations) return
  validateAnnotations(metadata.annotations, `${path}.annotations`, errors)
  validatePodAnnotations(metadata.annotations, spec ?? { containers: [] }, `${path}.annotations`, errors)
}

/** What is wrong with the selector of something that keeps pods alive, and with the pods that it would make. */
export function validateSelectorAndTemplate(
  what: string,
  selector: LabelSelector | undefined,
  template: PodTemplateSpec | undefined,
  errors: FieldError[],
): void {
  if (!selector) errors.push(required('spec.selector'))
  else {
    validateSelector(selector, 'spec.selector', errors)
    if (isEmptySelector(selector))
      errors.push(invalid('spec.selector', selector, `empty selector is invalid for ${what}`))
  }
  if (!template) {
    errors.push(required('spec.template'))
    return
  }
  if ((!selector || !isEmptySelector(selector)) && !matchesSelector(selector, template.metadata?.labels))
    errors.push(
      invalid(
        'spec.template.metadata.labels',
        template.metadata?.labels,
        '`selector` does not match template `labels`',
      ),
    )
  // Volumes of a StatefulSet's pods come from claims as well: what is wrong with them shows when a pod is made.
  if (what === 'statefulset') validateTemplateMetadata(template, 'spec.template', errors)
  else validateTemplate(template, 'spec.template', errors)
  requireLongLived(template, what, errors)
}

/** Pods that are kept alive always start again. */
function requireLongLived({ spec }: PodTemplateSpec, what: string, errors: FieldError[]): void {
  const policy = spec?.restartPolicy ?? ''
  if (policy !== 'Always') errors.push(notSupported('spec.template.spec.restartPolicy', policy, ['Always']))
  if (spec?.activeDeadlineSeconds !== undefined)
    errors.push(
      forbidden(
        'spec.template.spec.activeDeadlineSeconds',
        `activeDeadlineSeconds in ${activeDeadlineOwners[what] ?? 'ReplicaSet'} is not Supported`,
      ),
    )
}

const activeDeadlineOwners: Readonly<Record<string, string>> = { statefulset: 'StatefulSet', daemonset: 'DaemonSet' }
