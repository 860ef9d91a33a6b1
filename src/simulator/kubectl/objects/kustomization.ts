import type { Process } from '../../machine/program.ts'
import { type BuildOptions, buildKustomization } from '../kustomize/build.ts'
import type { ManifestSource } from './files.ts'

/** The manifests that a kustomization folder makes. */
export function kustomizationSource(
  process: Process,
  folder: string,
  options: Omit<BuildOptions, 'warn'> = {},
): ManifestSource {
  return {
    name: folder,
    async read() {
      const warnings: string[] = []
      try {
        return buildKustomization(process, folder, { ...options, warn: line => warnings.push(line) })
      } finally {
        for (const line of warnings) await process.stderr.write(`${line}\n`)
      }
    },
  }
}
