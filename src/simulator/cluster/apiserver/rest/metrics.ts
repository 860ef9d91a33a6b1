import type { Storage } from '../storage.ts'
import { version } from './unversioned.ts'

/**
 * What the server measures of itself, as Prometheus reads it.
 * Simplified: only its version and how much is stored.
 */
export function metricsOf(storage: Storage): string {
  const { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform } = version
  const build = {
    build_date: buildDate,
    compiler,
    git_commit: gitCommit,
    git_tree_state: gitTreeState,
    git_version: gitVersion,
    go_version: goVersion,
    major,
    minor,
    platform,
  }
  const objects = storage.kinds
    .filter(kind => !kind.view)
    .map(kind => ({ labels: { group: kind.group, resource: kind.plural }, value: storage.collection(kind).size }))
    .sort((a, b) => (key(a.labels) < key(b.labels) ? -1 : 1))
  return [
    ...family(
      'apiserver_resource_objects',
      '[ALPHA] Number of stored objects at the time of last check split by kind.',
      objects,
    ),
    ...family(
      'kubernetes_build_info',
      "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      [{ labels: build, value: 1 }],
    ),
    '',
  ].join('\n')
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

function family(name: string, help: string, samples: readonly Sample[]): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...samples.map(({ labels, value }) => `${name}{${key(labels)}} ${value}`),
  ]
}

function key(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')
}
