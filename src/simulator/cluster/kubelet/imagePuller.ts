import type { Container } from 'kubernetes-types/core/v1'
import type { Clock } from '../../clock.ts'
import type { Random } from '../../random.ts'
import { type ImageReference, InvalidImageName, parseImageReference } from '../api/imageReference.ts'
import type { EventRecorder, ObjectReference } from '../eventRecorder.ts'
import { BackOff } from './backOff.ts'
import { PullError, type StoredImage } from './imageCatalogue.ts'
import type { ImageStore } from './imageStore.ts'
import type { Steps } from './steps.ts'

/** Why a container waits: what its status shows, and what the event adds to `Error: `. */
export interface WaitingReason {
  readonly reason: string
  readonly message: string
  /** Milliseconds until it is worth another try, when that is known. */
  readonly remaining?: number
}

// A registry nearby: how long it takes to answer, and bytes a millisecond.
const answerTime = 350
const bandwidth = 45_000

/** Brings images to one node, one after the other, and waits longer after each failure. */
export class ImagePuller {
  readonly #clock: Clock
  readonly #random: Random
  readonly #store: ImageStore
  readonly #record: EventRecorder
  readonly #failures: BackOff
  readonly #messages = new Map<string, string>()
  readonly #queue: (() => void)[] = []
  #isBusy = false

  constructor(clock: Clock, random: Random, store: ImageStore, record: EventRecorder) {
    this.#clock = clock
    this.#random = random
    this.#store = store
    this.#record = record
    this.#failures = new BackOff(clock)
  }

  /** Sees to it that a container's image is here, as its pull policy says (images/image_manager.go). */
  *ensure(container: Container, about: ObjectReference): Steps<StoredImage | WaitingReason> {
    const name = container.image ?? ''
    let reference: ImageReference
    try {
      reference = parseImageReference(name)
    } catch (error) {
      if (!(error instanceof InvalidImageName)) throw error
      const message = `Failed to apply default image tag "${name}": couldn't parse image name "${name}": ${error.message}`
      this.#record(about, 'Warning', 'InspectFailed', message)
      return { reason: 'InvalidImageName', message }
    }
    const present = this.#store.find(reference)
    const policy =
      container.imagePullPolicy ??
      (reference.tag === undefined || reference.tag === 'latest' ? 'Always' : 'IfNotPresent')
    if (present && policy !== 'Always') {
      const message = `Container image "${name}" already present on machine and can be accessed by the pod`
      this.#record(about, 'Normal', 'Pulled', message)
      return present
    }
    if (policy === 'Never') {
      const message = `Container image "${name}" is not present with pull policy of Never`
      this.#record(about, 'Warning', 'ErrImageNeverPull', message)
      return { reason: 'ErrImageNeverPull', message }
    }
    const key = `${about.uid}_${name}`
    if (this.#failures.remaining(key) > 0) {
      const message = `Back-off pulling image "${name}"`
      this.#record(about, 'Normal', 'BackOff', message)
      return { reason: 'ImagePullBackOff', message: `${message}: ${this.#messages.get(key) ?? 'ErrImagePull'}` }
    }
    this.#record(about, 'Normal', 'Pulling', `Pulling image "${name}"`)
    const asked = this.#clock.now
    yield* this.#turn()
    const began = this.#clock.now
    try {
      yield answerTime + this.#random.below(answerTime)
      const image = this.#store.lookUp(reference)
      // Whoever waited in line may find that another pod has brought it meanwhile.
      if (!this.#store.find(reference)) yield Math.ceil(image.size / bandwidth)
      this.#store.add(image)
      const [took, waited] = [seconds(this.#clock.now - began), seconds(this.#clock.now - asked)]
      this.#record(
        about,
        'Normal',
        'Pulled',
        `Successfully pulled image "${name}" in ${took} (${waited} including waiting). Image size: ${image.size} bytes.`,
      )
      return image
    } catch (error) {
      if (!(error instanceof PullError)) throw error
      this.#record(about, 'Warning', 'Failed', `Failed to pull image "${name}": ${error.message}`)
      this.#failures.next(key, this.#clock.now)
      this.#messages.set(key, `ErrImagePull: ${error.message}`)
      return { reason: 'ErrImagePull', message: error.message }
    } finally {
      this.#isBusy = false
      this.#queue.shift()?.()
    }
  }

  /** Waits for those who asked before. */
  *#turn(): Steps {
    if (this.#isBusy) yield resume => void this.#queue.push(resume)
    this.#isBusy = true
  }
}

/** A duration as Go prints it, in milliseconds: `812ms`, `1.412s`, `1m2.5s`. */
function seconds(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds}ms`
  const minutes = Math.floor(milliseconds / 60_000)
  return `${minutes > 0 ? `${minutes}m` : ''}${Number(((milliseconds % 60_000) / 1000).toFixed(3))}s`
}
