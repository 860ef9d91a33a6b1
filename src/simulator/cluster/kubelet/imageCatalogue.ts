import { makeDevices } from '../../machine/devices.ts'
import { FileSystem } from '../../machine/files.ts'
import type { DirectoryNode } from '../../machine/inode.ts'
import type { Kernel } from '../../machine/kernel.ts'
import type { User } from '../../machine/program.ts'
import { Users } from '../../machine/users.ts'
import { Random } from '../../random.ts'
import { fullName, type ImageReference } from '../api/imageReference.ts'
import { isElsewhere } from '../images/elsewhere.ts'
import type { Image, ImageSettings, Programs } from '../images/image.ts'

/** An image that a node can run. */
export interface StoredImage {
  /** `docker.io/library/nginx:1.27`. */
  readonly name: string
  readonly repository: string
  /** `sha256:…` of its manifest. */
  readonly digest: string
  readonly size: number
  readonly settings: ImageSettings
  readonly root: DirectoryNode
  /** The users that it knows. */
  readonly users: readonly User[]
}

// Where other registries keep the official images of Docker Hub.
const libraryMirror = /^(public\.ecr\.aws\/docker\/library|mirror\.gcr\.io\/library)\//

/** Why a registry does not give an image, in containerd's words. */
export class PullError extends Error {}

/** All images that registries offer to the cluster. What several nodes run is built once. */
export class ImageCatalogue {
  readonly #images: ReadonlyMap<string, Image>
  readonly #programs: Programs
  readonly #kernel: Kernel
  readonly #epoch: number
  readonly #nameserver: string
  readonly #built = new Map<string, StoredImage>()

  /** `nameserver` is whom the nodes ask where a registry is. */
  constructor(images: readonly Image[], programs: Programs, kernel: Kernel, epoch: number, nameserver: string) {
    this.#images = new Map(
      images.flatMap(image => [image.repository, ...(image.mirrors ?? [])].map(name => [name, image] as const)),
    )
    this.#programs = programs
    this.#kernel = kernel
    this.#epoch = epoch
    this.#nameserver = nameserver
  }

  /** What a registry gives for a name; throws `PullError`. */
  pull(reference: ImageReference): StoredImage {
    const name = fullName(reference)
    const image = this.#images.get(reference.repository.replace(libraryMirror, 'docker.io/library/'))
    const failed = `failed to pull and unpack image "${name}": failed to resolve reference "${name}"`
    if (!image && isElsewhere(reference.repository))
      throw new PullError(`${failed}: ${reference.repository} is not simulated here`)
    if (!image && reference.domain !== 'docker.io') {
      const [host] = reference.domain.split(':')
      const target = `https://${reference.domain}/v2/${reference.path}/manifests/${reference.digest ?? reference.tag ?? 'latest'}`
      throw new PullError(
        `${failed}: failed to do request: Head "${target}": dial tcp: lookup ${host} on ${this.#nameserver}:53: no such host`,
      )
    }
    if (!image)
      throw new PullError(
        `${failed}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
      )
    const tag = reference.tag ?? (reference.digest ? this.#tagOf(reference.repository, reference.digest) : 'latest')
    if (tag === undefined || !image.hasTag(tag))
      throw new PullError(`rpc error: code = NotFound desc = ${failed}: ${name}: not found`)
    return this.#build(image, reference.repository, tag)
  }

  /** Simplified: a digest is known when an image with that digest has been run before. */
  #tagOf(repository: string, digest: string): string | undefined {
    const found = [...this.#built.values()].find(each => each.repository === repository && each.digest === digest)
    return found?.name.slice(found.repository.length + 1)
  }

  #build(image: Image, repository: string, tag: string): StoredImage {
    const name = `${repository}:${tag}`
    const known = this.#built.get(name)
    if (known) return known
    const files = new FileSystem({ now: () => this.#epoch + this.#kernel.clock.now })
    image.build(files, tag, this.#programs)
    makeDevices(files, this.#kernel)
    const built = {
      name,
      repository,
      digest: `sha256:${new Random(name).hex(64)}`,
      size: image.size(tag),
      settings: image.settings(tag),
      users: new Users(files).all(),
      root: files.freeze(),
    }
    this.#built.set(name, built)
    return built
  }
}
