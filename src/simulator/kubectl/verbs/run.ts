import { imageNameProblem } from '../../cluster/api/imageReference.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import { defineCommand } from '../command.ts'
import { Failure, isNotFound } from '../failure.ts'
import { dryRun, fieldManager, record, saveConfig } from '../flags/changing.ts'
import { deletionFlags, waitForDeletion } from '../flags/deleting.ts'
import { filename, kustomize, recursive } from '../flags/files.ts'
import { boolean, duration, repeated, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import type { Invocation } from '../invocation.ts'
import { withChangeCause } from '../objects/changeCause.ts'
import { type CreationFlags, create, givenNamespace } from '../objects/create.ts'
import { deletionLine, sendDeletion } from '../objects/deletion.ts'
import { dryRunOf } from '../objects/dryRun.ts'
import { lastApplied } from '../objects/lastApplied.ts'
import { overridden } from '../objects/overrides.ts'
import { parseLabels } from '../objects/pairs.ts'
import { parseAtoi } from '../objects/servicePorts.ts'
import { documentSeparator } from '../output/yaml.ts'
import type { AnyObject } from '../server/object.ts'
import { bringToForeground, waitForEnd } from '../streams/foreground.ts'

const flags = {
  ...outputFlags,
  recursive: recursive(),
  kustomize: kustomize('a'),
  filename: filename('to use to replace the resource.'),
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-run'),
  'save-config': saveConfig,
  ...deletionFlags,
  wait: waitForDeletion,
  annotations: repeated('Annotations to apply to the pod.'),
  attach: boolean(
    "If true, wait for the Pod to start running, and then attach to the Pod as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true. With '--restart=Never' the exit code of the container process is returned.",
  ),
  command: boolean(
    "If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.",
  ),
  'detach-keys': text('Override the key sequence for detaching a container.', 'ctrl-p,ctrl-q'),
  env: repeated('Environment variables to set in the container.'),
  expose: boolean('If true, create a ClusterIP service associated with the pod.  Requires `--port`.'),
  image: text('The image for the container to run.'),
  'image-pull-policy': text(
    'The image pull policy for the container.  If left empty, this value will not be specified by the client and defaulted by the server.',
  ),
  labels: text('Comma separated labels to apply to the pod. Will override previous values.', '', { short: 'l' }),
  'leave-stdin-open': boolean(
    'If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes. By default, stdin will be closed after the first attach completes.',
  ),
  'override-type': text('The method used to override the generated object: json, merge, or strategic.', 'merge'),
  overrides: text(
    'An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field.',
  ),
  'pod-running-timeout': duration(
    'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
    60000,
    '1m0s',
  ),
  port: text('The port that this container exposes.'),
  privileged: boolean('If true, run the container in privileged mode.'),
  quiet: boolean('If true, suppress prompt messages.', false, { short: 'q' }),
  restart: text('The restart policy for this Pod.  Legal values [Always, OnFailure, Never].', 'Always'),
  rm: boolean(
    "If true, delete the pod after it exits.  Only valid when attaching to the container, e.g. with '--attach' or with '-i/--stdin'.",
  ),
  stdin: boolean('Keep stdin open on the container in the pod, even if nothing is attached.', false, { short: 'i' }),
  tty: boolean('Allocate a TTY for the container in the pod.', false, { short: 't' }),
  record,
}

/** `kubectl run`: run a particular image on the cluster. */
export const run = defineCommand({
  name: 'run',
  summary: 'Run a particular image on the cluster',
  description: 'Create and run a particular image in a pod.',
  examples: `  # Start a nginx pod
  kubectl run nginx --image=nginx

  # Start a hazelcast pod and let the container expose port 5701
  kubectl run hazelcast --image=hazelcast/hazelcast --port=5701

  # Start a hazelcast pod and set environment variables "DNS_DOMAIN=cluster" and "POD_NAMESPACE=default" in the container
  kubectl run hazelcast --image=hazelcast/hazelcast --env="DNS_DOMAIN=cluster" --env="POD_NAMESPACE=default"

  # Start a hazelcast pod and set labels "app=hazelcast" and "env=prod" in the container
  kubectl run hazelcast --image=hazelcast/hazelcast --labels="app=hazelcast,env=prod"

  # Dry run; print the corresponding API objects without creating them
  kubectl run nginx --image=nginx --dry-run=client

  # Start a nginx pod, but overload the spec with a partial set of values parsed from JSON
  kubectl run nginx --image=nginx --overrides='{ "apiVersion": "v1", "spec": { ... } }'

  # Start a busybox pod and keep it in the foreground, don't restart it if it exits
  kubectl run -i -t busybox --image=busybox --restart=Never

  # Start the nginx pod using the default command, but use custom arguments (arg1 .. argN) for that command
  kubectl run nginx --image=nginx -- <arg1> <arg2> ... <argN>

  # Start the nginx pod using a different command and custom arguments
  kubectl run nginx --image=nginx --command -- <cmd> <arg1> ... <argN>`,
  usage:
    'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  flags,
  required: ['image'],
  async run(invocation) {
    const { flags } = invocation
    invocation.config.check()
    checkFlags(invocation)
    const isAttached = attaches(invocation)
    const pod = podFor(invocation)
    const expose = async () => {
      if (flags.expose) await create(invocation, creation(invocation), { object: serviceFor(invocation, pod) })
    }
    if (!isAttached) {
      return create(invocation, creation(invocation), {
        object: pod,
        async followUp() {
          await expose()
          if (flags.expose && flags.output === 'yaml') await invocation.print(documentSeparator.repeat(2))
        },
      })
    }
    const made = await send(invocation, pod)
    await expose()
    try {
      await bringToForeground(invocation, made, {
        stdin: flags.stdin,
        tty: flags.tty,
        isQuiet: flags.quiet,
        timeout: flags['pod-running-timeout'],
      })
      if (flags['leave-stdin-open'] || made.spec.restartPolicy === 'Always') return
      // The removal is told before the failure is.
      await waitForEnd(invocation, made)
    } finally {
      if (flags.rm) await remove(invocation, made)
    }
  },
})

type Run = Invocation<typeof flags>

/** Whether the pod comes to the foreground: when it is asked for, or else when it is given input. */
function attaches(invocation: Run): boolean {
  const { flags } = invocation
  return invocation.has('attach') ? flags.attach : flags.stdin
}

function checkFlags(invocation: Run): void {
  const { args, flags } = invocation
  if (args.length === 0) throw invocation.usageError('NAME is required for run')
  if (flags['pod-running-timeout'] <= 0) throw invocation.usageError('--pod-running-timeout must be higher than zero')
  if (flags.image === '') throw new Failure('--image is required')
  const problem = imageNameProblem(flags.image)
  if (problem) throw new Failure(`Invalid image name "${flags.image}": ${problem}`)
  if (flags.tty && !flags.stdin) throw invocation.usageError('-i/--stdin is required for containers with -t/--tty=true')
  if (flags.expose && flags.port === '') throw invocation.usageError('--port must be set when exposing a service')
  if (!['Always', 'OnFailure', 'Never'].includes(flags.restart))
    throw invocation.usageError(`invalid restart policy: ${flags.restart}`)
  const isAttached = attaches(invocation)
  if (flags.rm && !isAttached) throw invocation.usageError('--rm should only be used for attached containers')
  if (isAttached && dryRunOf(flags) !== 'none')
    throw invocation.usageError(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    )
  const pullPolicy = flags['image-pull-policy']
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(pullPolicy))
    throw invocation.usageError(`invalid image pull policy: ${pullPolicy}`)
}

/** How the objects that need no attaching are made. */
function creation({ flags }: Run): CreationFlags {
  return { ...flags, validate: 'ignore' }
}

function podFor(invocation: Run): Pod & AnyObject {
  const { args, flags } = invocation
  const [name = '', ...words] = args
  const env = flags.env.map(each => {
    const [, key, value] = /^([-._a-zA-Z][-._a-zA-Z0-9]*)=(.*)$/s.exec(each) ?? []
    if (key === undefined || value === undefined) throw new Failure(`invalid env: ${each}`)
    return { name: key, ...(value !== '' && { value }) }
  })
  const annotations = flags.annotations.map(each => {
    const at = each.indexOf('=')
    if (at < 1) throw new Failure(`invalid annotations format: ${each}`)
    return [each.slice(0, at), each.slice(at + 1)] as const
  })
  const pod = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      ...givenNamespace(invocation),
      labels: flags.labels ? parseLabels(flags.labels) : { run: name },
      ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }),
    },
    spec: {
      containers: [
        {
          name,
          image: flags.image,
          ...(words.length > 0 && { [flags.command ? 'command' : 'args']: words }),
          ...(flags.port !== '' && { ports: [{ containerPort: parseAtoi(flags.port) }] }),
          ...(env.length > 0 && { env }),
          resources: {},
          ...(flags['image-pull-policy'] && { imagePullPolicy: flags['image-pull-policy'] }),
          ...(flags.privileged && { securityContext: { privileged: true } }),
          ...(flags.stdin && { stdin: true }),
          ...(flags.stdin && !flags['leave-stdin-open'] && { stdinOnce: true }),
          ...(flags.tty && { tty: true }),
        },
      ],
      restartPolicy: flags.restart,
      dnsPolicy: 'ClusterFirst',
    },
    status: {},
  }
  const wanted = overridden(pod as unknown as AnyObject, flags.overrides, flags['override-type'])
  return withChangeCause(invocation, wanted) as Pod & AnyObject
}

/** The Service of `--expose`: it has the pod's name and selects its labels. */
function serviceFor(invocation: Run, pod: Pod): AnyObject {
  const port = parseAtoi(invocation.flags.port)
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: {
      name: pod.metadata.name,
      ...givenNamespace(invocation),
      ...(invocation.flags.labels && { labels: parseLabels(invocation.flags.labels) }),
    },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector: pod.metadata.labels },
    status: { loadBalancer: {} },
  }
}

/** Creates the pod without a word. */
async function send(invocation: Run, pod: AnyObject): Promise<Pod> {
  const { api, flags } = invocation
  const resource = (await invocation.resources()).ofKind(pod.apiVersion, pod.kind)
  const namespace = pod.metadata.namespace ?? invocation.namespace
  const wanted = flags['save-config'] ? lastApplied.added(pod) : pod
  const made = await api.create(resource, namespace, wanted, { fieldManager: flags['field-manager'] })
  return made as unknown as Pod
}

/** Deletes what was made, and does not wait for its end. */
async function remove(invocation: Run, { metadata }: Pod): Promise<void> {
  const { flags } = invocation
  const resource = (await invocation.resources()).ofKind('v1', 'Pod')
  const reference = { resource, namespace: metadata.namespace, name: metadata.name }
  try {
    await sendDeletion(invocation, reference, flags)
  } catch (error) {
    if (isNotFound(error)) return
    throw error
  }
  if (!flags.quiet) await invocation.print(deletionLine(reference, flags.force, 'none'))
}
