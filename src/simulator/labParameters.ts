import { Random } from './random.ts'

/** What may differ from learner to learner: by name, the values of which the seed chooses one. */
export type LabParameters = Readonly<Record<string, readonly string[]>>

/** The values that a seed chooses, by name. */
export function chosenValues(parameters: LabParameters, seed: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, choices]) => [name, new Random(`parameter ${name} ${seed}`).pick(choices)]),
  )
}

/** Puts values in the places that a text holds for them: `{{port}}`. Other braces stay as they are. */
export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{([a-z][\w-]*)\}\}/gi, (whole, name: string) => values[name] ?? whole)
}
