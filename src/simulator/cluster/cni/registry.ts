import { bridge } from './bridge.ts'
import { flannel } from './flannel.ts'
import { none } from './none.ts'
import type { NetworkPlugin } from './plugin.ts'

/** The pod networks that a lab can choose. */
export const networkPlugins: readonly NetworkPlugin[] = [flannel, bridge, none]
