import { formatAge } from '../../cluster/api/age.ts'
import { controllerOf } from '../../cluster/api/object.ts'
import { formatSelector } from '../../cluster/api/selector.ts'
import { job } from '../../cluster/kinds/job.ts'
import { defineDescriber } from './describer.ts'
import { Description, timeText } from './description.ts'
import { describeEvents } from './events.ts'
import { describePodTemplate } from './podTemplate.ts'

export const jobDescriber = defineDescriber(job, async (object, around) => {
  const text = new Description()
  const { metadata, spec, status } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Namespace:\t${metadata.namespace}`)
  text.line(0, `Selector:\t${formatSelector(spec?.selector)}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  const controller = controllerOf(object)
  if (controller) text.line(0, `Controlled By:\t${controller.kind}/${controller.name}`)
  text.line(0, `Parallelism:\t${spec?.parallelism ?? '<unset>'}`)
  text.line(0, `Completions:\t${spec?.completions ?? '<unset>'}`)
  text.line(0, `Completion Mode:\t${spec?.completionMode}`)
  text.line(0, `Suspend:\t${spec?.suspend ?? false}`)
  text.line(0, `Backoff Limit:\t${spec?.backoffLimit}`)
  if (spec?.ttlSecondsAfterFinished !== undefined)
    text.line(0, `TTL Seconds After Finished:\t${spec.ttlSecondsAfterFinished}`)
  if (status?.startTime) text.line(0, `Start Time:\t${timeText(status.startTime)}`)
  if (status?.completionTime) {
    text.line(0, `Completed At:\t${timeText(status.completionTime)}`)
    const duration = Date.parse(status.completionTime) - Date.parse(status.startTime ?? status.completionTime)
    text.line(0, `Duration:\t${formatAge(duration)}`)
  }
  if (spec?.activeDeadlineSeconds !== undefined)
    text.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`)
  const ready = (status as { ready?: number } | undefined)?.ready
  text.line(
    0,
    `Pods Statuses:\t${status?.active ?? 0} Active${ready === undefined ? '' : ` (${ready} Ready)`} / ${status?.succeeded ?? 0} Succeeded / ${status?.failed ?? 0} Failed`,
  )
  const { completedIndexes } = (status ?? {}) as { completedIndexes?: string }
  if (spec?.completionMode === 'Indexed') text.line(0, `Completed Indexes:\t${completedIndexes || '<none>'}`)
  describePodTemplate(text, spec?.template)
  await describeEvents(text, object, around)
  return text.toString()
})
