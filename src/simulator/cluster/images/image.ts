import type { FileSystem } from '../../machine/files.ts'
import type { Program } from '../../machine/program.ts'
import { layRoot } from './layers/root.ts'

/** What a container registry offers under one name: which tags there are, and what a container of one finds inside. */
export interface Image {
  /** The full name: `docker.io/library/nginx`. */
  readonly repository: string
  /** Other full names of the same. */
  readonly mirrors?: readonly string[]
  hasTag(tag: string): boolean
  /** Bytes to download. */
  size(tag: string): number
  /** What a container runs when its pod says nothing else. */
  settings(tag: string): ImageSettings
  /** Puts the image's files into an empty file system. */
  build(files: FileSystem, tag: string, programs: Programs): void
}

/** The part of an image that is not files. */
export interface ImageSettings {
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  /** In the order of the image's layers; PATH is added when absent. */
  readonly environment?: Readonly<Record<string, string>>
  readonly workingDirectory?: string
  /** `1000`, `nginx`, `1000:1000`. */
  readonly user?: string
  /** What asks it to end, when that is not SIGTERM. */
  readonly stopSignal?: string
  readonly ports?: readonly string[]
}

/** Programs by name. */
export interface Programs {
  /** A shell command; throws when the list of programs lacks it. */
  command(name: string): Program
  /** All shell commands, sorted. */
  readonly commands: readonly string[]
  /** A program that belongs to this cluster, such as its API server; one that cannot start where there is none. */
  ofCluster(name: string): Program
}

/** Tags that are written out, as a predicate. */
export function anyOf(...tags: readonly string[]): (tag: string) => boolean {
  return tag => tags.includes(tag)
}

/** What the images of the cluster's own daemons have in common: one program and nothing else. */
export interface DaemonImage {
  readonly repository: string
  readonly tags: readonly string[]
  readonly size: number
  /** Where the program lies; its file name is its name. */
  readonly path: string
  readonly entrypoint?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly user?: string
}

/** An image that holds one program of the cluster. */
export function daemonImage(daemon: DaemonImage): Image {
  const { repository, path, size, entrypoint, environment, user } = daemon
  return {
    repository,
    hasTag: anyOf(...daemon.tags),
    size: () => size,
    settings: () => ({
      entrypoint: entrypoint ?? [path],
      ...(environment ? { environment } : {}),
      ...(user ? { user } : {}),
    }),
    build(files, _tag, programs) {
      layRoot(
        files,
        [{ name: 'nonroot', uid: 65532, home: '/home/nonroot' }],
        '/dev /etc /home /proc /run /sys /tmp /usr /var',
      )
      files.install(path, programs.ofCluster(path.slice(path.lastIndexOf('/') + 1)))
    },
  }
}
