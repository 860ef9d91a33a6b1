import { flannel as executable } from './flannel/executable.ts'
import { flanneld } from './flannel/flanneld.ts'
import { flannelImages } from './flannel/images.ts'
import type { NetworkPlugin } from './plugin.ts'

/**
 * No pod network: nodes stay NotReady and their pods wait. Nothing of flannel is installed, yet its images can be
 * pulled, so that its manifest may be applied.
 */
export const none: NetworkPlugin = {
  name: 'none',
  summary: 'No pod network at all: nodes are NotReady, and pods wait for an address.',
  images: flannelImages,
  executables: [executable],
  programs: control => new Map([['flanneld', flanneld(control)]]),
}
