import { FileError } from '../fileError.ts'
import type { Process, Program } from '../program.ts'

/** Editors that open a file in the editor of the page. */
export const vi = editorProgram('vi', 'a programmers text editor')
export const vim = editorProgram('vim', 'Vi IMproved, a programmers text editor')
export const nano = editorProgram('nano', "Nano's ANOther editor, inspired by Pico")

function editorProgram(name: string, summary: string): Program {
  return { name, summary, usage: '[FILE]', run: edit }
}

// Simplified: the options of real editors have no effect but to be passed over.
async function edit(process: Process): Promise<number> {
  const name = process.argv.slice(1).find(word => !word.startsWith('-') && !word.startsWith('+'))
  const editor = hookOf(process)
  if (!editor) {
    await process.stderr.write(`${process.argv[0]}: there is no editor here; use cat, sed or a here-document instead\n`)
    return 1
  }
  if (name === undefined) return process.fail('name a file to edit')
  const path = process.path(name)
  try {
    if (process.files.isDirectory(path)) throw new FileError('EISDIR', name)
    if (process.files.exists(path)) process.files.readText(path)
  } catch (error) {
    if (error instanceof FileError) return process.fail(`${name}: ${error.text}`)
    throw error
  }
  await process.wait<void>((wake, fail) => {
    editor(path).then(
      () => wake(),
      error => fail(error),
    )
  })
  return 0
}

/** A container is looked at through the node that it runs on. */
function hookOf({ machine }: Process): ((path: string) => Promise<void>) | undefined {
  return machine.editor
}
