import type { FileSystem } from '../../machine/files.ts'
import type { Program } from '../../machine/program.ts'

/** What a container registry offers under one name: which tags there are, and what a container of one finds inside. */
export interface Image {
  /** The full name: `docker.io/library/nginx`. */
  readonly repository: string
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
