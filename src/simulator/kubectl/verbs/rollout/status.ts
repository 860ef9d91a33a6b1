import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { fileFlags } from '../../flags/files.ts'
import { boolean, duration, integer } from '../../flags/flag.ts'
import { selector } from '../../flags/selecting.ts'
import type { Invocation } from '../../invocation.ts'
import { Selection } from '../../objects/selection.ts'
import type { Target } from '../../objects/target.ts'
import { rolloutStatus as progressOf } from '../../rollouts/status.ts'
import { pathOf } from '../../server/resource.ts'

const flags = {
  ...fileFlags(),
  selector,
  revision: integer('Pin to a specific revision for showing its status. Defaults to 0 (last revision).'),
  timeout: duration(
    'The length of time to wait before ending watch, zero means never. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).',
    0,
    '0s',
  ),
  watch: boolean("Watch the status of the rollout until it's done.", true, { short: 'w' }),
}

/** `kubectl rollout status`: show the status of the rollout. */
export const rolloutStatus = defineCommand({
  name: 'status',
  summary: 'Show the status of the rollout',
  description: `Show the status of the rollout.

 By default 'rollout status' will watch the status of the latest rollout until it's done. If you don't want to wait for the rollout to finish then you can use --watch=false. Note that if a new rollout starts in-between, then 'rollout status' will continue watching the latest revision. If you want to pin to a specific revision and abort if it is rolled over by another revision, use --revision=N where N is the revision you need to watch for.`,
  examples: `  # Watch the rollout status of a deployment
  kubectl rollout status deployment/nginx`,
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
      isOneType: true,
    })
    const targets: Target[] = []
    await selection.each(async target => void targets.push(target), { isLatest: true })
    if (targets.length === 0) await invocation.warn(`No resources found in ${invocation.namespace} namespace.`)
    for (const target of targets) await follow(invocation, target)
  },
})

/** Tells of each change until the rollout is over. */
async function follow(
  invocation: Invocation<typeof flags>,
  { resource, namespace, name, object }: Target,
): Promise<void> {
  const { flags: given, api, process } = invocation
  const { clock } = process.kernel
  const end = given.timeout > 0 ? clock.now + given.timeout : undefined
  let { text, isDone } = progressOf(object, given.revision)
  await invocation.print(text)
  if (isDone || !given.watch) return
  const watch = await api.watch(pathOf(resource, namespace), {
    query: { fieldSelector: `metadata.name=${name}`, resourceVersion: object.metadata.resourceVersion },
  })
  for (;;) {
    const event = await watch.next(end === undefined ? undefined : Math.max(0, end - clock.now))
    if (!event) throw new Failure('timed out waiting for the condition')
    if (event.type === 'BOOKMARK') continue
    if (event.type === 'DELETED') throw new Failure('object has been deleted')
    ;({ text, isDone } = progressOf({ ...event.object, kind: object.kind }, given.revision))
    await invocation.print(text)
    if (isDone) return watch.close()
  }
}
