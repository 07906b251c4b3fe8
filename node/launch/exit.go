// Package exit has the exit codes of landfall and the errors that lead to them.
package launch

import (
	"errors"
	"landfall/node/report"
)

// Exit codes of `landfall run`; users of k6 script against the same ones.
const (
	ExitPassed      = 0
	ExitFailed      = 1
	ExitThreshold   = 99
	ExitUsage       = 104
	ExitInterrupted = 105
	ExitAborted     = 108
)

// ErrInterrupted says that the run was given up before it had started.
var ErrInterrupted = errors.New("interrupted before the run started")

// UsageError is what whoever typed the command did wrong.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

func (e *UsageError) Unwrap() error { return e.Err }

// ExitCode is what `landfall run` exits with for a report.
func ExitCode(r *report.Report) int {
	switch {
	case r.Outcome == report.Aborted:
		return ExitAborted
	case r.Outcome == report.Interrupted:
		return ExitInterrupted
	case r.Outcome == report.Passed || r.Outcome == report.Finished:
		return ExitPassed
	case r.Crossed():
		return ExitThreshold
	}
	return ExitFailed
}
