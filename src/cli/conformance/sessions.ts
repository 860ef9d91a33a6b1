import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type Comparison, compareTranscripts } from '../canonical.ts'
import { readFolder } from '../content.ts'
import { labOfTranscript, playFresh, recordedSeed } from '../play.ts'
import { parseTranscript } from '../transcript.ts'

/** Recorded sessions below a folder by their paths relative to it; the folders beside them hold their files. */
export function sessionsIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.txt') && !/(^|[\\/])files[^\\/]*[\\/]/.test(path))
    .map(path => relative(root, join(root, path)).replaceAll('\\', '/'))
    .sort()
}

/** Plays a recorded session in a fresh lab and compares every answer. */
export async function compareSession(file: string): Promise<Comparison[]> {
  const recorded = parseTranscript(readFileSync(file, 'utf8'))
  const files = recorded.files ? readFolder(join(dirname(file), recorded.files)) : {}
  try {
    const { played } = await playFresh(recorded, labOfTranscript(recorded, files), recordedSeed)
    return compareTranscripts(recorded, played)
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : error}`)
    return compareTranscripts(recorded, { ...recorded, steps: [] })
  }
}
