import type { Container } from 'kubernetes-types/core/v1'
import { imageNameProblem } from '../../cluster/api/imageReference.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import { defineCommand } from '../command.ts'
import { attachToDebugger } from '../debugging/attaching.ts'
import { readCustomProfile } from '../debugging/customProfile.ts'
import { addEphemeral, copyPod, type Debugger, debugNode } from '../debugging/debugger.ts'
import { Failure } from '../failure.ts'
import { filename } from '../flags/files.ts'
import { boolean, pairs, repeated, text } from '../flags/flag.ts'
import type { Invocation } from '../invocation.ts'
import { Selection } from '../objects/selection.ts'
import type { Target } from '../objects/target.ts'
import { goKind } from '../server/resource.ts'

const flags = {
  filename: filename('identifying the resource to debug'),
  'arguments-only': boolean(
    'If specified, everything after -- will be passed to the new container as Args instead of Command.',
  ),
  attach: boolean(
    "If true, wait for the container to start running, and then attach as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true.",
  ),
  container: text('Container name to use for debug container.', '', { short: 'c' }),
  'copy-to': text('Create a copy of the target Pod with this name.'),
  custom: text('Path to a JSON or YAML file containing a partial container spec to customize built-in debug profiles.'),
  env: repeated('Environment variables to set in the container.'),
  image: text('Container image to use for debug container.'),
  'image-pull-policy': text(
    'The image pull policy for the container. If left empty, this value will not be specified by the client and defaulted by the server.',
  ),
  'keep-annotations': boolean(
    "If true, keep the original pod annotations.(This flag only works when used with '--copy-to')",
  ),
  'keep-init-containers': boolean(
    "Run the init containers for the pod. Defaults to true.(This flag only works when used with '--copy-to')",
    true,
  ),
  'keep-labels': boolean("If true, keep the original pod labels.(This flag only works when used with '--copy-to')"),
  'keep-liveness': boolean(
    "If true, keep the original pod liveness probes.(This flag only works when used with '--copy-to')",
  ),
  'keep-readiness': boolean(
    "If true, keep the original pod readiness probes.(This flag only works when used with '--copy-to')",
  ),
  'keep-startup': boolean(
    "If true, keep the original startup probes.(This flag only works when used with '--copy-to')",
  ),
  profile: text(
    'Options are "general", "baseline", "restricted", "netadmin" or "sysadmin". Defaults to "general"',
    'general',
  ),
  quiet: boolean('If true, suppress informational messages.', false, { short: 'q' }),
  replace: boolean("When used with '--copy-to', delete the original Pod."),
  'same-node': boolean("When used with '--copy-to', schedule the copy of target Pod on the same node."),
  'set-image': pairs(
    "When used with '--copy-to', a list of name=image pairs for changing container images, similar to how 'kubectl set image' works.",
  ),
  'share-processes': boolean("When used with '--copy-to', enable process namespace sharing in the copy.", true),
  stdin: boolean('Keep stdin open on the container(s) in the pod, even if nothing is attached.', false, { short: 'i' }),
  target: text('When using an ephemeral container, target processes in this container name.'),
  tty: boolean('Allocate a TTY for the debugging container.', false, { short: 't' }),
}

/** `kubectl debug`: create debugging sessions for troubleshooting workloads and nodes. */
export const debug = defineCommand({
  name: 'debug',
  summary: 'Create debugging sessions for troubleshooting workloads and nodes',
  description: `Debug cluster resources using interactive debugging containers.

 'debug' provides automation for common debugging tasks for cluster objects identified by resource and name. Pods will be used by default if no resource is specified.

 The action taken by 'debug' varies depending on what resource is specified. Supported actions include:

  *  Workload: Create a copy of an existing pod with certain attributes changed, for example changing the image tag to a new version.
  *  Workload: Add an ephemeral container to an already running pod, for example to add debugging utilities without restarting the pod.
  *  Node: Create a new pod that runs in the node's host namespaces and can access the node's filesystem.

 Note: When a non-root user is configured for the entire target Pod, some capabilities granted by debug profile may not work.`,
  examples: `  # Create an interactive debugging session in pod mypod and immediately attach to it.
  kubectl debug mypod -it --image=busybox

  # Create an interactive debugging session for the pod in the file pod.yaml and immediately attach to it.
  # (requires the EphemeralContainers feature to be enabled in the cluster)
  kubectl debug -f pod.yaml -it --image=busybox

  # Create a debug container named debugger using a custom automated debugging image.
  kubectl debug --image=myproj/debug-tools -c debugger mypod

  # Create a copy of mypod adding a debug container and attach to it
  kubectl debug mypod -it --image=busybox --copy-to=my-debugger

  # Create a copy of mypod changing the command of mycontainer
  kubectl debug mypod -it --copy-to=my-debugger --container=mycontainer -- sh

  # Create a copy of mypod changing all container images to busybox
  kubectl debug mypod --copy-to=my-debugger --set-image=*=busybox

  # Create a copy of mypod adding a debug container and changing container images
  kubectl debug mypod -it --copy-to=my-debugger --image=debian --set-image=app=app:debug,sidecar=sidecar:debug

  # Create an interactive debugging session on a node and immediately attach to it.
  # The container will run in the host namespaces and the host's filesystem will be mounted at /host
  kubectl debug node/mynode -it --image=busybox`,
  usage: '(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  flags,
  complete: 'pod',
  async run(invocation) {
    const { flags } = invocation
    const { names, command } = splitArguments(invocation)
    checkUse(invocation, names, command)
    const custom = flags.custom ? readCustomProfile(invocation.process, flags.custom) : undefined
    if (flags.profile === 'legacy') await invocation.warn(legacyAdvice)
    if (flags.target && !flags.quiet) {
      await invocation.print(
        `Targeting container ${JSON.stringify(flags.target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
      )
    }
    const selection = await Selection.of(invocation, {
      args: names.length > 0 && !names[0]!.includes('/') ? ['pods', ...names] : names,
      filenames: flags.filename,
    })
    const isAttached = invocation.has('attach') ? flags.attach : flags.stdin
    await selection.each(
      async target => {
        const made = await debugTarget(invocation, target, command, custom)
        if (!isAttached) return
        const tty = flags.tty && invocation.process.stdin.terminal !== undefined
        await attachToDebugger(invocation, made, { stdin: flags.stdin, tty }, flags.quiet)
      },
      { isLatest: true },
    )
  },
})

type Debug = Invocation<typeof flags>

const legacyAdvice =
  '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "--profile=general".'

/** What stands before `--` names objects; the rest is the command. */
function splitArguments({ args, argsBeforeDash }: Debug): { names: readonly string[]; command: readonly string[] } {
  const count = argsBeforeDash ?? args.length
  return { names: args.slice(0, count), command: args.slice(count) }
}

function checkUse(invocation: Debug, names: readonly string[], command: readonly string[]): void {
  const { flags } = invocation
  const problem = flags.image && imageNameProblem(flags.image)
  if (problem) throw new Failure(`invalid image name ${JSON.stringify(flags.image)}: ${problem}`)
  const setsImages = Object.keys(flags['set-image']).length > 0
  if (flags['copy-to']) {
    if (!flags.image && !setsImages && command.length === 0) {
      throw new Failure('you must specify --image, --set-image or command arguments.')
    }
    if (flags.target) throw new Failure('--target is incompatible with --copy-to. Use --share-processes instead.')
  } else {
    if (!flags.image) throw new Failure('you must specify --image when not using --copy-to.')
    if (setsImages) throw new Failure('--set-image may only be used with --copy-to.')
    if (flags.replace) throw new Failure('--replace may only be used with --copy-to.')
    if (flags['same-node']) throw new Failure('--same-node may only be used with --copy-to.')
  }
  if (names.length === 0 && flags.filename.length === 0) throw new Failure('NAME or filename is required for debug')
  if (flags.tty && !flags.stdin) throw new Failure('-i/--stdin is required for containers with -t/--tty=true')
}

function debugTarget(
  invocation: Debug,
  target: Target,
  command: readonly string[],
  custom: Partial<Container> | undefined,
): Promise<Debugger> {
  const { flags } = invocation
  if (target.object.kind === 'Node') return debugNode(invocation, target.name, flags, command, custom)
  if (target.object.kind !== 'Pod')
    throw new Failure(`${JSON.stringify(goKind(target.resource))} not supported by debug`)
  const pod = target.object as unknown as Pod
  return flags['copy-to']
    ? copyPod(invocation, pod, flags, command, custom)
    : addEphemeral(invocation, pod, flags, command, custom)
}
