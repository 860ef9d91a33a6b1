import { testChapter } from './testChapter.ts'

testChapter('00-getting-around')
