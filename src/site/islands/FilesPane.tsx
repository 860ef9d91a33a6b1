import { useEffect, useState } from 'react'
import type { Strings } from '../strings/en.ts'
import { labOf } from '../terminal/labClient.ts'
import type { LabFile } from '../terminal/protocol.ts'

/** The files of the working directory, to read and to change. */
export function FilesPane({ lesson, files, words }: { lesson: string; files: readonly LabFile[]; words: Strings }) {
  const [path, setPath] = useState<string>()
  const [draft, setDraft] = useState<string>()
  const file = files.find(candidate => candidate.path === path) ?? files[0]
  const isChanged = draft !== undefined && draft !== file?.text

  // The shell may have changed the file that is shown: a draft without changes follows it.
  useEffect(() => {
    if (draft !== undefined && draft === file?.text) setDraft(undefined)
  }, [draft, file?.text])

  if (!file) return <p>{words.filesNone}</p>
  const save = () => labOf(lesson).send({ type: 'save', path: file.path, text: draft ?? file.text })
  return (
    <div className="files">
      <ul aria-label={words.filesTitle}>
        {files.map(candidate => (
          <li key={candidate.path}>
            <button
              type="button"
              aria-current={candidate.path === file.path}
              onClick={() => {
                setPath(candidate.path)
                setDraft(undefined)
              }}
            >
              {candidate.path}
            </button>
          </li>
        ))}
      </ul>
      <textarea
        aria-label={file.path}
        value={draft ?? file.text}
        spellCheck={false}
        onChange={event => setDraft(event.target.value)}
        onKeyDown={event => {
          if ((event.ctrlKey || event.metaKey) && event.key === 's') {
            event.preventDefault()
            save()
          }
        }}
      />
      <p>
        <button type="button" disabled={!isChanged} onClick={save}>
          {words.filesSave}
        </button>{' '}
        <span role="status">{isChanged ? words.filesChanged : words.filesSaved}</span>
      </p>
    </div>
  )
}
