import { defineCommand } from '../command.ts'
import { boolean, duration, text } from '../flags/flag.ts'

const flags = {
  container: text('Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen', '', { short: 'c' }),
  'detach-keys': text('Override the key sequence for detaching a container', 'ctrl-p,ctrl-q'),
  'pod-running-timeout': duration('The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running', 60000, '1m0s'),
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
})
