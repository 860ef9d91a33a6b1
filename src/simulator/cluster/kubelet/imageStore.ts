import { fullName, type ImageReference, parseImageReference } from '../api/imageReference.ts'
import type { ImageCatalogue, StoredImage } from './imageCatalogue.ts'

/** The images that lie on one node. */
export class ImageStore {
  readonly #catalogue: ImageCatalogue
  readonly #images = new Map<string, StoredImage>()
  /** Called when an image has come. */
  onChange: () => void = () => {}

  constructor(catalogue: ImageCatalogue) {
    this.#catalogue = catalogue
  }

  /** The image of that name, if it is here. */
  find(reference: ImageReference): StoredImage | undefined {
    if (reference.digest)
      return [...this.#images.values()].find(
        each => each.repository === reference.repository && each.digest === reference.digest,
      )
    return this.#images.get(fullName(reference))
  }

  /** Asks the registry for an image without taking it yet; throws `PullError`. */
  lookUp(reference: ImageReference): StoredImage {
    return this.#catalogue.pull(reference)
  }

  add(image: StoredImage): void {
    this.#images.set(image.name, image)
    this.onChange()
  }

  /** Brings images that were on the node's disk before it was switched on. */
  preload(names: readonly string[]): void {
    for (const name of names) {
      const image = this.#catalogue.pull(parseImageReference(name))
      this.#images.set(image.name, image)
    }
  }

  /** The largest first, as node objects list them. */
  list(): StoredImage[] {
    return [...this.#images.values()].sort((one, other) => other.size - one.size)
  }
}
