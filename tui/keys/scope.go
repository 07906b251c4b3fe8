package keys

// Scope is a set of places where an action's keys work: on a page, or in an overlay.
type Scope uint16

const (
	OnPage   Scope = 1 << iota
	InDetail       // the page of one driver
	InText         // help and other texts to scroll through
	InReport
	InDialog // a question
	InForm
	InPick   // a list to select from
	InPrompt // the line of a command, a filter or a file

	Reading = OnPage | InDetail | InText | InReport // keys are neither text nor answers
	Texts   = InText | InReport
	written = InForm | InPrompt // where characters are text
)

// Page is one of the console's full screens.
type Page int

const (
	PageLive Page = iota
	PageDrivers
	PageEvents
	PageHistory
	Pages
)

// PageNames are the pages' names, in their order.
var PageNames = [Pages]string{"Live", "Drivers", "Events", "History"}
