package tui

// scope is where an action's keys work: on a page, or in what lies over it.
type scope uint16

const (
	onPage   scope = 1 << iota
	inDetail       // the page of one driver
	inText         // help and other texts to scroll through
	inReport
	inDialog // a question
	inForm
	inPrompt // the line of a command, a filter or a file

	reading = onPage | inDetail | inText | inReport // wherever keys are not text and nothing is asked
	texts   = inText | inReport
	written = inForm | inPrompt // where characters are text
)

// page is one of the console's full screens.
type page int

const (
	pageLive page = iota
	pageDrivers
	pageEvents
	pageHistory
	pages
)

var pageNames = [pages]string{"Live", "Drivers", "Events", "History"}
