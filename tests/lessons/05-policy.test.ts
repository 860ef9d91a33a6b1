import { testChapter } from './testChapter.ts'

testChapter('05-policy')
