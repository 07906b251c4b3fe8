package door

import "log/slog"

// worry logs an error once, and again only after a different one or a success. The caller must hold a lock.
type worry struct {
	log  *slog.Logger
	what string
	last string
}

// about records the result of an attempt, and logs a new error.
func (w *worry) about(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != "" && text != w.last {
		w.log.Warn(w.what, "error", text)
	}
	w.last = text
}
