import type { Check } from '#simulator/grading/check.ts'

const modules = import.meta.glob<{ default: readonly Check[] }>('/content/*/*/checks.ts')

/** The checks of a lesson by its folder: `03-service/01-a-name-that-stays`. */
export async function checksOf(folder: string): Promise<readonly Check[]> {
  const load = modules[`/content/${folder}/checks.ts`]
  if (!load) throw new Error(`content/${folder} has no checks.ts`)
  return (await load()).default
}
