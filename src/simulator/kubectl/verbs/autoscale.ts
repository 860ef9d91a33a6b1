import { defineCommand } from '../command.ts'
import { Failure, ServerFailure, withPrefix } from '../failure.ts'
import { dryRun, fieldManager, record, saveConfig } from '../flags/changing.ts'
import { fileFlags } from '../flags/files.ts'
import { integer, text } from '../flags/flag.ts'
import { outputFlags } from '../flags/printing.ts'
import type { Invocation } from '../invocation.ts'
import { withChangeCause } from '../objects/changeCause.ts'
import { dryRunOf, dryRunQuery, withDryRun } from '../objects/dryRun.ts'
import { lastApplied } from '../objects/lastApplied.ts'
import { Selection } from '../objects/selection.ts'
import { printerFor } from '../output/printer.ts'
import { goResource } from '../server/resource.ts'

const flags = {
  ...outputFlags,
  ...fileFlags('Filename, directory, or URL to files identifying the resource to autoscale.'),
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-autoscale'),
  'save-config': saveConfig,
  cpu: text(
    'Target CPU utilization over all the pods. When specified as a percentage (e.g."70%" for 70% of requested CPU) it will target average utilization. When specified as quantity (e.g."500m" for 500 milliCPU) it will target average value. Value without units is treated as a quantity with miliCPU being the unit (e.g."500" is "500m").',
  ),
  max: integer('The upper limit for the number of pods that can be set by the autoscaler. Required.', -1),
  memory: text(
    'Target memory utilization over all the pods. When specified  as a percentage (e.g."60%" for 60% of requested memory) it will target average utilization. When specified as quantity (e.g."200Mi" for 200 MiB, "1Gi" for 1 GiB) it will target average value. Value without units is treated as a quantity with mebibytes being the unit (e.g."200" is "200Mi").',
  ),
  min: integer(
    "The lower limit for the number of pods that can be set by the autoscaler. If it's not specified or negative, the server will apply a default value.",
    -1,
  ),
  name: text('The name for the newly created object. If not specified, the name of the input resource will be used.'),
  'cpu-percent': integer('The target average CPU utilization, in percent.', -1, {
    deprecated:
      "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
  }),
  record,
}

/** `kubectl autoscale`: auto-scale a deployment, replica set, stateful set, or replication controller. */
export const autoscale = defineCommand({
  name: 'autoscale',
  summary: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  description: `Creates an autoscaler that automatically chooses and sets the number of pods that run in a Kubernetes cluster. The command will attempt to use the autoscaling/v2 API first, in case of an error, it will fall back to autoscaling/v1 API.

 Looks up a deployment, replica set, stateful set, or replication controller by name and creates an autoscaler that uses the given resource as a reference. An autoscaler can automatically increase or decrease number of pods deployed within the system as needed.`,
  examples: `  # Auto scale a deployment "foo", with the number of pods between 2 and 10, no target CPU utilization specified so a default autoscaling policy will be used
  kubectl autoscale deployment foo --min=2 --max=10

  # Auto scale a replication controller "foo", with the number of pods between 1 and 5, target CPU utilization at 80%
  kubectl autoscale rc foo --max=5 --cpu=80%

  # Auto scale a deployment "bar", with the number of pods between 3 and 6, target average CPU of 500m and memory of 200Mi
  kubectl autoscale deployment bar --min=3 --max=6 --cpu=500m --memory=200Mi

  # Auto scale a deployment "bar", with the number of pods between 2 and 8, target CPU utilization 60% and memory utilization 70%
  kubectl autoscale deployment bar --min=3 --max=6 --cpu=60% --memory=70%`,
  usage: '(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  flags,
  complete: { types: ['deployment', 'replicaset', 'replicationcontroller', 'statefulset'] },
  required: ['max'],
  async run(invocation) {
    invocation.config.check()
    const { flags, args, api } = invocation
    const dryRun = dryRunOf(flags)
    if (flags.max < 1) throw new Failure(`--max=MAXPODS is required and must be at least 1, max: ${flags.max}`)
    if (flags.max < flags.min) {
      throw new Failure(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${flags.max}, min: ${flags.min}`)
    }
    const metrics = metricsOf(invocation)
    const selection = await Selection.of(invocation, {
      args,
      filenames: flags.filename,
      kustomize: flags.kustomize,
      isRecursive: flags.recursive,
    })
    let count = 0
    await selection.each(async ({ resource, namespace, name }) => {
      count++
      if (!resource.subresources.includes('scale')) {
        throw new Failure(
          `cannot autoscale a ${resource.kind}: could not find scale subresource for ${goResource(resource)} in discovery information`,
        )
      }
      const object = {
        kind: 'HorizontalPodAutoscaler',
        apiVersion: 'autoscaling/v2',
        metadata: { name: flags.name || name },
        spec: {
          scaleTargetRef: {
            kind: resource.kind,
            name,
            apiVersion: resource.group ? `${resource.group}/${resource.version}` : resource.version,
          },
          ...(flags.min > 0 && { minReplicas: flags.min }),
          maxReplicas: flags.max,
          ...(metrics && { metrics }),
        },
        status: { desiredReplicas: 0, currentMetrics: null },
      }
      const caused = withChangeCause(invocation, object)
      const wanted = flags['save-config'] ? lastApplied.added(caused) : caused
      const operation = withDryRun('autoscaled', dryRun)
      if (dryRun === 'client') {
        return invocation.print(printerFor(invocation.process, flags, { operation, isTyped: true }).print(wanted))
      }
      const autoscalers = (await invocation.resources()).named('horizontalpodautoscalers.autoscaling')
      try {
        const created = await api.create(autoscalers, namespace, wanted, {
          fieldManager: flags['field-manager'],
          ...dryRunQuery(dryRun),
        })
        const shown = { ...created, apiVersion: 'autoscaling/v2' }
        await invocation.print(printerFor(invocation.process, flags, { operation }).print(shown))
      } catch (error) {
        if (!(error instanceof ServerFailure)) throw error
        // Then autoscaling/v1 is tried, which knows nothing but a share of the CPU.
        const reason = reasonAgainstVersion1(invocation)
        if (reason !== undefined) {
          throw new Failure(
            `failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ${reason}`,
          )
        }
        throw withPrefix(error, '')
      }
    })
    if (count === 0) throw new Failure('no objects passed to autoscale')
    return 0
  },
})

/** `--cpu=80%` means utilization, `--cpu=500m` an amount; `--memory` likewise. */
function metricsOf({ flags: given }: Invocation<typeof flags>): object[] | undefined {
  const wanted = [
    ['cpu', given['cpu-percent'] >= 0 ? `${given['cpu-percent']}%` : given.cpu],
    ['memory', given.memory],
  ] as const
  const metrics = wanted.flatMap(([name, text]) =>
    text ? [{ type: 'Resource', resource: { name, target: targetOf(name, text) } }] : [],
  )
  return metrics.length > 0 ? metrics : undefined
}

/** Why the older version of the API cannot take the metrics; undefined when it can. */
function reasonAgainstVersion1({ flags: given }: Invocation<typeof flags>): string | undefined {
  if (given['cpu-percent'] >= 0 || given.cpu.endsWith('%')) return undefined
  return given.cpu === '' ? 'empty input' : '%!w(<nil>)'
}

function targetOf(name: string, text: string): object {
  const percent = /^(\d+)%$/.exec(text)
  if (percent) return { type: 'Utilization', averageUtilization: Number(percent[1]) }
  if (!/^[0-9.]+[a-zA-Z]*$/.test(text)) throw new Failure(`invalid ${name} value: ${text}`)
  const unit = /^\d+$/.test(text) ? { cpu: 'm', memory: 'Mi' }[name] : ''
  return { type: 'AverageValue', averageValue: `${text}${unit}` }
}
