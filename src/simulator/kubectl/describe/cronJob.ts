import { formatSelector } from '../../cluster/api/selector.ts'
import { cronJob } from '../../cluster/kinds/cronJob.ts'
import { defineDescriber } from './describer.ts'
import { timeText, trueText } from './description.ts'
import { describeEvents } from './events.ts'
import { beginDescription } from './named.ts'
import { describePodTemplate } from './podTemplate.ts'

export const cronJobDescriber = defineDescriber(cronJob, async (object, around) => {
  const text = beginDescription(object)
  const { spec, status } = object
  text.line(0, `Schedule:\t${spec?.schedule}`)
  const { timeZone } = (spec ?? {}) as { timeZone?: string }
  if (timeZone) text.line(0, `Time Zone:\t${timeZone}`)
  text.line(0, `Concurrency Policy:\t${spec?.concurrencyPolicy}`)
  text.line(0, `Suspend:\t${trueText(spec?.suspend)}`)
  text.line(0, `Successful Job History Limit:\t${spec?.successfulJobsHistoryLimit ?? '<unset>'}`)
  text.line(0, `Failed Job History Limit:\t${spec?.failedJobsHistoryLimit ?? '<unset>'}`)
  const deadline = spec?.startingDeadlineSeconds
  text.line(0, `Starting Deadline Seconds:\t${deadline === undefined ? '<unset>' : `${deadline}s`}`)
  const template = spec?.jobTemplate.spec
  text.line(0, `Selector:\t${template?.selector ? formatSelector(template.selector) : '<unset>'}`)
  text.line(0, `Parallelism:\t${template?.parallelism ?? '<unset>'}`)
  text.line(0, `Completions:\t${template?.completions ?? '<unset>'}`)
  if (template?.activeDeadlineSeconds !== undefined)
    text.line(0, `Active Deadline Seconds:\t${template.activeDeadlineSeconds}s`)
  describePodTemplate(text, template?.template)
  text.line(0, `Last Schedule Time:\t${status?.lastScheduleTime ? timeText(status.lastScheduleTime) : '<unset>'}`)
  text.line(0, `Active Jobs:\t${status?.active?.map(({ name }) => name).join(', ') || '<none>'}`)
  await describeEvents(text, object, around)
  return text.toString()
})
