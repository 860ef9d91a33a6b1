import { testChapter } from './testChapter.ts'

testChapter('07-diagnosis')
