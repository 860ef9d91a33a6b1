import { defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { filename } from '../flags/files.ts'
import { boolean, duration, text } from '../flags/flag.ts'
import { chosenContainer } from '../streams/chosenContainer.ts'
import { chosenPod } from '../streams/chosenPod.ts'
import { joinStreams } from '../streams/remote.ts'
import { openSession } from '../streams/session.ts'

const flags = {
  filename: filename('to use to exec into the resource'),
  container: text(
    'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen',
    '',
    { short: 'c' },
  ),
  'pod-running-timeout': duration(
    'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
    60000,
    '1m0s',
  ),
  quiet: boolean('Only print output from the remote session', false, { short: 'q' }),
  stdin: boolean('Pass stdin to the container', false, { short: 'i' }),
  tty: boolean('Stdin is a TTY', false, { short: 't' }),
}

/** `kubectl exec`: execute a command in a container. */
export const exec = defineCommand({
  name: 'exec',
  summary: 'Execute a command in a container',
  description: 'Execute a command in a container.',
  examples: `  # Get output from running the 'date' command from pod mypod, using the first container by default
  kubectl exec mypod -- date

  # Get output from running the 'date' command in ruby-container from pod mypod
  kubectl exec mypod -c ruby-container -- date

  # Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod
  # and sends stdout/stderr from 'bash' back to the client
  kubectl exec mypod -c ruby-container -i -t -- bash -il

  # List contents of /usr from the first container of pod mypod and sort by modification time
  # If the command you want to execute in the pod has any flags in common (e.g. -i),
  # you must use two dashes (--) to separate your command's flags/arguments
  # Also note, do not surround your command and its flags/arguments with quotes
  # unless that is how you would execute it normally (i.e., do ls -t /usr, not "ls -t /usr")
  kubectl exec mypod -i -t -- ls -t /usr

  # Get output from running 'date' command from the first pod of the deployment mydeployment, using the first container by default
  kubectl exec deploy/mydeployment -- date

  # Get output from running 'date' command from the first pod of the service myservice, using the first container by default
  kubectl exec svc/myservice -- date`,
  usage: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  flags,
  complete: 'pods',
  async run(invocation) {
    const { args, argsBeforeDash, flags, process } = invocation
    const before = argsBeforeDash === undefined ? args : args.slice(0, argsBeforeDash)
    const command = argsBeforeDash === undefined ? args.slice(1) : args.slice(argsBeforeDash)
    if (argsBeforeDash === undefined && command.length > 0)
      throw invocation.usageError('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead')
    if (!before[0]) throw new Failure('pod, type/name or --filename must be specified')
    if (command.length === 0) throw new Failure('you must specify at least one command for the container')
    const pod = await chosenPod(invocation, before[0], flags['pod-running-timeout'])
    const { name, namespace } = pod.metadata
    const { phase = '' } = pod.status
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new Failure(`cannot exec into a container in a completed pod; current phase is ${phase}`)
    const container = await chosenContainer(invocation, pod, flags.container, flags.quiet)
    const hasTerminal = process.stdin.terminal !== undefined
    const tty = flags.tty && hasTerminal
    if (flags.tty && !hasTerminal)
      await invocation.warn('Unable to use a TTY - input is not a terminal or the right kind of file')
    const stream = await openSession(invocation, `/api/v1/namespaces/${namespace}/pods/${name}/exec`, {
      query: {
        container,
        ...(flags.stdin ? { stdin: 'true' } : {}),
        stdout: 'true',
        ...(tty ? { tty: 'true' } : { stderr: 'true' }),
      },
      repeated: { command },
    })
    return joinStreams(process, stream, { stdin: flags.stdin, tty })
  },
})
