import { type Check, fail, pass, type Words } from './check.ts'

/** A file of the workstation holds the word that the seed chose for a parameter; `wrong` tells of another one. */
export function fileNames(file: string, parameter: string, wrong: Words): Check['probe'] {
  return async world => {
    const { stdout, status } = await world.run(`cat ${file}`)
    if (status !== 0) return fail({ ko: `아직 ${file} 파일이 없어요.`, en: `There is no file ${file} yet.` })
    const named = stdout.trim()
    return named === world.parameters[parameter] ? pass(named) : fail(wrong, named)
  }
}
