package door

import "log/slog"

// worry says once that something went wrong, and again only when something else does. It is for callers with a lock.
type worry struct {
	log  *slog.Logger
	what string
	last string
}

// about notes how an attempt went; nil: well.
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
