import { load } from 'js-yaml'
import type { PodSpec } from 'kubernetes-types/core/v1'
import { FileError } from '../../../machine/fileError.ts'
import type { Process } from '../../../machine/program.ts'

/** What storage classes call the provisioner. */
export const provisionerName = 'rancher.io/local-path'

/** The configuration as the files of its ConfigMap give it. */
export interface Settings {
  /** Where a node's volumes lie; undefined for nodes that have no place for any. */
  directoryOn(nodeName: string): string | undefined
  /** What makes and removes directories. */
  readonly helper: PodSpec
}

const anyNode = 'DEFAULT_PATH_FOR_NON_LISTED_NODES'

/** Reads the files that the provisioner's arguments name; throws `Error` with what is wrong with them. */
export function readSettings(process: Process): Settings {
  const at = process.argv.indexOf('--config')
  const file = at < 0 ? '/etc/config/config.json' : (process.argv[at + 1] ?? '')
  const folder = file.slice(0, file.lastIndexOf('/'))
  const config = JSON.parse(read(process, file)) as { nodePathMap?: { node: string; paths: string[] }[] }
  const helper = load(read(process, `${folder}/helperPod.yaml`)) as { spec: PodSpec }
  const paths = new Map((config.nodePathMap ?? []).map(({ node, paths }) => [node, paths[0]]))
  return {
    directoryOn: nodeName => (paths.has(nodeName) ? paths.get(nodeName) : paths.get(anyNode)),
    helper: helper.spec,
  }
}

function read(process: Process, path: string): string {
  try {
    return process.files.readText(path)
  } catch (error) {
    if (error instanceof FileError) throw new Error(`fail to load config file ${path}: ${error.text.toLowerCase()}`)
    throw error
  }
}
