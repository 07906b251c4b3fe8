// Package exit has the exit codes of landfall and the errors that lead to them.
package exit

import (
	"errors"

	"landfall/node/report"
)

// Exit codes of `landfall run`. They are those of k6, so that scripts work with both.
const (
	Passed      = 0
	Failed      = 1
	Threshold   = 99
	Usage       = 104
	Interrupted = 105
	Aborted     = 108
)

// ErrInterrupted means that the run was canceled before it started.
var ErrInterrupted = errors.New("interrupted before the run started")

// UsageError is a mistake on the command line.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

func (e *UsageError) Unwrap() error { return e.Err }

// Code returns the exit code of `landfall run` for a report.
func Code(r *report.Report) int {
	switch {
	case r.Outcome == report.Aborted:
		return Aborted
	case r.Outcome == report.Interrupted:
		return Interrupted
	case r.Outcome == report.Passed || r.Outcome == report.Finished:
		return Passed
	case r.Crossed():
		return Threshold
	}
	return Failed
}
