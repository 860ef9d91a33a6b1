import type { Process } from '../../../machine/program.ts'

/** What the init container does: copies files to where the agent looks for them. */
export async function initialize(process: Process): Promise<number> {
  const words = process.argv.slice(2)
  const of = (flag: string) => words.flatMap((word, index) => (words[index - 1] === flag ? [word] : []))
  const targets = of('--destination')
  for (const [index, source] of of('--source').entries()) {
    const target = `${targets[index]}/${source.split('/').at(-1)}`
    process.files.writeText(target, process.files.readText(source))
    await process.stderr.write(
      `{"level":"info","msg":"Successfully copied file","source":"${source}","destination":"${target}"}\n`,
    )
  }
  return 0
}
