import { formatAge } from '../../cluster/api/age.ts'
import { controllerOf } from '../../cluster/api/object.ts'
import { formatSelector } from '../../cluster/api/selector.ts'
import type { Job } from '../../cluster/kinds/job.ts'
import { defineDescriber, type View } from './describer.ts'
import { longTime } from './description.ts'
import { describePodTemplate } from './podTemplate.ts'

export const job = defineDescriber<Job>({
  group: 'batch',
  kind: 'Job',
  async describe(job, view) {
    const { metadata, spec, status } = job
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.field('Selector', formatSelector(spec.selector))
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    const owner = controllerOf(job)
    if (owner) text.field('Controlled By', `${owner.kind}/${owner.name}`)
    if (spec.parallelism !== undefined) text.field('Parallelism', spec.parallelism)
    text.field('Completions', spec.completions ?? '<unset>')
    if (spec.completionMode) text.field('Completion Mode', spec.completionMode)
    if (spec.suspend !== undefined) text.field('Suspend', spec.suspend)
    if (spec.backoffLimit !== undefined) text.field('Backoff Limit', spec.backoffLimit)
    if (spec.ttlSecondsAfterFinished !== undefined)
      text.field('TTL Seconds After Finished', spec.ttlSecondsAfterFinished)
    describeTimes(job, view)
    const { active = 0, ready, succeeded = 0, failed = 0 } = status as typeof status & { ready?: number }
    const readyText = ready === undefined ? '' : ` (${ready} Ready)`
    text.field('Pods Statuses', `${active} Active${readyText} / ${succeeded} Succeeded / ${failed} Failed`)
    if (spec.completionMode === 'Indexed') text.field('Completed Indexes', indexList(status.completedIndexes))
    describePodTemplate(spec.template, text)
    await view.events(job)
  },
})

function describeTimes({ spec, status }: Job, { text }: View): void {
  if (status.startTime) text.field('Start Time', longTime(status.startTime))
  if (status.completionTime) text.field('Completed At', longTime(status.completionTime))
  if (status.startTime && status.completionTime) {
    text.field('Duration', formatAge(Date.parse(status.completionTime) - Date.parse(status.startTime)))
  }
  if (spec.activeDeadlineSeconds !== undefined) text.field('Active Deadline Seconds', `${spec.activeDeadlineSeconds}s`)
}

/** The first indexes of a long list. */
function indexList(indexes: string | undefined): string {
  if (!indexes) return '<none>'
  const end = indexes.indexOf(',', 50)
  return end < 0 ? indexes : `${indexes.slice(0, end + 1)}...`
}
