import { defineCommand } from '../../command.ts'
import { outputFlags } from '../../flags/printing.ts'
import { fileFlags } from '../../flags/files.ts'
import { all, selector } from '../../flags/selecting.ts'
import { dryRun, fieldManager, record } from '../../flags/changing.ts'
import { boolean } from '../../flags/flag.ts'

const flags = {
  ...outputFlags,
  ...fileFlags(),
  selector,
  all,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-set'),
  local: boolean('If true, set image will NOT contact api-server but run locally.'),
  record,
}

/** `kubectl set image`: update the image of a pod template. */
export const setImage = defineCommand({
  name: 'image',
  summary: 'Update the image of a pod template',
  description: `Update existing container image(s) of resources.

 Possible resources include (case insensitive):

        pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs)`,
  examples: `  # Set a deployment's nginx container image to 'nginx:1.9.1', and its busybox container image to 'busybox'
  kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1

  # Update all deployments' and rc's nginx container's image to 'nginx:1.9.1'
  kubectl set image deployments,rc nginx=nginx:1.9.1 --all

  # Update image of all containers of daemonset abc to 'nginx:1.9.1'
  kubectl set image daemonset abc *=nginx:1.9.1

  # Print result (in yaml format) of updating nginx container image from local file, without hitting the server
  kubectl set image -f path/to/file.yaml nginx=nginx:1.9.1 --local -o yaml`,
  usage: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  flags,
})
