import { testChapter } from './testChapter.ts'

testChapter('06-mesh')
