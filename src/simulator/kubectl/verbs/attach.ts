import { defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { boolean, duration, text } from '../flags/flag.ts'
import { attachTo, tellAttached } from '../streams/attach.ts'
import { chosenContainer } from '../streams/chosenContainer.ts'
import { chosenPod } from '../streams/chosenPod.ts'

const flags = {
  container: text(
    'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen',
    '',
    { short: 'c' },
  ),
  'detach-keys': text('Override the key sequence for detaching a container', 'ctrl-p,ctrl-q'),
  'pod-running-timeout': duration(
    'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
    60000,
    '1m0s',
  ),
  quiet: boolean('Only print output from the remote session', false, { short: 'q' }),
  stdin: boolean('Pass stdin to the container', false, { short: 'i' }),
  tty: boolean('Stdin is a TTY', false, { short: 't' }),
}

/** `kubectl attach`: attach to a running container. */
export const attach = defineCommand({
  name: 'attach',
  summary: 'Attach to a running container',
  description: 'Attach to a process that is already running inside an existing container.',
  examples: `  # Get output from running pod mypod; use the 'kubectl.kubernetes.io/default-container' annotation
  # for selecting the container to be attached or the first container in the pod will be chosen
  kubectl attach mypod

  # Get output from ruby-container from pod mypod
  kubectl attach mypod -c ruby-container

  # Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod
  # and sends stdout/stderr from 'bash' back to the client
  kubectl attach mypod -c ruby-container -i -t

  # Get output from the first pod of a replica set named nginx
  kubectl attach rs/nginx`,
  usage: '(POD | TYPE/NAME) -c CONTAINER',
  flags,
  complete: 'pods',
  async run(invocation) {
    const { args, flags, process } = invocation
    if (args.length === 0) throw new Failure('at least 1 argument is required for attach')
    if (args.length > 2)
      throw new Failure(
        `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
      )
    const pod = await chosenPod(invocation, args.join('/'), flags['pod-running-timeout'])
    const { phase = '' } = pod.status
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new Failure(`cannot attach a container in a completed pod; current phase is ${phase}`)
    const container = await chosenContainer(invocation, pod, flags.container, flags.quiet)
    const tty = flags.tty && process.stdin.terminal !== undefined
    if (flags.tty && !tty)
      await invocation.warn('Unable to use a TTY - input is not a terminal or the right kind of file')
    if (!flags.quiet) await tellAttached(invocation, flags.stdin)
    return attachTo(invocation, pod, container, { stdin: flags.stdin, tty })
  },
})
