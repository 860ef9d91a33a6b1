import Command from './Command.astro'
import Debrief from './Debrief.astro'
import Param from './Param.astro'
import Predict from './Predict.astro'
import Question from './Question.astro'
import Step from './Step.astro'

/** The components that a lesson's text may use. */
export const lessonComponents = { Command, Debrief, Param, Predict, Question, Step }
