import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'

/** Lets the user edit a text in their editor; gives the text back and where it was kept. */
export async function editText(
  process: Process,
  suffix: string,
  text: string,
  folder = '/tmp',
): Promise<{ text: string; path: string }> {
  const path = `${folder}/kubectl-edit-${process.kernel.random.fork(`${process.pid}`).below(4_000_000_000)}${suffix}`
  process.files.writeText(path, text, 0o600)
  const editor = process.env.get('KUBE_EDITOR') || process.env.get('EDITOR') || 'vi'
  const words = splitCommand(editor)
  // Editors with quotes or several words run in a shell, as kubectl does it.
  const status = /["'\\]/.test(editor)
    ? await process.call([process.env.get('SHELL') || '/bin/bash', '-c', `${editor} ${JSON.stringify(path)}`])
    : await process.call([...words, path])
  if (status !== 0)
    throw new Failure(
      status === 127 ? missing(editor) : `there was a problem with the editor ${JSON.stringify(editor)}`,
    )
  return { text: process.files.readText(path), path }
}

function missing(editor: string): string {
  return `unable to launch the editor ${JSON.stringify(editor)}`
}

function splitCommand(editor: string): string[] {
  return editor.split(/\s+/).filter(Boolean)
}
