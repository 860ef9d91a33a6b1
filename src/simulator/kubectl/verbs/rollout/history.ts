import { defineCommand } from '../../command.ts'
import { Description } from '../../describe/description.ts'
import { describePodTemplate } from '../../describe/podTemplate.ts'
import { Failure } from '../../failure.ts'
import { fileFlags } from '../../flags/files.ts'
import { integer } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import { selector } from '../../flags/selecting.ts'
import { Selection } from '../../objects/selection.ts'
import { nameOf } from '../../objects/target.ts'
import { printerFor } from '../../output/printer.ts'
import { alignTabs, descriptionStops } from '../../output/tabWriter.ts'
import { type Revision, revisionsOf } from '../../rollouts/revisions.ts'

const flags = {
  ...outputFlags,
  ...fileFlags(),
  selector,
  revision: integer('See the details, including podTemplate of the revision specified'),
}

/** `kubectl rollout history`: view rollout history. */
export const rolloutHistory = defineCommand({
  name: 'history',
  summary: 'View rollout history',
  description: 'View previous rollout revisions and configurations.',
  examples: `  # View the rollout history of a deployment
  kubectl rollout history deployment/abc

  # View the details of daemonset revision 3
  kubectl rollout history daemonset/abc --revision=3`,
  usage: '(TYPE NAME | TYPE/NAME) [flags]',
  flags,
  complete: { types: ['deployment', 'daemonset', 'statefulset'] },
  async run(invocation) {
    const { flags, args } = invocation
    if (args.length === 0 && flags.filename.length === 0 && !flags.kustomize)
      throw new Failure('required resource not specified')
    if (flags.revision < 0) throw new Failure(`revision must be a positive integer: ${flags.revision}`)
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
      selector: flags.selector,
      mayBeType: true,
    })
    const printer = flags.output ? printerFor(invocation.process, flags) : undefined
    await selection.each(
      async target => {
        const revisions = await revisionsOf(invocation, target)
        const chosen = flags.revision > 0 ? revisions.find(({ number }) => number === flags.revision) : undefined
        if (flags.revision > 0 && !chosen) throw new Failure('unable to find the specified revision')
        if (printer) {
          for (const { object } of chosen ? [chosen] : revisions) await invocation.print(printer.print(object))
        } else if (chosen) {
          await invocation.print(`${nameOf(target)} with revision #${chosen.number}\n${templateText(chosen)}\n`)
        } else await invocation.print(`${nameOf(target)} \n${historyText(revisions)}\n`)
      },
      { isLatest: true },
    )
  },
})

function historyText(revisions: readonly Revision[]): string {
  if (revisions.length === 0) return 'No rollout history found.'
  const rows = revisions.map(({ number, cause }) => `${number}\t${cause || '<none>'}\n`)
  return alignTabs(`REVISION\tCHANGE-CAUSE\n${rows.join('')}`, descriptionStops)
}

function templateText({ template, cause }: Revision): string {
  const annotations = {
    ...template.metadata?.annotations,
    ...(cause !== undefined && { 'kubernetes.io/change-cause': cause }),
  }
  const description = new Description()
  describePodTemplate({ ...template, metadata: { ...template.metadata, annotations } }, description)
  return description.unaligned
}
