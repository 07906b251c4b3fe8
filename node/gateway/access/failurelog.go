package access

import "log/slog"

// failureLog logs an error once, and again only after a different one or a success. The caller must hold a lock.
type failureLog struct {
	log  *slog.Logger
	what string
	last string
}

// record records the result of an attempt, and logs a new error.
func (l *failureLog) record(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != "" && text != l.last {
		l.log.Warn(l.what, "error", text)
	}
	l.last = text
}
