import type { Command } from '../command.ts'
import type { CommandGroup } from '../flags/help.ts'
import { alpha } from './alpha.ts'
import { annotate } from './annotate.ts'
import { apiResources } from './apiResources.ts'
import { apiVersions } from './apiVersions.ts'
import { apply } from './apply.ts'
import { attach } from './attach.ts'
import { auth } from './auth.ts'
import { autoscale } from './autoscale.ts'
import { certificate } from './certificate.ts'
import { clusterInfo } from './clusterInfo.ts'
import { completion } from './completion.ts'
import { config } from './config.ts'
import { cordon } from './cordon.ts'
import { cp } from './cp.ts'
import { create } from './create.ts'
import { debug } from './debug.ts'
import { deleteObjects } from './delete.ts'
import { describe } from './describe.ts'
import { diff } from './diff.ts'
import { drain } from './drain.ts'
import { edit } from './edit.ts'
import { events } from './events.ts'
import { exec } from './exec.ts'
import { explain } from './explain.ts'
import { expose } from './expose.ts'
import { get } from './get.ts'
import { help } from './help.ts'
import { kuberc } from './kuberc.ts'
import { kustomize } from './kustomize.ts'
import { label } from './label.ts'
import { logs } from './logs.ts'
import { options } from './options.ts'
import { patch } from './patch.ts'
import { plugin } from './plugin.ts'
import { portForward } from './portForward.ts'
import { proxy } from './proxy.ts'
import { replace } from './replace.ts'
import { rollout } from './rollout.ts'
import { run } from './run.ts'
import { scale } from './scale.ts'
import { set } from './set.ts'
import { taint } from './taint.ts'
import { top } from './top.ts'
import { uncordon } from './uncordon.ts'
import { version } from './version.ts'
import { wait } from './wait.ts'

/** What kubectl says about itself. */
export const description = `kubectl controls the Kubernetes cluster manager.

 Find more information at: https://kubernetes.io/docs/reference/kubectl/`

/** The verbs as kubectl's first page groups them. */
export const commandGroups: readonly CommandGroup[] = [
  { heading: 'Basic Commands (Beginner):', commands: [create, expose, run, set] },
  { heading: 'Basic Commands (Intermediate):', commands: [explain, get, edit, deleteObjects] },
  { heading: 'Deploy Commands:', commands: [rollout, scale, autoscale] },
  {
    heading: 'Cluster Management Commands:',
    commands: [certificate, clusterInfo, top, cordon, uncordon, drain, taint],
  },
  {
    heading: 'Troubleshooting and Debugging Commands:',
    commands: [describe, logs, attach, exec, portForward, proxy, cp, auth, debug, events],
  },
  { heading: 'Advanced Commands:', commands: [diff, apply, patch, replace, wait, kustomize] },
  { heading: 'Settings Commands:', commands: [label, annotate, completion] },
  { heading: 'Subcommands provided by plugins:', commands: [] },
  { heading: 'Other Commands:', commands: [apiResources, apiVersions, config, kuberc, plugin, version] },
]

/** Every verb, those that no page lists included. */
export const commands: readonly Command[] = [...commandGroups.flatMap(group => group.commands), alpha, help, options]
