import { defineCommand } from '../command.ts'
import { outputFlags } from '../flags/printing.ts'
import { filename, kustomize, recursive } from '../flags/files.ts'
import { dryRun, fieldManager, record, saveConfig } from '../flags/changing.ts'
import { deletionFlags, waitForDeletion } from '../flags/deleting.ts'
import { boolean, duration, repeated, text } from '../flags/flag.ts'

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
  attach: boolean("If true, wait for the Pod to start running, and then attach to the Pod as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true. With '--restart=Never' the exit code of the container process is returned."),
  command: boolean("If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default."),
  'detach-keys': text('Override the key sequence for detaching a container.', 'ctrl-p,ctrl-q'),
  env: repeated('Environment variables to set in the container.'),
  expose: boolean('If true, create a ClusterIP service associated with the pod.  Requires `--port`.'),
  image: text('The image for the container to run.'),
  'image-pull-policy': text('The image pull policy for the container.  If left empty, this value will not be specified by the client and defaulted by the server.'),
  labels: text('Comma separated labels to apply to the pod. Will override previous values.', '', { short: 'l' }),
  'leave-stdin-open': boolean('If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes. By default, stdin will be closed after the first attach completes.'),
  'override-type': text('The method used to override the generated object: json, merge, or strategic.', 'merge'),
  overrides: text('An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field.'),
  'pod-running-timeout': duration('The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running', 60000, '1m0s'),
  port: text('The port that this container exposes.'),
  privileged: boolean('If true, run the container in privileged mode.'),
  quiet: boolean('If true, suppress prompt messages.', false, { short: 'q' }),
  restart: text('The restart policy for this Pod.  Legal values [Always, OnFailure, Never].', 'Always'),
  rm: boolean("If true, delete the pod after it exits.  Only valid when attaching to the container, e.g. with '--attach' or with '-i/--stdin'."),
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
  usage: 'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  flags,
})
