import { formatSelector } from '../../cluster/api/selector.ts'
import type { CronJob } from '../../cluster/kinds/cronJob.ts'
import { defineDescriber } from './describer.ts'
import { longTime, yesNoUnset } from './description.ts'
import { describePodTemplate } from './podTemplate.ts'

export const cronJob = defineDescriber<CronJob>({
  group: 'batch',
  kind: 'CronJob',
  async describe(cronJob, view) {
    const { metadata, spec, status } = cronJob
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('Schedule', spec.schedule)
    text.field('Concurrency Policy', spec.concurrencyPolicy)
    text.field('Suspend', yesNoUnset(spec.suspend))
    text.field('Time Zone', spec.timeZone ?? '<unset>')
    text.field('Successful Job History Limit', spec.successfulJobsHistoryLimit ?? '<unset>')
    text.field('Failed Job History Limit', spec.failedJobsHistoryLimit ?? '<unset>')
    const deadline = spec.startingDeadlineSeconds
    text.field('Starting Deadline Seconds', deadline === undefined ? '<unset>' : `${deadline}s`)
    const job = spec.jobTemplate.spec
    text.field('Selector', job?.selector ? formatSelector(job.selector) : '<unset>')
    text.field('Parallelism', job?.parallelism ?? '<unset>')
    text.field('Completions', job?.completions ?? '<unset>')
    if (job?.activeDeadlineSeconds !== undefined) text.field('Active Deadline Seconds', `${job.activeDeadlineSeconds}s`)
    describePodTemplate(job?.template, text)
    text.field('Last Schedule Time', status?.lastScheduleTime ? longTime(status.lastScheduleTime) : '<unset>')
    text.field('Active Jobs', (status?.active ?? []).map(({ name }) => name).join(', ') || '<none>')
    await view.events(cronJob)
  },
})
